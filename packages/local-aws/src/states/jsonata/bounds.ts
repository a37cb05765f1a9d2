/** How much one evaluation of an expression may take (docs/adr/0028). */
export interface ExpressionBounds {
  /**
   * Nested evaluations of nodes, by each way of counting of `Depths`. Above some 1,000 the stack of the JavaScript
   * engine ends first.
   */
  readonly depth: number;
  /** Bytes of all that the evaluation makes; see `Bytes`. */
  readonly memoryBytes: number;
  /** Milliseconds of processor time. */
  readonly cpuMs: number;
}

/**
 * The bounds of AWS.
 *
 * - Depth: AWS accepts `1+1+…+1` of 100 terms, 99 parentheses, 99 brackets and 99 stages of `~>`, and refuses one more
 *   of each. Measured with TestState by one reporter (floci-io/floci#2737, #2783).
 * - Memory: measured likewise; see `meter.ts`. AWS Elemental documents 10 MB for "memory allocated during each
 *   evaluation" of its JSONata expressions.
 * - Time: "longer than 1 second", as copies of AWS's page on JSONata in Step Functions have it. AWS Elemental documents
 *   1,000 ms of processor time; that Step Functions counts this, and not the time of day, is a choice.
 *
 * {@link https://docs.aws.amazon.com/elemental-inference/latest/userguide/functions-expressions-guardrails.html}
 */
export const AWS_EXPRESSION_BOUNDS: ExpressionBounds = { depth: 100, memoryBytes: 10 * 1024 * 1024, cpuMs: 1_000 };

/** AWS's words, which its causes hold. Those for time are the JSONata library's own for its test bed: a choice. */
const MESSAGES: Readonly<Record<keyof ExpressionBounds, string>> = {
  depth: 'Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive',
  memoryBytes: 'Expression evaluation memory limit exceeded: Check for excessive memory usage',
  cpuMs: 'Expression evaluation timeout: Check for infinite loop',
};

/** An evaluation exceeded a bound. Another attempt ends the same way, unless it was just above the time. */
export class BoundExceeded extends Error {
  override readonly name = 'BoundExceeded';

  constructor(bound: keyof ExpressionBounds) {
    super(MESSAGES[bound]);
  }
}

/**
 * The bound that a failure of the JavaScript engine stands for: its own limits are higher than AWS's, but other bounds
 * may be given, and built-in functions have recursions of their own.
 */
export function boundOf(error: unknown): BoundExceeded | undefined {
  if (error instanceof BoundExceeded) return error;
  if (!(error instanceof RangeError)) return undefined;
  return new BoundExceeded(/call stack/.test(error.message) ? 'depth' : 'memoryBytes');
}
