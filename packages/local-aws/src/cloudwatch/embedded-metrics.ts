import { isJsonObject, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import type { MetricDelivery } from './metric-delivery.ts';

/** Only a line with this text can hold metrics. */
const MARK = '"CloudWatchMetrics"';

const directives = z.looseObject({
  Timestamp: z.number(),
  CloudWatchMetrics: z.array(
    z.looseObject({
      Namespace: z.string(),
      Dimensions: z.array(z.array(z.string())).optional(),
      Metrics: z.array(z.looseObject({ Name: z.string(), Unit: z.string().optional() })),
    }),
  ),
});

/**
 * Puts the metrics of a log line in the embedded format. A line that is none, or whose members lack, puts nothing, as
 * on AWS.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function putEmbeddedMetrics(line: string, delivery: MetricDelivery): void {
  if (!line.includes(MARK)) return;
  const members = parseJson(line);
  if (members === undefined || !isJsonObject(members)) return;
  const parsed = directives.safeParse(members._aws);
  if (!parsed.success) return;
  const { Timestamp: timestampMs, CloudWatchMetrics } = parsed.data;
  for (const { Namespace: namespace, Dimensions = [[]], Metrics } of CloudWatchMetrics) {
    for (const names of Dimensions) {
      const dimensions = dimensionsOf(names, members);
      if (dimensions === undefined) continue;
      for (const { Name: metricName, Unit } of Metrics) {
        const unit = Unit === undefined ? {} : { unit: Unit };
        for (const value of [members[metricName]].flat()) {
          if (typeof value === 'number')
            delivery.put({ namespace, metricName, dimensions, value, timestampMs, ...unit });
        }
      }
    }
  }
}

function dimensionsOf(names: readonly string[], members: JsonObject): Record<string, string> | undefined {
  const dimensions: Record<string, string> = {};
  for (const name of names) {
    const value = members[name];
    if (typeof value !== 'string') return undefined;
    dimensions[name] = value;
  }
  return dimensions;
}
