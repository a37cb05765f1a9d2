/** A part of the runtime. `start` resolves when it serves, `stop` when all of its work has ended. Call each once. */
export interface Part {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** One reason why the runtime is not idle, as `GET /_idle` shows it. */
export interface Pending {
  /** The part and the resource: `pipe IngestPipe`, `delivery stream Archive`. */
  what: string;
  /** The outstanding work: `3 records behind on shardId-000000000000`. */
  detail: string;
}
