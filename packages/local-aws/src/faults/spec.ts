/**
 * At the endpoint, by what they do to a call. docs/reliability.md says of each what the caller sees and whether the
 * call had its effect.
 */
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
   * `<service>.<operation>`, `pipe.<name>` or `function.<name>`; `*` stands for any characters: `dynamodb.*`,
   * `kinesis.Put*`, `*.*`.
   */
  readonly on: string;
  readonly kind: FaultKind;
  /** Share of the calls, batches or invocations that it hits: above 0, at most 1. */
  readonly rate: number;
  /** Hits at most so many in all. Left out: no limit. */
  readonly times?: number;
  /**
   * Milliseconds, from and to, each 0-60000, for `latency` (default 10-100), `abandon` (0-200) and `timeout` (200-200);
   * the choice between them is seeded too.
   */
  readonly ms?: readonly [number, number];
  /**
   * Whose calls: `workers` (our pipes, workflows, Firehose, functions), `users` (everybody else), `everyone`, or
   * `key:<access key id>`. Default `workers`; `everyone` for `kinesis.PutRecord` and `kinesis.PutRecords`, which no
   * worker calls. Only for services.
   */
  readonly from?: string;
}

/** Which faults a runtime injects, and the seed that decides when. */
export interface FaultSpec {
  /**
   * 0 to 4294967295, default 1. The same seed hits the same calls, counted for each operation, pipe shard and function.
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

/** A specification that cannot be followed. The message names every problem, for people. */
export class FaultSpecError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `The faults cannot be injected: ${problems.join(' ')}\nExample: kinesis.PutRecords:throttle=5%,dynamodb.*:lose-answer=1%,seed=7 (--help and docs/reliability.md say more)`,
    );
    this.name = 'FaultSpecError';
  }
}
