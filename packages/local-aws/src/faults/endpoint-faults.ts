import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import { ConnectionCut } from '../gateway/connection-cut.ts';
import type { Call, Intercept, WireResponse } from '../gateway/wire.ts';
import type { Decisions } from './decisions.ts';
import type { FaultSwitch } from './fault-switch.ts';
import { serverError, throttlingError } from './injected-errors.ts';
import { partialOperations } from './partial-failures.ts';
import { appliesTo, matchesCaller } from './rule-match.ts';
import type { CheckedRule, CheckedSpec } from './spec.ts';

/** What fault injection at the endpoint needs. */
export interface EndpointFaults {
  spec: CheckedSpec;
  decisions: Decisions;
  clock: Clock;
  faultSwitch: FaultSwitch;
  /** Called when an abandoned call fails by a defect. */
  log(line: string): void;
}

type Forward = Parameters<Intercept>[1];

/**
 * Injects AWS-like failures between callers and services. Latencies add up. Of the other faults that hit a call, the
 * first in the specification is injected.
 */
export function createEndpointFaults(faults: EndpointFaults): Intercept {
  const { spec, decisions, clock, faultSwitch } = faults;
  const known = new Map<string, readonly CheckedRule[]>();
  const rulesFor = ({ service, operation, context }: Call): readonly CheckedRule[] => {
    const place = `${service}.${operation}`;
    const rules = known.get(place) ?? spec.rules.filter((rule) => appliesTo(rule, service, operation));
    known.set(place, rules);
    return rules.filter((rule) => matchesCaller(rule, context.accessKeyId));
  };

  return async (call, forward) => {
    const place = `${call.service}.${call.operation}`;
    const rules = !faultSwitch.isOn ? [] : rulesFor(call);
    const hit = rules
      .filter(({ kind }) => kind !== 'partial' || Object.hasOwn(partialOperations, place))
      .map((rule) => ({ rule, random: decisions.next(rule, place) }));
    for (const { rule, random } of hit) {
      if (rule.kind !== 'latency' || random === undefined) continue;
      decisions.count(rule);
      await clock.sleep(between(rule.ms, random), faultSwitch.off);
    }
    for (const { rule, random } of hit) {
      if (rule.kind === 'latency' || random === undefined || !faultSwitch.isOn) continue;
      return injectFault(rule, random, call, forward, faults);
    }
    return forward();
  };
}

async function injectFault(
  rule: CheckedRule,
  random: Random,
  call: Call,
  forward: Forward,
  { decisions, clock, faultSwitch, log }: EndpointFaults,
): Promise<WireResponse> {
  const { service, operation } = call;
  const count = (): void => decisions.count(rule);
  switch (rule.kind) {
    case 'throttle':
      count();
      throw throttlingError(service, operation, random);
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
          // An AWS error has a status. Any other error is a defect that only the log can report.
          if (!(error instanceof Object && 'statusCode' in error)) log(`${service} ${operation} failed: ${name}`);
        },
      );
      await Promise.race([
        running,
        clock.sleep(between(rule.ms, random), AbortSignal.any([faultSwitch.off, ended.signal])),
      ]);
      ended.abort();
      throw new ConnectionCut();
    }
    case 'partial': {
      const answer = await failPartially(call, forward, random);
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

/** Undefined when the call has no items. It has not been forwarded then. */
async function failPartially(call: Call, forward: Forward, random: Random): Promise<WireResponse | undefined> {
  const input = parseObject(call.request.body);
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
  const output = answer.statusCode === 200 ? parseObject(answer.body) : undefined;
  return output === undefined ? answer : { ...answer, body: Buffer.from(JSON.stringify(division.merge(output))) };
}

function parseObject(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // The service reports the malformed body.
  }
}

function between([low, high]: readonly [number, number], random: Random): number {
  return Math.round(low + random.next() * (high - low));
}
