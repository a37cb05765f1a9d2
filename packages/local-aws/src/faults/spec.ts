/** At the endpoint, by what they do to a call. */
export const endpointKinds = [
  'throttle',
  'error',
  'late-error',
  'cut',
  'lose-answer',
  'abandon',
  'latency',
  'partial',
] as const;
/** In a pipe, on one shard's batches. */
export const pipeKinds = ['redeliver', 'cut-batch', 'swap-halves'] as const;
/** In a Lambda function, on one invocation. */
export const functionKinds = ['throw', 'timeout', 'crash'] as const;

export type EndpointKind = (typeof endpointKinds)[number];
export type PipeKind = (typeof pipeKinds)[number];
export type FunctionKind = (typeof functionKinds)[number];
export type FaultKind = EndpointKind | PipeKind | FunctionKind;

/** One kind of fault at one place. */
export interface FaultRule {
  /**
   * `<service>.<operation>`, `pipe.<name>` or `function.<name>`; `*` matches any characters: `dynamodb.*`,
   * `kinesis.Put*`, `*.*`.
   */
  readonly on: string;
  readonly kind: FaultKind;
  /** Share of the calls, batches or invocations that it hits, above 0 and at most 1. */
  readonly rate: number;
  /** Maximum number of hits. Default: no limit. */
  readonly times?: number;
  /**
   * Milliseconds, from and to, each 0-60000, for `latency` (default 10-100), `abandon` (0-200) and `timeout` (200-200).
   * The seed decides between them.
   */
  readonly ms?: readonly [number, number];
  /**
   * Whose calls: `workers` (the runtime's pipes, workflows, Firehose, functions), `users` (all other callers),
   * `everyone`, or `key:<access key id>`. Default `workers`; `everyone` for `kinesis.PutRecord` and
   * `kinesis.PutRecords`, which producers call. For services only.
   */
  readonly from?: string;
}

/** Which faults a runtime injects, and the seed that decides when. */
export interface FaultSpec {
  /**
   * 0 to 4294967295, default 1. One seed hits the same calls in each run, counted per operation, pipe shard and
   * function.
   */
  readonly seed?: number;
  readonly rules: readonly FaultRule[];
}

/** A rule after validation, with defaults filled in. */
export interface CheckedRule extends FaultRule {
  readonly times: number;
  readonly from: string;
  readonly ms: readonly [number, number];
}

/** A specification after validation, with defaults filled in. */
export interface CheckedSpec {
  readonly seed: number;
  readonly rules: readonly CheckedRule[];
}

/** An invalid specification. The message lists every problem. Not retryable. */
export class FaultSpecError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `Invalid fault specification: ${problems.join(' ')}\nExample: kinesis.PutRecords:throttle=5%,dynamodb.*:lose-answer=1%,seed=7 (see --help and docs/fault-injection.md)`,
    );
    this.name = 'FaultSpecError';
  }
}
