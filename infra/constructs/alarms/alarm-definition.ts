import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';

/** An alarm: what it watches, when it goes off, and what to do then. Missing data is good. */
export interface AlarmDefinition {
  /** Also the heading of its section in docs/runbook.md. */
  name: string;
  /** What is wrong and what to do, in one or two sentences. */
  description: string;
  metric: IMetric;
  /** In the unit of the metric; the alarm goes off from this value on. Default: 1. */
  threshold?: number;
  patience: Patience;
}

/** How many bad periods it takes. */
export interface Patience {
  period: Duration;
  evaluationPeriods: number;
  datapointsToAlarm: number;
}

const fiveMinutes = Duration.minutes(5);

/** For what does not heal itself, such as a dead letter. */
export const atOnce: Patience = { period: fiveMinutes, evaluationPeriods: 1, datapointsToAlarm: 1 };

/** For ages, whose threshold is patient already. A pipe that catches up is below it again in the next period. */
export const twice: Patience = { period: fiveMinutes, evaluationPeriods: 2, datapointsToAlarm: 2 };

/**
 * For what pipes retry: throttling, a service that is down for a moment, a batch that is bisected. It must be there in
 * three periods of half an hour.
 */
export const persistent: Patience = { period: fiveMinutes, evaluationPeriods: 6, datapointsToAlarm: 3 };

/**
 * For records that nobody takes. A record that came in one period is processed at the latest in the next, since a batch
 * waits at most five minutes for others. So two such periods in a row prove that it was left lying.
 */
export const twoQuarterHours: Patience = {
  period: Duration.minutes(15),
  evaluationPeriods: 2,
  datapointsToAlarm: 2,
};

/** The ids of metrics in an expression; each begins with a lower-case letter (AWS: "Using math expressions"). */
export type Metrics = Readonly<Record<string, IMetric>>;

/**
 * 1 where `condition` holds, 0 elsewhere. The condition names the metrics by their ids. The alarm's patience sets the
 * period of all of them.
 */
export function where(condition: string, metrics: Metrics, { period }: Patience): MathExpression {
  return new MathExpression({ expression: `IF(${condition}, 1, 0)`, usingMetrics: { ...metrics }, period });
}

/**
 * The sum of metrics as part of an expression. A metric without data counts as 0: most are only reported while they
 * have a value, and an alarm on a metric of DynamoDB keeps its state while data is missing (AWS: "PutMetricAlarm").
 */
export function total(metrics: Metrics): string {
  return Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
}
