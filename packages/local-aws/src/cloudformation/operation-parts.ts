import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { ChangeSets } from './change-sets.ts';
import type { Running } from './running.ts';
import type { StackEngine } from './stack.ts';
import type { StackList } from './stack-list.ts';
import type { RequestSources } from './stack-request.ts';

/** What the operations of CloudFormation's API share. */
export interface OperationParts extends RequestSources {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'uuid'>;
  /** Called at each use: the engine starts after the endpoint. */
  readonly engine: () => StackEngine;
  readonly stacks: StackList;
  readonly changeSets: ChangeSets;
  readonly running: Running;
}
