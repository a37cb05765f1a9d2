import { GetMetricDataCommand, type MetricDataQuery, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Lane, Stage, StageHistory, StageKind, StageSeries } from '@tweet-pipes/console/views/pipeline/api';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';

/** The metric that shows best what goes through a stage of this kind. */
interface StageMetric {
  namespace: string;
  metricName: string;
  dimension: string;
  label: string;
}

/** Those that AWS publishes without charge, and that the alarms and dashboards of the stacks use too. */
const stageMetrics: Partial<Readonly<Record<StageKind, StageMetric>>> = {
  stream: {
    ...{ namespace: 'AWS/Kinesis', metricName: 'IncomingRecords', dimension: 'StreamName' },
    label: 'records',
  },
  pipe: {
    ...{ namespace: 'AWS/EventBridge/Pipes', metricName: 'EventCount', dimension: 'PipeName' },
    label: 'events',
  },
  workflow: {
    ...{ namespace: 'AWS/States', metricName: 'ExecutionsStarted', dimension: 'StateMachineArn' },
    label: 'executions',
  },
  table: {
    ...{ namespace: 'AWS/DynamoDB', metricName: 'ConsumedWriteCapacityUnits', dimension: 'TableName' },
    label: 'write units',
  },
  function: {
    ...{ namespace: 'AWS/Lambda', metricName: 'Invocations', dimension: 'FunctionName' },
    label: 'invocations',
  },
  delivery: {
    ...{ namespace: 'AWS/Firehose', metricName: 'DeliveryToS3.Records', dimension: 'DeliveryStreamName' },
    label: 'records to S3',
  },
};

/** How the last minutes are divided. */
export interface Periods {
  readonly seconds: number;
  readonly count: number;
  /** Whether a value is there as soon as its period is over. AWS needs some minutes. */
  readonly isPrompt: boolean;
}

/**
 * What each stage did in the last minutes: one call, one metric a stage. Throws the SDK's error.
 */
export async function readHistory(
  clients: Pick<AwsClients, 'observation'>,
  lanes: readonly Lane[],
  nowMs: number,
  { seconds: periodSeconds, count, isPrompt }: Periods,
): Promise<StageHistory> {
  const end = Math.floor(nowMs / 1000 / periodSeconds + 1) * periodSeconds;
  const at = Array.from({ length: count }, (_, index) => end - (count - index) * periodSeconds);
  const wanted = measuredStages(lanes);
  const queries = wanted.map(([stage, metric], index) => queryOf(`m${index}`, stage, metric, periodSeconds));
  const results = new Map<string, MetricDataResult>();
  const { cloudwatch } = await clients.observation();
  const range = { StartTime: new Date((at[0] ?? end) * 1000), EndTime: new Date(end * 1000) };
  let NextToken: string | undefined;
  do {
    const answer = await cloudwatch.send(
      new GetMetricDataCommand({ MetricDataQueries: queries, ...range, ...(NextToken && { NextToken }) }),
    );
    for (const result of answer.MetricDataResults ?? []) {
      const known = results.get(result.Id ?? '');
      results.set(result.Id ?? '', known === undefined ? result : joined(known, result));
    }
    NextToken = answer.NextToken;
  } while (NextToken !== undefined && queries.length > 0);
  return {
    periodSeconds,
    at,
    series: wanted.map(([{ kind, name }, { label }], index): StageSeries => {
      const { Timestamps = [], Values = [] } = results.get(`m${index}`) ?? {};
      const values = new Map(Timestamps.map((time, point) => [time.getTime() / 1000, Values[point] ?? null]));
      return {
        kind,
        name,
        label,
        values: withZeros(
          at.map((second) => values.get(second) ?? null),
          isPrompt,
        ),
      };
    }),
  };
}

/**
 * CloudWatch has no value for a period without events. Between others that is 0; at the end it may be on its way. All
 * null where there is no value at all.
 */
function withZeros(values: readonly (number | null)[], isPrompt: boolean): (number | null)[] {
  const last = values.findLastIndex((value) => value !== null);
  if (last === -1) return [...values];
  return values.map((value, index) => value ?? (isPrompt || index < last ? 0 : null));
}

/** Metrics that one reading asks for: what AWS bills it by. */
function measuredStages(lanes: readonly Lane[]): [Stage, StageMetric][] {
  const stages = new Map<string, [Stage, StageMetric]>();
  for (const stage of lanes.flatMap((lane) => lane.stages)) {
    const metric = stageMetrics[stage.kind];
    if (metric !== undefined) stages.set(`${stage.kind} ${stage.name}`, [stage, metric]);
  }
  return [...stages.values()];
}

function queryOf(
  Id: string,
  { name }: Stage,
  { namespace, metricName, dimension }: StageMetric,
  Period: number,
): MetricDataQuery {
  const Metric = { Namespace: namespace, MetricName: metricName, Dimensions: [{ Name: dimension, Value: name }] };
  return { Id, MetricStat: { Metric, Period, Stat: 'Sum' } };
}

function joined(first: MetricDataResult, second: MetricDataResult): MetricDataResult {
  return {
    ...first,
    Timestamps: [...(first.Timestamps ?? []), ...(second.Timestamps ?? [])],
    Values: [...(first.Values ?? []), ...(second.Values ?? [])],
  };
}
