import type { Bindings } from './evaluation.ts';
import { type EvaluationTime, evaluateAt, registerFunctions } from './functions.ts';
import { type Bytes, type Depths, meter } from './meter.ts';
import { compileQuickly, type QuickExpression } from './quick-library.ts';

/** What an evaluation takes, to be compared with AWS's bounds (docs/adr/0028). */
export interface Measurement {
  /** The deepest nesting of nodes. */
  readonly depths: Depths;
  readonly bytes: Bytes;
  /** Milliseconds of processor time of this thread, with the counting. They depend on the machine. */
  readonly cpuMs: number;
  readonly value: unknown;
}

/**
 * Evaluates an expression without any bound, and returns what it took. Throws what the library throws: an object with
 * JSONata's code for an error of the expression.
 */
export function measureExpression(source: string, bindings: Bindings, time: EvaluationTime): Measurement {
  const expression = compiled.get(source) ?? compile(source);
  const startedAt = process.threadCpuUsage();
  const value = evaluateAt(time, () => meter.run(undefined, () => expression.evaluate(undefined, bindings)));
  const { user, system } = process.threadCpuUsage(startedAt);
  return { depths: meter.depths, bytes: meter.bytes, cpuMs: (user + system) / 1_000, value };
}

const compiled = new Map<string, QuickExpression>();

function compile(source: string): QuickExpression {
  const expression = compileQuickly(source);
  registerFunctions(expression);
  compiled.set(source, expression);
  return expression;
}
