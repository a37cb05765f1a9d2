import type { PutRecordsCommand, PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';

import type { Clock } from '@tweet-pipes/kit/clock';
import type { PutsRecords } from '@tweet-pipes/producer/kinesis-sink';

/** What the stream does with one record of a call. */
export type Verdict = 'store' | 'throttle' | 'fail';

/** A stream in memory. `verdict` decides about each record; `before` may throw the error of a whole call. */
export class FakeKinesis implements PutsRecords {
  readonly stored: { partitionKey: string; data: string }[] = [];
  readonly calls: { records: number; bytes: number }[] = [];
  /** Keys that were in flight twice at a time; must stay empty. */
  readonly overlaps: string[] = [];
  mostCallsInFlight = 0;
  before: () => Promise<void> = () => Promise.resolve();
  verdict: (data: string) => Verdict = () => 'store';
  readonly #keysInFlight = new Map<string, number>();
  #callsInFlight = 0;

  async send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput> {
    const entries = (command.input.Records ?? []).map(({ PartitionKey = '', Data = new Uint8Array() }) => ({
      partitionKey: PartitionKey,
      data: Buffer.from(Data).toString(),
    }));
    this.#enter(entries.map(({ partitionKey }) => partitionKey));
    try {
      await this.before();
      for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      this.calls.push({ records: entries.length, bytes: entries.reduce((sum, { data }) => sum + data.length, 0) });
      return { $metadata: {}, Records: entries.map((entry) => this.#answer(entry)) };
    } finally {
      this.#callsInFlight -= 1;
      for (const { partitionKey } of entries) this.#keysInFlight.delete(partitionKey);
    }
  }

  #enter(keys: string[]): void {
    this.#callsInFlight += 1;
    this.mostCallsInFlight = Math.max(this.mostCallsInFlight, this.#callsInFlight);
    for (const key of keys) {
      if (this.#keysInFlight.has(key)) this.overlaps.push(key);
      this.#keysInFlight.set(key, 1);
    }
  }

  #answer(entry: { partitionKey: string; data: string }) {
    switch (this.verdict(entry.data)) {
      case 'store':
        this.stored.push(entry);
        return { ShardId: 'shardId-000000000000', SequenceNumber: String(this.stored.length) };
      case 'throttle':
        return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard.' };
      case 'fail':
        return { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' };
    }
  }
}

/** A clock that advances by sleeping, without waiting. */
export function eagerClock(): Clock & { sleptMs: number } {
  const clock = {
    sleptMs: 0,
    now: () => clock.sleptMs,
    sleep: async (ms: number) => {
      clock.sleptMs += ms;
    },
  };
  return clock;
}
