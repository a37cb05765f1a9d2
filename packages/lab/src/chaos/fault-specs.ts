import type { Random } from '@tweet-pipes/kit/random';

/**
 * Faults with ranges of their shares in percent. They are low enough that every batch succeeds within its pipe's
 * attempts: dead letters need `redrive`, which is not part of this test.
 */
export const chaosFaults: readonly { rule: string; percent: readonly [number, number]; ms?: string }[] = [
  { rule: 'kinesis.PutRecords:throttle', percent: [5, 30] },
  { rule: 'kinesis.PutRecords:error', percent: [5, 20] },
  { rule: 'kinesis.PutRecords:partial', percent: [5, 30] },
  { rule: 'kinesis.PutRecords:lose-answer', percent: [5, 30] },
  { rule: 'kinesis.PutRecords:cut', percent: [5, 20] },
  { rule: 'kinesis.GetRecords:throttle', percent: [5, 30] },
  { rule: 'kinesis.GetRecords:lose-answer', percent: [5, 20] },
  { rule: 'kinesis.*:latency', percent: [10, 50], ms: '@5-60ms' },
  { rule: 'dynamodb.GetRecords:error', percent: [5, 20] },
  { rule: 'dynamodb.*:throttle', percent: [1, 4] },
  { rule: 'dynamodb.*:error', percent: [1, 3] },
  { rule: 'dynamodb.*:late-error', percent: [1, 3] },
  { rule: 'dynamodb.*:lose-answer', percent: [1, 3] },
  { rule: 'dynamodb.*:cut', percent: [1, 3] },
  { rule: 'dynamodb.*:latency', percent: [5, 30], ms: '@5-60ms' },
  { rule: 'dynamodb.UpdateItem:lose-answer', percent: [1, 4] },
  { rule: 'dynamodb.UpdateItem:late-error', percent: [1, 4] },
  { rule: 'dynamodb.BatchExecuteStatement:partial', percent: [5, 25] },
  { rule: 'dynamodb.BatchExecuteStatement:lose-answer', percent: [5, 15] },
  { rule: 'dynamodb.BatchGetItem:partial', percent: [5, 25] },
  { rule: 'dynamodb.TransactWriteItems:partial', percent: [2, 6] },
  { rule: 'dynamodb.TransactWriteItems:lose-answer', percent: [2, 6] },
  { rule: 'states.StartSyncExecution:throttle', percent: [2, 10] },
  { rule: 'states.StartSyncExecution:error', percent: [2, 10] },
  { rule: 'states.StartSyncExecution:lose-answer', percent: [2, 15] },
  { rule: 'states.StartSyncExecution:cut', percent: [2, 10] },
  { rule: 'lambda.Invoke:throttle', percent: [2, 15] },
  { rule: 'lambda.Invoke:lose-answer', percent: [2, 15] },
  { rule: 'firehose.PutRecordBatch:partial', percent: [5, 30] },
  { rule: 'firehose.PutRecordBatch:lose-answer', percent: [5, 30] },
  { rule: 'firehose.PutRecordBatch:throttle', percent: [5, 20] },
  { rule: 's3.PutObject:error', percent: [5, 30] },
  { rule: 's3.PutObject:lose-answer', percent: [5, 30] },
  { rule: 'pipe.*:redeliver', percent: [10, 50] },
  { rule: 'pipe.*:cut-batch', percent: [20, 70] },
  { rule: 'function.*:throw', percent: [5, 30] },
  { rule: 'function.*:timeout', percent: [5, 25] },
  { rule: 'function.*:crash', percent: [5, 30] },
];

/** Four to nine faults with their shares and a seed, in the syntax of `--faults` (docs/fault-injection.md). */
export function faultSpecs(random: Random): string {
  const count = 4 + Math.floor(random.next() * 6);
  const chosen = [...chaosFaults]
    .map((fault) => ({ fault, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count);
  const rules = chosen.map(({ fault: { rule, percent, ms = '' } }) => {
    const [least, most] = percent;
    return `${rule}=${Math.round(least + random.next() * (most - least))}%${ms}`;
  });
  return [...rules, `seed=${Math.floor(random.next() * 2 ** 32)}`].join(',');
}
