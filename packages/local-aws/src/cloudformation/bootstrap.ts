import type { ParameterStore } from '../ssm/parameter-store.ts';
import type { StackEngine } from './stack.ts';

/** The CDK reads it before it deploys anything. */
const VERSION_PARAMETER = '/cdk-bootstrap/hnb659fds/version';
const STACK_NAME = 'CDKToolkit';

/**
 * The version that the stack claims. The CDK deploys from version 6 on, and rolls back from 23 on. `cdk bootstrap`
 * replaces an older version only. https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
const VERSION = '23';

/** The part of the CDK's bootstrap stack that a deployment uses, with its logical ids and names. */
const template = {
  Description:
    'The bucket and the version that cdk deploy asks for. The local endpoint made them; cdk bootstrap takes them over.',
  Resources: {
    StagingBucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: { 'Fn::Join': ['-', ['cdk-hnb659fds-assets', { Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }]] },
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    },
    CdkBootstrapVersion: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', Name: VERSION_PARAMETER, Value: VERSION },
    },
  },
  Outputs: {
    BucketName: { Value: { Ref: 'StagingBucket' } },
    BucketDomainName: { Value: { 'Fn::GetAtt': ['StagingBucket', 'RegionalDomainName'] } },
    BootstrapVersion: { Value: VERSION },
  },
};

/** What the bootstrap stack is made with. */
export interface BootstrapOptions {
  /** Called when the stack is needed. */
  engine(): StackEngine;
  readonly parameters: Pick<ParameterStore, 'get'>;
}

/**
 * Bootstraps the endpoint for the CDK by itself: the stack `CDKToolkit` is created when its version is first asked for,
 * so `cdk deploy` works without `cdk bootstrap`. An endpoint that the CDK never asks has no such stack (ADR 0057).
 */
export class Bootstrap {
  readonly #options: BootstrapOptions;
  #making: Promise<void> | undefined;

  constructor(options: BootstrapOptions) {
    this.#options = options;
  }

  /** Makes the parameter of this name, if it is the version of the bootstrap stack and there is no such stack. */
  async provide(parameterName: string): Promise<void> {
    if (parameterName !== VERSION_PARAMETER) return;
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
    await this.#making;
  }

  async #make(): Promise<void> {
    const { engine, parameters } = this.#options;
    if (parameters.get(VERSION_PARAMETER) !== undefined || engine().find(STACK_NAME) !== undefined) return;
    // A bucket that an earlier bootstrap stack has left behind is taken over.
    const input = { name: STACK_NAME, templateText: JSON.stringify(template, undefined, 2), adopt: true };
    await (await engine().deploy(input)).done;
  }
}
