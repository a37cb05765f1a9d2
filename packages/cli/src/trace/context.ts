import type { NotKnown } from '@tweet-pipes/console/journey';
import { sentence } from '@tweet-pipes/kit/thrown';
import type { RecoveryContext } from '../recovery/context.ts';

/** What a trace reads from. */
export interface TraceContext extends RecoveryContext {
  /** Bucket of the lake; undefined when it is not there. */
  lakeBucket: string | undefined;
  /** How far back the stream is searched, epoch milliseconds; undefined: all of it. */
  sinceMs: number | undefined;
  /** Told how many records of the stream have been read. */
  onProgress?(records: number): void;
}

/** What readers could not find out, and where they looked. */
export class Search {
  readonly notKnown: NotKnown[] = [];
  readonly looked: string[] = [];

  /** Reads in one place. A failure there is not known, and does not end the others. */
  async in<T>(place: string, what: string, otherwise: T, read: () => Promise<T>): Promise<T> {
    this.looked.push(place);
    try {
      return await read();
    } catch (error) {
      const remedy = 'Repair that, and trace it again.';
      this.notKnown.push({ what, why: `${place}: ${sentence(error).replace(/\.$/, '')}`, do: remedy });
      return otherwise;
    }
  }
}
