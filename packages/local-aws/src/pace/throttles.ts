import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { Call, WireResponse } from '../gateway/wire.ts';

/**
 * AWS's message for a table in on-demand mode, from the SDK documentation of TransactionCanceledException.
 */
const HOT_KEY =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';

/**
 * The result of a throttled statement of a batch:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
 */
export function throttledStatement(table: string): JsonObject {
  return { TableName: table, Error: { Code: 'ThrottlingError', Message: HOT_KEY } };
}

/**
 * The answer to a throttled call on one item of an on-demand table. Reasons:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html. The prefix of `__type` is
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
 * The answer to a BatchGetItem whose keys are all throttled:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export function throttledBatch(call: Call): WireResponse {
  return answer(call, 400, {
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: HOT_KEY,
  });
}

/** The answer to a transaction with throttled items: it is cancelled. */
export function throttledTransaction(call: Call, throttled: readonly boolean[]): WireResponse {
  const codes = throttled.map((is) => (is ? 'ThrottlingError' : 'None'));
  return answer(call, 400, {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: throttled.map((is) => (is ? { Code: 'ThrottlingError', Message: HOT_KEY } : { Code: 'None' })),
  });
}

/** An answer in JSON 1.0, DynamoDB's protocol. */
export function answer({ context }: Call, statusCode: number, body: Json): WireResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': context.requestId };
  return { statusCode, headers, body: Buffer.from(JSON.stringify(body)) };
}
