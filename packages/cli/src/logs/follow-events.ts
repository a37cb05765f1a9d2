import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { readEvents, type Selection, type SourceEvent } from './read-events.ts';

/** Events can come this much later than their time says. AWS delivers most within seconds. */
const lateMs = 30_000;

/** How to follow. */
export interface FollowOptions {
  readonly clients: Pick<AwsClients, 'observation'>;
  readonly selections: readonly Selection[];
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  /** Between two looks. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Gets a sentence for each log group that does not exist at the first look. */
  readonly onMissing?: (message: string) => void;
}

/** The events from a time on, then new ones as they come, until the signal aborts. Throws the SDK's errors. */
export async function* followEvents(options: FollowOptions): AsyncGenerator<SourceEvent> {
  const { clients, selections, everyMs, clock, signal } = options;
  /** When each event of the last half minute was, by its id. */
  const seen = new Map<string, number>();
  let { fromMs, onMissing } = options;
  while (!signal.aborted) {
    const startMs = clock.now();
    for await (const event of readEvents(clients, selections, { fromMs, onMissing })) {
      if (signal.aborted) return;
      if (seen.has(event.id)) continue;
      seen.set(event.id, event.atMs);
      yield event;
    }
    onMissing = undefined;
    fromMs = Math.max(fromMs, startMs - lateMs);
    for (const [id, atMs] of seen) if (atMs < fromMs) seen.delete(id);
    await clock.sleep(everyMs, signal);
  }
}
