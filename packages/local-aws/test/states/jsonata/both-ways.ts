import { type Random, seededRandom } from '@tweet-pipes/kit/random';
import { compileTree } from '../../../src/states/jsonata/compiler/compile.ts';
import { describeError, Interrupted } from '../../../src/states/jsonata/evaluation.ts';
import { evaluateAt, registerFunctions } from '../../../src/states/jsonata/functions.ts';
import { type Budget, meter } from '../../../src/states/jsonata/meter.ts';
import { loadLibrary, type QuickExpression } from '../../../src/states/jsonata/quick-library.ts';
import { errorInFull, inFull } from './in-full.ts';

/** Bounds that no expression of a test reaches. */
const ENDLESS = { depth: 500, memoryBytes: 1e9 };
/** Looks at the time before an evaluation is interrupted: of some milliseconds. */
const CHECKS = 20;

const libraries = { compiling: loadLibrary(compileTree), walking: loadLibrary(() => {}) };

/** An evaluation in full: its value with all marks or its error with all members, and what the meter counted. */
export interface Evaluation {
  /** Text that differs wherever the values differ. */
  readonly outcome: string;
  /** How often the time was looked at. */
  readonly checks: number;
  readonly meter: unknown;
}

/** Evaluates an expression as it is compiled, and as the library walks its tree. */
export function evaluateBothWays(
  source: string,
  variables: Record<string, unknown>,
  bounds: Pick<Budget, 'depth' | 'memoryBytes'> = ENDLESS,
): { compiled: Evaluation; walked: Evaluation } {
  return {
    compiled: evaluate(prepare(source, libraries.compiling), variables, bounds),
    walked: evaluate(prepare(source, libraries.walking), variables, bounds),
  };
}

function prepare(source: string, compile: (source: string) => QuickExpression): QuickExpression | { error: unknown } {
  try {
    const expression = compile(source);
    registerFunctions(expression);
    return expression;
  } catch (error) {
    return { error };
  }
}

function evaluate(
  expression: QuickExpression | { error: unknown },
  variables: Record<string, unknown>,
  bounds: Pick<Budget, 'depth' | 'memoryBytes'>,
): Evaluation {
  if ('error' in expression) return { outcome: describeError(expression.error), checks: 0, meter: {} };
  const random: Random = seededRandom(1);
  let checks = 0;
  const budget: Budget = {
    ...bounds,
    callItems: 1_000,
    refuseCall: () => {
      throw new Interrupted();
    },
    checkTime: () => {
      checks += 1;
      if (checks === CHECKS) throw new Interrupted();
    },
  };
  const given = structuredClone(variables);
  let outcome: string;
  try {
    outcome = inFull(
      evaluateAt({ nowMs: 1_790_000_000_000, random }, () =>
        meter.run(budget, () => expression.evaluate(undefined, given)),
      ),
    );
  } catch (error) {
    outcome = `threw ${errorInFull(error)}`;
  }
  return { outcome, checks, meter: { ...meter.depths, ...meter.bytes } };
}
