import type { Clock } from '@tweet-pipes/kit/clock';
import type { Intercept } from '../gateway/wire.ts';
import type { FunctionFaults } from '../lambda/faults.ts';
import type { PipeFaults } from '../pipes/faults.ts';
import { Decisions } from './decisions.ts';
import { createEndpointFaults } from './endpoint-faults.ts';
import { FaultSwitch } from './fault-switch.ts';
import { createFunctionFaults } from './function-faults.ts';
import { parseFaults } from './parse-faults.ts';
import { createPipeFaults } from './pipe-faults.ts';
import { appliesTo } from './rule-match.ts';
import { type CheckedRule, type FaultSpec, FaultSpecError } from './spec.ts';

/** The faults of one runtime, by the part that injects them. */
export interface Faults {
  readonly intercept: Intercept;
  readonly pipes: PipeFaults;
  readonly functions: FunctionFaults;
  /** A description of each rule, one line each. */
  readonly lines: readonly string[];
  /** Injected faults so far, by kind. */
  counts(): Record<string, number>;
  /** Starts fault injection. Throws {@link FaultSpecError} when a rule names no existing pipe or function. */
  start(names: { pipes: readonly string[]; functions: readonly string[] }): void;
  /** Stops fault injection for good. */
  stop(): void;
}

/** Parses a specification and prepares its faults. Throws {@link FaultSpecError}. */
export function createFaults(given: string | FaultSpec, options: { clock: Clock; log(line: string): void }): Faults {
  const spec = parseFaults(given);
  const faultSwitch = new FaultSwitch();
  const decisions = new Decisions(spec);
  const shared = { spec, decisions, faultSwitch };
  return {
    intercept: createEndpointFaults({ ...shared, ...options }),
    pipes: createPipeFaults(shared),
    functions: createFunctionFaults(shared),
    lines: [...spec.rules.map(describeRule), `seed ${spec.seed}`],
    counts: () => decisions.counts,
    start(names) {
      const problems = spec.rules.flatMap((rule) => {
        const place = rule.on.slice(0, rule.on.indexOf('.'));
        if (place !== 'pipe' && place !== 'function') return [];
        const existing = place === 'pipe' ? names.pipes : names.functions;
        if (existing.some((name) => appliesTo(rule, place, name))) return [];
        return [
          `${rule.on}:${rule.kind} matches no ${place} of the stack. Available: ${existing.join(', ') || 'none'}.`,
        ];
      });
      if (problems.length > 0) throw new FaultSpecError(problems);
      faultSwitch.turnOn();
    },
    stop: () => faultSwitch.turnOff(),
  };
}

function describeRule({ on, kind, rate, times, ms, from }: CheckedRule): string {
  const limit = Number.isFinite(times) ? `, ${times} at most` : '';
  const [low, high] = ms;
  const time = high === 0 ? '' : `, ${low === high ? low : `${low}-${high}`} ms`;
  const whose =
    on.startsWith('pipe.') || on.startsWith('function.') ? '' : `, calls from ${from.replace(/^key:/, 'key ')}`;
  return `${on}: ${kind} ${Number((rate * 100).toPrecision(4))}%${limit}${time}${whose}`;
}
