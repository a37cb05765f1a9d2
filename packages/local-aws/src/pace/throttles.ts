import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { Call, WireResponse } from '../gateway/wire.ts';

/**
 * AWS's own words for a table in on-demand mode, from the documentation of TransactionCanceledException in its SDKs.
 */
const HOT_KEY =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';

/**
 * In a statement of a batch:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
 */
export function throttledStatement(table: string): JsonObject {
  return { TableName: table, Error: { Code: 'ThrottlingError', Message: HOT_KEY } };
}

/**
 * A call on one item of an on-demand table whose partition is used up. The reasons are of
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html; the prefix of `__type` is
 * recalled.
 */
export function throttledCall(call: Call, table: string, kind: 'Read' | 'Write'): WireResponse {
  const { region, accountId } = call.context;
  return answer(call, 400, {
    __type: 'com.amazon.coral.availability#ThrottlingException',
    message: HOT_KEY,
    throttlingReasons: [
      {
        reason: `Table${kind}KeyRangeThroughputExceeded`,
        resource: `arn:aws:dynamodb:${region}:${accountId}:table/${table}`,
      },
    ],
  });
}

/**
 * A BatchGetItem of which no key could be read:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export function throttledBatch(call: Call): WireResponse {
  return answer(call, 400, {
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: HOT_KEY,
  });
}

/** A transaction of which some items are throttled; nothing of it happens. */
export function throttledTransaction(call: Call, throttled: readonly boolean[]): WireResponse {
  const codes = throttled.map((is) => (is ? 'ThrottlingError' : 'None'));
  return answer(call, 400, {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: throttled.map((is) => (is ? { Code: 'ThrottlingError', Message: HOT_KEY } : { Code: 'None' })),
  });
}

/** An answer in JSON 1.0, as DynamoDB writes it. */
export function answer({ context }: Call, statusCode: number, body: Json): WireResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': context.requestId };
  return { statusCode, headers, body: Buffer.from(JSON.stringify(body)) };
}
