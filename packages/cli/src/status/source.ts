import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { StackNames } from '../stack/stack-names.ts';

/** What a status is read from. */
export interface StatusSource {
  readonly clients: AwsClients;
  /** The endpoint; undefined for AWS itself. */
  readonly endpoint: string | undefined;
  readonly stacks: Pick<StackNames, 'stack' | 'lakeStack' | 'salesStack'> & Partial<Pick<StackNames, 'isCoreNamed'>>;
  readonly clock: Clock;
}
