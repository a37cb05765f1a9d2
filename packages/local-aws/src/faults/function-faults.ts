import type { FunctionFault, FunctionFaults } from '../lambda/faults.ts';
import type { Decisions } from './decisions.ts';
import type { FaultSwitch } from './fault-switch.ts';
import { appliesTo } from './rule-match.ts';
import type { CheckedSpec } from './spec.ts';

/** Faults of Lambda functions. Of those that hit an invocation, the first in the specification is injected. */
export function createFunctionFaults(options: {
  spec: CheckedSpec;
  decisions: Decisions;
  faultSwitch: FaultSwitch;
}): FunctionFaults {
  const { spec, decisions, faultSwitch } = options;
  return {
    next(functionName) {
      if (!faultSwitch.isOn) return undefined;
      const hit = spec.rules
        .filter((rule) => appliesTo(rule, 'function', functionName))
        .map((rule) => ({ rule, random: decisions.next(rule, functionName) }))
        .find(({ random }) => random !== undefined);
      if (hit === undefined) return undefined;
      const { kind, ms } = hit.rule;
      const [low, high] = ms;
      const fault: FunctionFault | undefined =
        kind === 'timeout'
          ? { kind, timeoutMs: Math.max(1, Math.round(low + (hit.random?.next() ?? 0) * (high - low))) }
          : kind === 'throw' || kind === 'crash'
            ? { kind }
            : undefined;
      if (fault !== undefined) decisions.count(hit.rule);
      return fault;
    },
  };
}
