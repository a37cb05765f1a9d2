import type { FunctionStatus, NamedResource } from '@tweet-pipes/console/status';
import { factOf } from './known.ts';
import { type MetricReader, ResourceMetrics } from './metrics.ts';

/** Reads how the invocations of a function ended (AWS: "Types of metrics for Lambda functions"). Never throws. */
export async function readFunction(resource: NamedResource, reader: MetricReader): Promise<FunctionStatus> {
  const metrics = new ResourceMetrics(reader, 'AWS/Lambda', { FunctionName: resource.name });
  const invocations = await factOf(async () => {
    const [ends, longestMs] = await Promise.all([
      metrics.sums('Invocations', 'Errors', 'Throttles'),
      metrics.read('Duration', 'Maximum'),
    ]);
    return {
      started: ends.Invocations,
      errors: ends.Errors,
      throttles: ends.Throttles,
      ...(longestMs === undefined ? {} : { longestMs }),
    };
  });
  return { ...resource, invocations };
}
