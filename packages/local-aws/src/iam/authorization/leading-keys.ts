import { isJsonObject } from '@tweet-pipes/kit/json';
import type { ContextKeys } from '../access-control.ts';
import { type Asked, listOf, type PartitionKeys, textOf } from './asked.ts';

/** In lower case, as policies are compiled. */
export const LEADING_KEYS = 'dynamodb:leadingkeys';

/**
 * The condition key `dynamodb:LeadingKeys`: the partition keys of the items that a request reads or writes. `items`:
 * items or their keys. Empty where the schema of the table is not known.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function leadingKeys(asked: Asked, table: unknown, items: readonly unknown[], index?: unknown): ContextKeys {
  const name = asked.partitionKeys?.get(textOf(table))?.get(textOf(index));
  if (name === undefined) return {};
  const values = items.flatMap((item) => (isJsonObject(item) ? textOfKey(item[name]) : []));
  return values.length === 0 ? {} : { 'dynamodb:LeadingKeys': values };
}

function textOfKey(value: unknown): string[] {
  if (!isJsonObject(value)) return [];
  return [value.S, value.N, value.B].filter((each) => typeof each === 'string');
}

/** A call with the partition keys of its tables. Its body is parsed. */
export async function withPartitionKeys(
  asked: Asked,
  keysOf: (table: string) => Promise<PartitionKeys>,
): Promise<Asked> {
  const { operation, input, request, region, accountId } = asked;
  const keys = tablesOf(asked).map(async (table) => [table, await keysOf(table)] as const);
  return { operation, input, request, region, accountId, partitionKeys: new Map(await Promise.all(keys)) };
}

/** The tables whose items a request names. */
function tablesOf({ input }: Asked): string[] {
  const transacted = listOf(input.TransactItems).flatMap((item) =>
    Object.values(isJsonObject(item) ? item : {}).map((part) => (isJsonObject(part) ? part.TableName : undefined)),
  );
  const batch = isJsonObject(input.RequestItems) ? Object.keys(input.RequestItems) : [];
  return [...new Set([input.TableName, ...batch, ...transacted].filter((each) => typeof each === 'string'))];
}

/** The attributes that a query wants to be equal to a value, as an item. */
export function queriedItem({ input }: Asked): Record<string, unknown> {
  const [names, values] = [input.ExpressionAttributeNames, input.ExpressionAttributeValues].map((each) =>
    isJsonObject(each) ? each : {},
  );
  const equal = textOf(input.KeyConditionExpression).matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g);
  const conditions = isJsonObject(input.KeyConditions) ? Object.entries(input.KeyConditions) : [];
  return Object.fromEntries([
    ...[...equal].map(([, name = '', value = '']) => [names?.[name] ?? name, values?.[value]]),
    ...conditions.map(([name, condition]) => [
      name,
      isJsonObject(condition) && condition.ComparisonOperator === 'EQ'
        ? listOf(condition.AttributeValueList)[0]
        : undefined,
    ]),
  ]);
}
