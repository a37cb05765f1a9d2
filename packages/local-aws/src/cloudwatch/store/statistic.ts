import { validationError } from '../errors.ts';
import type { Aggregate } from './aggregate.ts';

/** A statistic of the values of a period. Undefined where there is none. */
export type Statistic = (values: Aggregate) => number | undefined;

const statistics: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/** The statistics that GetMetricStatistics calls by these names. */
export const simpleStatistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

/**
 * The statistic of a name: `Sum`, `p99.9`. Throws ValidationError for another one, such as a trimmed mean.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statisticOf(name: string): Statistic {
  const simple = Object.hasOwn(statistics, name) ? statistics[name] : undefined;
  const statistic = simple ?? percentile(name);
  if (statistic !== undefined) return (values) => (values.count === 0 ? undefined : statistic(values));
  throw validationError(
    `The statistic ${name} is not supported by the local endpoint. Use ${simpleStatistics.join(', ')} or a percentile such as p99.`,
  );
}

function percentile(name: string): Statistic | undefined {
  const percent = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(name)?.[1];
  if (percent === undefined || Number(percent) > 100) return undefined;
  return (values) => values.percentile(Number(percent));
}
