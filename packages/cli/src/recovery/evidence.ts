import { highWaterMarkName, parsePosition, sortableSequence } from '@tweet-pipes/kit/position';
import { type Counter, highWaterMark, newCounter } from './counters.ts';
import type { DrainedUpTo } from './drain-proof.ts';
import type { EvidenceFile } from './evidence-file.ts';
import { recordOwner } from './redrive-marker.ts';
import type { StreamShard } from './stream-shards.ts';

/** A tweet that was accepted, wherever it was found. */
export interface AcceptedTweet {
  id: string;
  /** The position of the record that brought it, behind `redrive:` if redrive stored or counted it. */
  record: string;
  hashtags: readonly string[];
}

/** What the stream can still deliver. */
export interface Deliverable {
  shards: ReadonlyMap<string, StreamShard>;
  /** Undefined when it is not known how far the pipe is. */
  drained: DrainedUpTo | undefined;
}

/** Adds up what every counter must be from accepted tweets, each once. */
export class Evidence {
  readonly counters: Map<string, Counter>;
  /** Tweets without a record of the stream: whether they were counted is not known. */
  unattributed = 0;
  readonly #file: EvidenceFile;
  readonly #deliverable: Deliverable;

  constructor(counters: Map<string, Counter>, file: EvidenceFile, deliverable: Deliverable) {
    this.counters = counters;
    this.#file = file;
    this.#deliverable = deliverable;
  }

  /** False when it was added before. Id and record identify a tweet. */
  add({ id, record, hashtags }: AcceptedTweet): boolean {
    const { position, isRedriven } = recordOwner(record);
    if (!this.#file.add('tweet', id, position)) return false;
    const shardId = parsePosition(position)?.shardId;
    if (shardId === undefined) {
      this.unattributed += 1;
      return true;
    }
    const isOutOfOrder = this.#file.has('out-of-order', position);
    if (isOutOfOrder) this.#file.add('explained', position);
    for (const hashtag of new Set(hashtags)) {
      const counter = this.#counter(hashtag);
      if (!isRedriven && !this.#isDue(counter, shardId, position)) {
        counter.pending += 1;
        continue;
      }
      counter.expected += 1;
      if (isOutOfOrder) counter.outOfOrder += 1;
    }
    return true;
  }

  #counter(hashtag: string): Counter {
    let counter = this.counters.get(hashtag);
    if (counter === undefined) {
      counter = newCounter();
      this.counters.set(hashtag, counter);
    }
    return counter;
  }

  /**
   * Whether a stored tweet must be counted by now: at or below the high-water mark always, above it when the stream can
   * no longer deliver the record.
   */
  #isDue(counter: Counter, shardId: string, position: string): boolean {
    const name = highWaterMarkName(shardId);
    const value = sortableSequence(position);
    if (highWaterMark(counter, name) >= value) return true;
    const shard = this.#deliverable.shards.get(shardId);
    if (shard === undefined) return true;
    if (!this.#isProcessed(shard, position)) return false;
    if ((counter.advanced.get(name) ?? '') < value) counter.advanced.set(name, value);
    return true;
  }

  #isProcessed({ shardId, isOpen, oldest }: StreamShard, position: string): boolean {
    if (oldest === undefined || position < oldest) return true;
    const { drained } = this.#deliverable;
    if (drained === undefined) return false;
    const upTo = drained.get(shardId);
    return upTo === undefined ? !isOpen : position <= upTo;
  }
}
