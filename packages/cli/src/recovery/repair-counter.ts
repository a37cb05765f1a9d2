import { type AttributeValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { RecoveryContext } from './context.ts';
import type { Counter } from './counters.ts';

/**
 * Writes the expected count and advances the high-water marks that belong to it, on condition that count, time of the
 * last change and these marks are still what was compared. False when they are not. Idempotent.
 */
export async function repairCounter(context: RecoveryContext, hashtag: string, counter: Counter): Promise<boolean> {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {
    ':expected': { N: String(counter.expected) },
    ':now': { S: new Date(context.clock.now()).toISOString() },
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
  unchanged('htCount', ':count', counter.stored);
  unchanged('updatedAt', ':updatedAt', counter.updatedAt);
  let index = 0;
  for (const [name, advanced] of counter.advanced) {
    names[`#w${index}`] = name;
    values[`:w${index}`] = { S: advanced };
    sets.push(`#w${index} = :w${index}`);
    const seen = counter.highWaterMarks.get(name);
    unchanged(`#w${index}`, `:s${index}`, seen === undefined ? undefined : { S: seen });
    index += 1;
  }
  const command = new UpdateItemCommand({
    TableName: context.stack.HashtagTableName,
    Key: { hashtag: { S: hashtag } },
    UpdateExpression: `SET ${sets.join(', ')}`,
    ConditionExpression: conditions.join(' AND '),
    ...(index === 0 ? {} : { ExpressionAttributeNames: names }),
    ExpressionAttributeValues: values,
  });
  try {
    await context.clients.dynamodb.send(command);
    return true;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return false;
    throw error;
  }
}
