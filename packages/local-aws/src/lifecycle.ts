/**
 * A part of the runtime. `start` resolves when it serves, `stop` when nothing of it runs any more. Both may be called
 * once.
 */
export interface Part {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** One reason why the runtime is not idle, for people and for `GET /_idle`. */
export interface Pending {
  /** The part and the resource: `pipe IngestPipe`, `delivery stream Archive`. */
  what: string;
  /** How much is outstanding, in words: `3 records behind on shardId-000000000000`. */
  detail: string;
}
