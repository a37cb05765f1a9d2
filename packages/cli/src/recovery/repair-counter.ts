import { type AttributeValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { Counter } from './counters.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Writes what the evidence says, on condition that the counter is what it was compared as: count, time of its last
 * change, and each watermark that is raised with it. False when it is not. May be repeated.
 */
export async function repairCounter(on: Surroundings, hashtag: string, counter: Counter): Promise<boolean> {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {
    ':expected': { N: String(counter.expected) },
    ':now': { S: new Date(on.clock.now()).toISOString() },
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
  for (const [name, raised] of counter.raised) {
    names[`#w${index}`] = name;
    values[`:w${index}`] = { S: raised };
    sets.push(`#w${index} = :w${index}`);
    const seen = counter.watermarks.get(name);
    unchanged(`#w${index}`, `:s${index}`, seen === undefined ? undefined : { S: seen });
    index += 1;
  }
  const command = new UpdateItemCommand({
    TableName: on.stack.HashtagTableName,
    Key: { hashtag: { S: hashtag } },
    UpdateExpression: `SET ${sets.join(', ')}`,
    ConditionExpression: conditions.join(' AND '),
    ...(index === 0 ? {} : { ExpressionAttributeNames: names }),
    ExpressionAttributeValues: values,
  });
  try {
    await on.clients.dynamodb.send(command);
    return true;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return false;
    throw error;
  }
}
