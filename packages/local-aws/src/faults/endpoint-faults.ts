import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import { ConnectionCut } from '../gateway/connection-cut.ts';
import type { Call, Intercept, WireResponse } from '../gateway/wire.ts';
import type { Decisions } from './decisions.ts';
import type { Power } from './fault-switch.ts';
import { serverError, throttling } from './injected-errors.ts';
import { partialOperations } from './partial-failures.ts';
import { hits, speaksOf } from './rule-match.ts';
import type { CheckedRule, CheckedSpec } from './spec.ts';

/** What faults at the endpoint work with. */
export interface EndpointFaults {
  spec: CheckedSpec;
  decisions: Decisions;
  clock: Clock;
  power: Power;
  /** Told when a call that nobody waits for any more meets a defect. */
  log(line: string): void;
}

type Forward = Parameters<Intercept>[1];

/**
 * Stands between callers and services and makes calls fail as AWS may. Latency adds to everything; of the other faults
 * that hit a call, the first in the specification happens.
 */
export function endpointFaults(faults: EndpointFaults): Intercept {
  const { spec, decisions, clock, power } = faults;
  const known = new Map<string, readonly CheckedRule[]>();
  const rulesFor = ({ service, operation, context }: Call): readonly CheckedRule[] => {
    const place = `${service}.${operation}`;
    const rules = known.get(place) ?? spec.rules.filter((rule) => speaksOf(rule, service, operation));
    known.set(place, rules);
    return rules.filter((rule) => hits(rule, context.accessKeyId));
  };

  return async (call, forward) => {
    const place = `${call.service}.${call.operation}`;
    const rules = !power.isOn ? [] : rulesFor(call);
    const hit = rules
      .filter(({ kind }) => kind !== 'partial' || Object.hasOwn(partialOperations, place))
      .map((rule) => ({ rule, random: decisions.next(rule, place) }));
    for (const { rule, random } of hit) {
      if (rule.kind !== 'latency' || random === undefined) continue;
      decisions.count(rule);
      await clock.sleep(between(rule.ms, random), power.off);
    }
    for (const { rule, random } of hit) {
      if (rule.kind === 'latency' || random === undefined || !power.isOn) continue;
      return fail(rule, random, call, forward, faults);
    }
    return forward();
  };
}

async function fail(
  rule: CheckedRule,
  random: Random,
  call: Call,
  forward: Forward,
  { decisions, clock, power, log }: EndpointFaults,
): Promise<WireResponse> {
  const { service, operation } = call;
  const count = (): void => decisions.count(rule);
  switch (rule.kind) {
    case 'throttle':
      count();
      throw throttling(service, operation, random);
    case 'error':
      count();
      throw serverError(service, operation, random);
    case 'late-error':
      count();
      await forward();
      throw serverError(service, operation, random);
    case 'cut':
      count();
      throw new ConnectionCut();
    case 'lose-answer':
      count();
      await forward();
      throw new ConnectionCut();
    case 'abandon': {
      count();
      const ended = new AbortController();
      const running = forward().then(
        () => {},
        (error: unknown) => {
          const name = error instanceof Error ? error.name : typeof error;
          // What a service refuses by design has a status; the rest is a defect that the caller will not hear of.
          if (!(error instanceof Object && 'statusCode' in error)) log(`${service} ${operation} failed: ${name}`);
        },
      );
      await Promise.race([running, clock.sleep(between(rule.ms, random), AbortSignal.any([power.off, ended.signal]))]);
      ended.abort();
      throw new ConnectionCut();
    }
    case 'partial': {
      const answer = await failInPart(call, forward, random);
      if (answer !== undefined) count();
      return answer ?? forward();
    }
    case 'latency':
    case 'redeliver':
    case 'cut-batch':
    case 'swap-halves':
    case 'throw':
    case 'timeout':
    case 'crash':
      return forward();
  }
}

/** Undefined when the call has no items, so nothing of it was done. */
async function failInPart(call: Call, forward: Forward, random: Random): Promise<WireResponse | undefined> {
  const input = parsed(call.request.body);
  const division = input && partialOperations[`${call.service}.${call.operation}`]?.(input, random);
  if (division === undefined) return undefined;
  const headers = {
    'content-type': call.request.headers['content-type'] ?? 'application/x-amz-json-1.0',
    'x-amzn-requestid': call.context.requestId,
  };
  if ('error' in division) return { statusCode: 400, headers, body: Buffer.from(JSON.stringify(division.error)) };
  if (division.forward === undefined)
    return { statusCode: 200, headers, body: Buffer.from(JSON.stringify(division.merge({}))) };
  const answer = await forward({ ...call.request, body: Buffer.from(JSON.stringify(division.forward)) });
  const output = answer.statusCode === 200 ? parsed(answer.body) : undefined;
  return output === undefined ? answer : { ...answer, body: Buffer.from(JSON.stringify(division.merge(output))) };
}

function parsed(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // The service says what is wrong with it.
  }
}

function between([low, high]: readonly [number, number], random: Random): number {
  return Math.round(low + random.next() * (high - low));
}
