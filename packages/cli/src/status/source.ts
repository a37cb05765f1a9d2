import type { Clock } from '@tweet-pipes/kit/clock';
import type { StackPlace } from '../stack/find-stack.ts';

/** What a status is read from. */
export interface StatusSource extends StackPlace {
  readonly clock: Clock;
}
