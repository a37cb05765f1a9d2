import type { Bindings } from './expression.ts';
import type { EvaluationEnvironment } from './functions.ts';
import { evaluationFrame, registerFunctions } from './functions.ts';
import { type Bytes, type Depths, meter } from './meter.ts';
import { compileQuickly } from './quick-library.ts';

/** What an evaluation takes, to be compared with AWS's bounds (docs/adr/0028). */
export interface Measurement {
  /** The deepest nesting of nodes. */
  readonly depths: Depths;
  readonly bytes: Bytes;
  /** Milliseconds on this machine, with the counting. */
  readonly ms: number;
  readonly value: unknown;
}

/**
 * Evaluates an expression without any bound, and returns what it took. Throws what the library throws: an object with
 * JSONata's code for an error of the expression.
 */
export function measureExpression(source: string, bindings: Bindings, environment: EvaluationEnvironment): Measurement {
  const expression = compileQuickly(source);
  registerFunctions(expression);
  const startedMs = performance.now();
  meter.reset();
  const value = expression.evaluate(undefined, evaluationFrame(bindings, environment));
  return { depths: meter.depths, bytes: meter.bytes, ms: performance.now() - startedMs, value };
}
