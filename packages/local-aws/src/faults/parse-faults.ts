import { isJsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { knownOperations } from './known-operations.ts';
import { partialOperations } from './partial-failures.ts';
import { glob } from './rule-match.ts';
import {
  type CheckedSpec,
  endpointKinds,
  type FaultKind,
  type FaultRule,
  type FaultSpec,
  FaultSpecError,
  functionKinds,
  pipeKinds,
} from './spec.ts';

const kinds: readonly FaultKind[] = [...endpointKinds, ...pipeKinds, ...functionKinds];
const milliseconds = z.number().min(0).max(60_000);
const specSchema = z.strictObject({
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  rules: z
    .array(
      z.strictObject({
        on: z.string(),
        kind: z.enum(kinds),
        rate: z.number().gt(0).max(1),
        times: z.int().min(1).optional(),
        ms: z.tuple([milliseconds, milliseconds]).optional(),
        from: z
          .string()
          .regex(/^(workers|users|everyone|key:.+)$/, 'expected workers, users, everyone or key:<access key id>')
          .optional(),
      }),
    )
    .min(1, 'expected at least one rule'),
});

const defaultMs: Partial<Record<FaultKind, readonly [number, number]>> = {
  latency: [10, 100],
  abandon: [0, 200],
  timeout: [200, 200],
};
const producing = new Set(['kinesis.PutRecord', 'kinesis.PutRecords']);

/**
 * Parses a specification: compact text, JSON of a {@link FaultSpec}, or an object. Throws {@link FaultSpecError} that
 * lists every problem.
 */
export function parseFaults(given: string | FaultSpec): CheckedSpec {
  const input = typeof given === 'string' ? parseText(given) : given;
  const parsed = specSchema.safeParse(input);
  if (!parsed.success) throw new FaultSpecError(parsed.error.issues.map((issue) => describeIssue(issue, input)));
  const { seed = 1, rules } = parsed.data;
  const problems = rules.flatMap(problemsOf);
  const checked = rules.map((rule) => ({
    ...rule,
    times: rule.times ?? Number.POSITIVE_INFINITY,
    ms: rule.ms ?? defaultMs[rule.kind] ?? ([0, 0] as const),
    from: rule.from ?? (producing.has(rule.on) ? 'everyone' : 'workers'),
  }));
  const seen = new Set<string>();
  for (const rule of checked) {
    const name = `${rule.on}:${rule.kind} from ${rule.from}`;
    if (seen.has(name)) problems.push(`${name} is given twice.`);
    seen.add(name);
  }
  if (problems.length > 0) throw new FaultSpecError(problems);
  return { seed, rules: checked };
}

function parseText(text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new FaultSpecError([`${error instanceof Error ? error.message : error}.`]);
    }
  }
  const problems: string[] = [];
  const rules: FaultRule[] = [];
  let seed: number | undefined;
  let from: string | undefined;
  for (const part of text.split(/[,;\s]+/).filter((piece) => piece !== '')) {
    const setting = /^(seed|from)=(.+)$/.exec(part);
    const rule = /^([\w*]+\.[\w*-]+):([a-z-]+)=(\d+(?:\.\d+)?)(%?)(?:x(\d+))?(?:@(\d+)(?:-(\d+))?ms)?$/.exec(part);
    if (setting?.[1] === 'seed') seed = Number(setting[2]);
    else if (setting?.[1] === 'from') from = setting[2];
    else if (rule) {
      const [, on = '', kind = '', share, percent, times, low, high] = rule;
      rules.push({
        on,
        // The schema validates it below.
        kind: kind as FaultKind,
        rate: Number(share) / (percent === '%' ? 100 : 1),
        ...(times === undefined ? {} : { times: Number(times) }),
        ...(low === undefined ? {} : { ms: [Number(low), Number(high ?? low)] as const }),
        ...(from === undefined || isPipeOrFunction(on) ? {} : { from }),
      });
    } else {
      problems.push(
        `${JSON.stringify(part)} does not have the form <where>:<kind>=<probability>[x<times>][@<from>-<to>ms].`,
      );
    }
  }
  if (problems.length > 0) throw new FaultSpecError(problems);
  return { rules, ...(seed === undefined ? {} : { seed }) };
}

/** Rules for pipes and functions hit no calls, so they have no caller. */
function isPipeOrFunction(on: string): boolean {
  return /^(pipe|function)\./.test(on);
}

/** Describes a schema issue with the rule's text instead of its index. */
function describeIssue({ path, message }: z.core.$ZodIssue, input: unknown): string {
  const rules = isJsonObject(input) && Array.isArray(input.rules) ? input.rules : [];
  const [list, index, ...member] = path;
  const rule = list === 'rules' && typeof index === 'number' ? rules[index] : undefined;
  if (!isJsonObject(rule)) return `${path.length === 0 ? '' : `${path.join('.')}: `}${message}.`;
  return `${rule.on}:${rule.kind}${member.length === 0 ? '' : `, ${member.join('.')}`}: ${message}.`;
}

function problemsOf(rule: FaultRule): string[] {
  const dot = rule.on.indexOf('.');
  const [place, name] = [rule.on.slice(0, dot), rule.on.slice(dot + 1)];
  const text = `${rule.on}:${rule.kind}`;
  if (dot < 1 || name === '') return [`${text} is neither <service>.<operation> nor pipe.<name> nor function.<name>.`];
  const possible: readonly FaultKind[] =
    place === 'pipe' ? pipeKinds : place === 'function' ? functionKinds : endpointKinds;
  if (!possible.includes(rule.kind))
    return [
      `${text}: ${place === 'pipe' || place === 'function' ? `a ${place}` : 'a service'} has the faults ${possible.join(', ')}.`,
    ];
  const problems: string[] = [];
  if (rule.ms !== undefined && defaultMs[rule.kind] === undefined) problems.push(`${text} has no time.`);
  if (rule.ms !== undefined && rule.ms[0] > rule.ms[1])
    problems.push(`${text}: ${rule.ms.join('-')}ms has its bounds reversed.`);
  if (place === 'pipe' || place === 'function') {
    return rule.from === undefined || rule.from === 'workers'
      ? problems
      : [...problems, `${text} hits no calls, so from=${rule.from} does not apply.`];
  }
  const services = Object.keys(knownOperations).filter((service) => place === '*' || service === place);
  if (services.length === 0) {
    return [
      `${text}: unknown service ${place}. Available: ${Object.keys(knownOperations).join(', ')}, pipe, function.`,
    ];
  }
  const matching = services.flatMap((service) =>
    (knownOperations[service] ?? [])
      .filter((operation) => glob(name)(operation))
      .map((operation) => `${service}.${operation}`),
  );
  if (matching.length === 0) return [...problems, `${text}: ${place} has no operation ${name}.`];
  if (rule.kind === 'partial' && !matching.some((operation) => Object.hasOwn(partialOperations, operation))) {
    problems.push(`${text}: only ${Object.keys(partialOperations).join(', ')} can fail in part.`);
  }
  return problems;
}
