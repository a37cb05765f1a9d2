import type { Clock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/local-service.ts';
import { parseInput } from '../logs/errors.ts';
import type { LogLine } from '../logs/log-delivery.ts';
import { compileFilterPattern, compileSelector } from '../logs/pattern/filter-pattern.ts';
import type { MetricFilters } from '../logs/service.ts';
import { logEventBytes } from '../meter/log-event-bytes.ts';
import { putEmbeddedMetrics } from './embedded-metrics.ts';
import type { Metric, MetricDelivery } from './metric-delivery.ts';

const filterName = z.string().min(1).max(512);
const transformation = z.strictObject({
  metricName: z.string().min(1).max(255),
  metricNamespace: z.string().min(1).max(255),
  metricValue: z.string().regex(/^(\$.*|-?\d+(\.\d+)?)$/, 'it must be a number or a selector such as $.latency'),
  // Any other would have to be spread over the minutes.
  defaultValue: z.literal(0).optional(),
  dimensions: z.record(z.string(), z.string()).optional(),
  unit: z.string().optional(),
});
const put = z.strictObject({
  filterName,
  logGroupName: z.string(),
  filterPattern: z.string().max(1024),
  metricTransformations: z.array(transformation).length(1),
});
const remove = z.strictObject({ filterName, logGroupName: z.string() });
const describe = z.strictObject({
  logGroupName: z.string().optional(),
  filterNamePrefix: z.string().optional(),
  metricName: z.string().optional(),
  metricNamespace: z.string().optional(),
});

interface MetricFilter extends z.infer<typeof put> {
  readonly createdMs: number;
  readonly matches: (message: string) => boolean;
  /** Undefined for a message that lacks what a selector names. */
  readonly numberIn: (message: string) => number | undefined;
  /** The same. */
  readonly dimensionsIn: (message: string) => Record<string, string> | undefined;
}

/**
 * Makes metrics of log lines, as CloudWatch Logs does: those of metric filters, those in the embedded format, and how
 * much each group gets. Filters are in memory.
 */
export class LogMetrics implements MetricFilters {
  readonly #delivery: MetricDelivery;
  readonly #clock: Pick<Clock, 'now'>;
  /** By log group and name. */
  readonly #filters = new Map<string, Map<string, MetricFilter>>();
  readonly #groups = new Map<string, { bytes: Metric; events: Metric }>();

  constructor(delivery: MetricDelivery, clock: Pick<Clock, 'now'>) {
    this.#delivery = delivery;
    this.#clock = clock;
  }

  /** Operations of CloudWatch Logs. `hasGroup` tells whether a log group exists. */
  operations(hasGroup: (logGroupName: string) => boolean): Record<string, Operation> {
    return {
      PutMetricFilter: async (input) => {
        const asked = parseInput(put, input);
        if (!hasGroup(asked.logGroupName)) throw missing('log group');
        this.#put(asked);
        return {};
      },
      DeleteMetricFilter: async (input) => {
        const asked = parseInput(remove, input);
        if (!this.#filters.get(asked.logGroupName)?.delete(asked.filterName)) throw missing('metric filter');
        return {};
      },
      DescribeMetricFilters: async (input) => ({ metricFilters: this.#describe(parseInput(describe, input)) }),
    };
  }

  /** How many filters a log group has. */
  filterCount(logGroupName: string): number {
    return this.#filters.get(logGroupName)?.size ?? 0;
  }

  /** Forgets the filters of a log group that was deleted. */
  forget(logGroupName: string): void {
    this.#filters.delete(logGroupName);
  }

  /** Takes the lines that a log stream got. Never throws. */
  readonly listen = (logGroupName: string, _logStreamName: string, lines: readonly LogLine[]): void => {
    const { bytes, events } = this.#group(logGroupName);
    events.add(lines.length);
    bytes.add(lines.reduce((sum, { message }) => sum + logEventBytes(message), 0));
    for (const { message } of lines) putEmbeddedMetrics(message, this.#delivery);
    for (const filter of this.#filters.get(logGroupName)?.values() ?? []) this.#apply(filter, lines);
  };

  #put(asked: z.infer<typeof put>): void {
    const [{ metricValue, dimensions = {} } = { metricValue: '1' }] = asked.metricTransformations;
    const selected = metricValue.startsWith('$') ? compileSelector(metricValue) : undefined;
    const filters = this.#filters.get(asked.logGroupName) ?? new Map<string, MetricFilter>();
    filters.set(asked.filterName, {
      ...asked,
      createdMs: this.#clock.now(),
      matches: compileFilterPattern(asked.filterPattern),
      numberIn: (message) => (selected === undefined ? Number(metricValue) : toNumber(selected(message))),
      dimensionsIn: compileDimensions(dimensions),
    });
    this.#filters.set(asked.logGroupName, filters);
  }

  #describe(asked: z.infer<typeof describe>): object[] {
    const all = [...this.#filters.values()].flatMap((filters) => [...filters.values()]);
    return all
      .filter(
        ({ filterName, logGroupName, metricTransformations: [first] }) =>
          filterName.startsWith(asked.filterNamePrefix ?? '') &&
          (asked.logGroupName === undefined || logGroupName === asked.logGroupName) &&
          (asked.metricName === undefined || first?.metricName === asked.metricName) &&
          (asked.metricNamespace === undefined || first?.metricNamespace === asked.metricNamespace),
      )
      .map(({ filterName, filterPattern, logGroupName, metricTransformations, createdMs }) => ({
        ...{ filterName, filterPattern, logGroupName, metricTransformations },
        creationTime: createdMs,
      }));
  }

  #apply(
    { matches, numberIn, dimensionsIn, metricTransformations: [transformation] }: MetricFilter,
    lines: readonly LogLine[],
  ): void {
    if (transformation === undefined) return;
    const { metricNamespace: namespace, metricName, unit, defaultValue } = transformation;
    const metric = { namespace, metricName, ...(unit !== undefined && { unit }) };
    const matching = lines.filter(({ message }) => matches(message));
    for (const { message, timestampMs } of matching) {
      const value = numberIn(message);
      const dimensions = dimensionsIn(message);
      if (value !== undefined && dimensions !== undefined)
        this.#delivery.put({ ...metric, dimensions, value, timestampMs });
    }
    if (matching.length === 0 && defaultValue !== undefined) {
      this.#delivery.put({ ...metric, dimensions: {}, value: defaultValue });
    }
  }

  #group(LogGroupName: string): { bytes: Metric; events: Metric } {
    const found = this.#groups.get(LogGroupName);
    if (found !== undefined) return found;
    const metric = (metricName: string, unit: string) =>
      this.#delivery.metric({ namespace: 'AWS/Logs', metricName, dimensions: { LogGroupName }, unit });
    const group = { bytes: metric('IncomingBytes', 'Bytes'), events: metric('IncomingLogEvents', 'Count') };
    this.#groups.set(LogGroupName, group);
    return group;
  }
}

/** Throws InvalidParameterException for a value that is no selector. */
function compileDimensions(selectors: Readonly<Record<string, string>>): MetricFilter['dimensionsIn'] {
  const compiled = Object.entries(selectors).map(([name, selector]) => [name, compileSelector(selector)] as const);
  return (message) => {
    const dimensions: Record<string, string> = {};
    for (const [name, selected] of compiled) {
      const value = selected(message);
      if (value === undefined || value === null || typeof value === 'object') return undefined;
      dimensions[name] = String(value);
    }
    return dimensions;
  };
}

function toNumber(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function missing(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}
