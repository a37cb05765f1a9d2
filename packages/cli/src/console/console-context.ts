import type { CallCosts } from '@tweet-pipes/console/call-costs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { FoundStack } from '../stack/find-stack.ts';

/** What the page's server looks at, for its handlers. */
export interface ConsoleContext {
  readonly clients: AwsClients;
  /**
   * For what is read again and again: few attempts and a short limit, so that a service that is throttled or slow is
   * soon "not known", and does not hold up what the others say. Default: `clients`.
   */
  readonly statusClients?: AwsClients;
  readonly clock: Clock;
  /** `local`: the runtime on this machine, at `endpoint`. `aws`: a deployed stack. */
  readonly place: 'local' | 'aws';
  readonly endpoint?: string;
  readonly region: string;
  /** The stacks that are there, with their outputs. The core first, if it is there. */
  readonly stacks: readonly Pick<FoundStack, 'name' | 'outputs'>[];
  /** What the console's own calls cost, where AWS bills them. */
  callCosts?(): CallCosts;
}
