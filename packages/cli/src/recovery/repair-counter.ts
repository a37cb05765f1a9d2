import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { counterKey } from '@tweet-pipes/kit/counter-key';
import type { RecoveryContext } from './context.ts';
import { type Counter, type CounterItem, newCounterItem } from './counters.ts';
import { transact } from './transaction.ts';

/**
 * Writes the expected count and advances the high-water marks that belong to it, on condition that counts, times of the
 * last change and these marks are still what was compared. False when they are not. Idempotent. Of a counter with
 * several items, item 0 gets the count, the others become 0 and keep their marks, in one transaction.
 *
 * @param shardItems on which item each shard counts, by the name of its mark
 */
export async function repairCounter(
  context: RecoveryContext,
  hashtag: string,
  counter: Counter,
  shardItems: ReadonlyMap<string, number>,
): Promise<boolean> {
  const itemOf = (mark: string) => {
    const [holder] = [...counter.items].find(([, { highWaterMarks }]) => highWaterMarks.has(mark)) ?? [];
    return shardItems.get(mark) ?? holder ?? 0;
  };
  const marks = Map.groupBy(counter.advanced, ([mark]) => itemOf(mark));
  const numbers = new Set([0, ...counter.items.keys(), ...marks.keys()]);
  const written = await transact(
    context,
    [...numbers].map((number) => ({
      Update: {
        TableName: context.stack.HashtagTableName,
        Key: { hashtag: { S: counterKey(hashtag, number) } },
        ...changeOf(counter.items.get(number) ?? newCounterItem(), {
          count: number === 0 ? counter.expected : 0,
          nowMs: context.clock.now(),
          marks: marks.get(number) ?? [],
        }),
      },
    })),
  );
  if (written.end === 'invalid') throw new Error(`DynamoDB refuses to repair ${hashtag}: ${written.message}`);
  return written.end === 'done';
}

/** Sets the count and marks of an item, if it is as it was read. */
function changeOf(
  item: CounterItem,
  { count, nowMs, marks }: { count: number; nowMs: number; marks: readonly (readonly [string, string])[] },
) {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {
    ':expected': { N: String(count) },
    ':now': { S: new Date(nowMs).toISOString() },
  };
  const sets = ['htCount = :expected', 'updatedAt = :now'];
  const conditions: string[] = [];
  const unchanged = (path: string, value: string, seen: AttributeValue | undefined) => {
    if (seen === undefined) conditions.push(`attribute_not_exists(${path})`);
    else {
      conditions.push(`${path} = ${value}`);
      values[value] = seen;
    }
  };
  unchanged('htCount', ':count', item.stored);
  unchanged('updatedAt', ':updatedAt', item.updatedAt);
  for (const [index, [name, advanced]] of marks.entries()) {
    names[`#w${index}`] = name;
    values[`:w${index}`] = { S: advanced };
    sets.push(`#w${index} = :w${index}`);
    const seen = item.highWaterMarks.get(name);
    unchanged(`#w${index}`, `:s${index}`, seen === undefined ? undefined : { S: seen });
  }
  return {
    UpdateExpression: `SET ${sets.join(', ')}`,
    ConditionExpression: conditions.join(' AND '),
    ...(marks.length === 0 ? {} : { ExpressionAttributeNames: names }),
    ExpressionAttributeValues: values,
  };
}
