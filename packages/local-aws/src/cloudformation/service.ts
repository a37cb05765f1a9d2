import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService } from '../gateway/local-service.ts';

/** A stack that runs here, as its template and its resources say. */
export interface PublishedStack {
  name: string;
  /** When it was loaded. */
  createdAt: Date;
  description?: string;
  outputs: readonly PublishedOutput[];
  parameters?: readonly { key: string; value: string }[];
  tags?: Readonly<Record<string, string>>;
}

export interface PublishedOutput {
  key: string;
  value: string;
  description?: string;
  exportName?: string;
}

export interface CloudFormationService extends LocalService {
  /** Makes a stack visible to DescribeStacks; one of the same name is replaced. */
  publish(stack: PublishedStack): void;
}

const describeStacksInput = z.strictObject({
  StackName: z.string().min(1).optional(),
  NextToken: z.string().optional(),
});

/**
 * CloudFormation as far as tools need it to find the names of things: DescribeStacks of the stacks the loader has
 * published. Nothing can be created through it.
 */
export function createCloudFormationService(): CloudFormationService {
  const stacks = new Map<string, PublishedStack>();
  return {
    signingName: 'cloudformation',
    publish: (stack) => void stacks.set(stack.name, stack),
    operations: {
      /**
       * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html: by name or id, or
       * all.
       */
      DescribeStacks: async (input, context) => {
        const parsed = describeStacksInput.safeParse(input);
        if (!parsed.success) throw new AwsError('ValidationError', z.prettifyError(parsed.error));
        const { StackName: wanted } = parsed.data;
        const id = (stack: PublishedStack): string =>
          `arn:aws:cloudformation:${context.region}:${context.accountId}:stack/${stack.name}/local`;
        const found = [...stacks.values()].filter(
          (stack) => wanted === undefined || wanted === stack.name || wanted === id(stack),
        );
        if (wanted !== undefined && found.length === 0) {
          throw new AwsError('ValidationError', `Stack with id ${wanted} does not exist`);
        }
        return { Stacks: found.map((stack) => describe(stack, id(stack))) };
      },
    },
  };
}

function describe(stack: PublishedStack, id: string): object {
  return {
    StackId: id,
    StackName: stack.name,
    Description: stack.description,
    Parameters: (stack.parameters ?? []).map(({ key, value }) => ({ ParameterKey: key, ParameterValue: value })),
    CreationTime: stack.createdAt,
    StackStatus: 'CREATE_COMPLETE',
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: [],
    Outputs: stack.outputs.map((output) => ({
      OutputKey: output.key,
      OutputValue: output.value,
      Description: output.description,
      ExportName: output.exportName,
    })),
    Tags: Object.entries(stack.tags ?? {}).map(([key, value]) => ({ Key: key, Value: value })),
  };
}
