import { isJsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../gateway/aws-error.ts';
import type { Call, Intercept, WireResponse } from '../gateway/wire.ts';
import { jsonBody } from '../pace/json-body.ts';
import type { MetricDelivery } from './metric-delivery.ts';

const SERVICES = new Set(['kinesis', 'dynamodb', 'firehose', 'lambda']);
/** Firehose tells a rate that is too high by ServiceUnavailableException. */
const THROTTLED = /Throttl|ThroughputExceeded|RequestLimitExceeded|LimitExceededException|TooManyRequests|SlowDown/;
const FIREHOSE_THROTTLED = /Throttl|LimitExceededException|ServiceUnavailableException/;
/** Calls that can fail for some of their records only. */
const PARTIAL = new Set(['PutRecords', 'PutRecordBatch', 'BatchExecuteStatement']);
const READS = /^(BatchGet|Get|Query|Scan|TransactGet)/;

/**
 * Counts calls that are throttled, which the services behind the endpoint do not see: they answer as fast as they can,
 * and `--like-aws` and injected faults throttle in front of them.
 */
export function throttleMetrics(delivery: MetricDelivery): Intercept {
  return async (call, forward) => {
    if (!SERVICES.has(call.service)) return forward();
    try {
      const answer = await forward();
      if (isThrottled(call, answer)) countThrottle(call, answer.body, delivery);
      return answer;
    } catch (error) {
      if (error instanceof AwsError && names(call).test(error.name)) countThrottle(call, Buffer.alloc(0), delivery);
      throw error;
    }
  };
}

function names({ service }: Call): RegExp {
  return service === 'firehose' ? FIREHOSE_THROTTLED : THROTTLED;
}

function isThrottled(call: Call, { statusCode, headers, body }: WireResponse): boolean {
  if (statusCode === 200)
    return PARTIAL.has(call.operation) && body.includes('Code"') && names(call).test(body.toString('utf8'));
  return statusCode < 500 || statusCode === 503
    ? names(call).test(headers['x-amzn-errortype'] ?? body.toString('utf8'))
    : false;
}

function countThrottle(call: Call, answer: Buffer, delivery: MetricDelivery): void {
  const input = jsonBody(call.request.body) ?? {};
  const put = (namespace: string, metricName: string, dimensions: Record<string, string>, value = 1) =>
    delivery.put({ namespace, metricName, dimensions, value, unit: 'Count' });
  switch (call.service) {
    case 'kinesis': {
      const StreamName = String(input.StreamName ?? input.StreamARN ?? '').replace(/^.*:stream\//, '');
      const isRead = READS.test(call.operation);
      if (StreamName === '' || isRead) return;
      put('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', { StreamName }, throttledRecords(call, input, answer));
      return;
    }
    case 'firehose': {
      const { DeliveryStreamName } = input;
      if (typeof DeliveryStreamName !== 'string') return;
      put('AWS/Firehose', 'ThrottledRecords', { DeliveryStreamName }, throttledRecords(call, input, answer));
      return;
    }
    case 'dynamodb': {
      const events = READS.test(call.operation) ? 'ReadThrottleEvents' : 'WriteThrottleEvents';
      for (const [TableName, count] of throttledTables(input, answer)) {
        put('AWS/DynamoDB', events, { TableName }, count);
        put('AWS/DynamoDB', 'ThrottledRequests', { TableName, Operation: call.operation });
        if (answer.includes('KeyRange') || answer.includes('hot key')) {
          put('AWS/DynamoDB', events.replace('Throttle', 'KeyRangeThroughputThrottle'), { TableName }, count);
        }
      }
      return;
    }
    case 'lambda': {
      const FunctionName = /\/functions\/([^/]+)\/invocations/.exec(call.request.url)?.[1];
      if (FunctionName === undefined) return;
      put('AWS/Lambda', 'Throttles', { FunctionName: decodeURIComponent(FunctionName).replace(/^.*:function:/, '') });
    }
  }
}

/** The records that were refused: those with an error in the answer, or all. */
function throttledRecords(call: Call, { Records }: Readonly<Record<string, unknown>>, answer: Buffer): number {
  const { Records: results, RequestResponses } = jsonBody(answer) ?? {};
  const each = results ?? RequestResponses;
  if (Array.isArray(each)) {
    return each.filter((result) => isJsonObject(result) && names(call).test(String(result.ErrorCode))).length;
  }
  return Array.isArray(Records) ? Records.length : 1;
}

/** Tables by the number of their throttled items. */
function throttledTables(input: Readonly<Record<string, unknown>>, answer: Buffer): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (table: unknown) => {
    if (typeof table === 'string') counts.set(table, (counts.get(table) ?? 0) + 1);
  };
  const { Responses } = jsonBody(answer) ?? {};
  if (Array.isArray(Responses)) {
    for (const response of Responses) {
      if (isJsonObject(response) && isJsonObject(response.Error) && THROTTLED.test(String(response.Error.Code))) {
        add(response.TableName);
      }
    }
    return counts;
  }
  add(input.TableName);
  if (isJsonObject(input.RequestItems)) for (const table of Object.keys(input.RequestItems)) add(table);
  if (Array.isArray(input.TransactItems)) {
    for (const item of input.TransactItems) {
      const [action] = isJsonObject(item) ? Object.values(item) : [];
      if (isJsonObject(action)) add(action.TableName);
    }
  }
  return counts;
}
