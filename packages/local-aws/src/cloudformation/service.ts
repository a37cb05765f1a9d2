import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { ResourceType } from '../assembly/resource-type.ts';
import type { LocalService } from '../gateway/local-service.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import type { ParameterStore } from '../ssm/parameter-store.ts';
import { changeSetOperations } from './change-set-operations.ts';
import { ChangeSets } from './change-sets.ts';
import { descriptionOperations } from './description-operations.ts';
import type { OperationParts } from './operation-parts.ts';
import { Running } from './running.ts';
import type { StackEngine } from './stack.ts';
import { StackList } from './stack-list.ts';
import { stackOperations } from './stack-operations.ts';
import { templateOperations } from './template-operations.ts';
import { typeOperations } from './type-operations.ts';

/** What CloudFormation's API stands on. */
export interface CloudFormationOptions extends Pick<RuntimeContext, 'clock' | 'random'> {
  /** Called at each use: the engine starts after the endpoint. */
  engine(): StackEngine;
  /** Reads templates from buckets. Called at each use. */
  clients(): AwsClients;
  readonly parameters: Pick<ParameterStore, 'get'>;
  readonly types: ReadonlyMap<string, ResourceType>;
  /** Makes a parameter that the endpoint brings along, if it is one. */
  provideParameter?(name: string): Promise<void>;
  /** Called with one line for an operation that ended by a defect. */
  log(line: string): void;
}

/**
 * CloudFormation's API: stacks, change sets, events, templates. All of it is a client of the {@link StackEngine}, as
 * the runtime's loading of its own app is (ADR 0057). docs/feature-support.md lists the operations.
 */
export function createCloudFormationService(options: CloudFormationOptions): LocalService {
  const parts: OperationParts = {
    ...options,
    stacks: new StackList(options.engine),
    changeSets: new ChangeSets(),
    running: new Running(options),
  };
  return {
    signingName: 'cloudformation',
    operations: {
      ...changeSetOperations(parts),
      ...stackOperations(parts),
      ...descriptionOperations(parts),
      ...templateOperations(parts),
      ...typeOperations(options.types),
    },
  };
}
