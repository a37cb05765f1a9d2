import { isJsonObject } from '@tweet-pipes/kit/json';
import { itemBytes, writeUnits } from '../engines/item-size.ts';
import type { Meter, Payer } from './meter.ts';

const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);
const WRITES = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'ExecuteStatement',
  'BatchExecuteStatement',
  'ExecuteTransaction',
  'TransactWriteItems',
]);
/** An item in a transaction consumes two units for each KB: one to prepare, one to commit. */
const TRANSACTION_FACTOR = 2;

const CAPACITY = '"ConsumedCapacity":';
/** Cannot match an attribute of an item: the only member of an attribute's value is its type. */
const table = String.raw`\{"(?:TableName|CapacityUnits|ReadCapacityUnits|WriteCapacityUnits)":[^{}]*\}`;
const capacityMember = new RegExp(`^${CAPACITY}(?:${table}|\\[(?:${table},?)*\\])`);
/**
 * Matches the request's member only: an attribute of this name has an object as its value, a placeholder's name begins
 * with `#`.
 */
const askedFor = /"ReturnConsumedCapacity"\s*:\s*"(\w+)"/;

/**
 * A request that was changed to report what it consumes, and what to remove from its answer because the caller did not
 * ask for it.
 */
export interface MeteredRequest {
  body: Buffer;
  /** Whether the caller asked for the capacity, so that the answer keeps it. */
  keepsCapacity: boolean;
  /** Whether the capacity is reported for each index, in another shape. */
  isByIndex: boolean;
  /** Whether only the meter asked for the old item. */
  dropsOldItem: boolean;
}

/** Undefined for an operation that consumes nothing. The request's text is changed at its start, without parsing it. */
export function meteredRequest(operation: string, body: Buffer): MeteredRequest | undefined {
  if (!READS.has(operation) && !WRITES.has(operation)) return undefined;
  const start = body.indexOf('{');
  if (start < 0) return undefined;
  const asked = body.includes('"ReturnConsumedCapacity"') ? askedFor.exec(body.toString('utf8'))?.[1] : undefined;
  // The engine refuses any other value.
  if (asked !== undefined && asked !== 'INDEXES' && asked !== 'TOTAL' && asked !== 'NONE') return undefined;
  const members = asked === undefined ? ['"ReturnConsumedCapacity":"TOTAL"'] : [];
  const dropsOldItem = isConditional(operation, body);
  if (dropsOldItem) members.push('"ReturnValuesOnConditionCheckFailure":"ALL_OLD"');
  const rest = body.subarray(start + 1);
  const separator = rest.toString('latin1', 0, 64).trimStart().startsWith('}') ? '' : ',';
  const changed = members.length === 0 ? body : Buffer.concat([Buffer.from(`{${members.join(',')}${separator}`), rest]);
  return {
    body:
      asked === 'NONE'
        ? Buffer.from(changed.toString('utf8').replace(askedFor, '"ReturnConsumedCapacity":"TOTAL"'))
        : changed,
    keepsCapacity: asked === 'TOTAL' || asked === 'INDEXES',
    isByIndex: asked === 'INDEXES',
    dropsOldItem,
  };
}

function isConditional(operation: string, body: Buffer): boolean {
  return (
    (operation === 'PutItem' || operation === 'UpdateItem' || operation === 'DeleteItem') &&
    body.includes('"ConditionExpression"') &&
    !body.includes('"ReturnValuesOnConditionCheckFailure"')
  );
}

/** Counts the capacity in an answer. Returns the answer as the caller expects it. */
export function meterAnswer(
  operation: string,
  request: MeteredRequest,
  answer: { statusCode: number; body: Buffer },
  meter: Meter,
  payer: Payer,
): Buffer {
  const item = READS.has(operation) ? 'dynamodbReadUnits' : 'dynamodbWriteUnits';
  const addCapacity = ({ TableName, CapacityUnits }: Readonly<Record<string, unknown>>): void =>
    meter.of(String(TableName)).add(item, Number(CapacityUnits ?? 0), payer);
  if (answer.statusCode !== 200) {
    for (const { table, units } of failedUses(answer.body, request.body)) meter.of(table).add(item, units, payer);
    return request.dropsOldItem ? withoutOldItem(answer.body) : answer.body;
  }
  if (request.isByIndex) {
    for (const each of [parsed(answer.body).ConsumedCapacity].flat()) if (isJsonObject(each)) addCapacity(each);
    return answer.body;
  }
  for (
    let at = answer.body.lastIndexOf(CAPACITY);
    at >= 0;
    at = at === 0 ? -1 : answer.body.lastIndexOf(CAPACITY, at - 1)
  ) {
    // Engines write it at the start or the end of the answer.
    const text = capacityMember.exec(answer.body.toString('latin1', at, at + 65_536))?.[0];
    if (text === undefined) continue;
    for (const [each] of text.matchAll(/\{[^{}]*\}/g)) addCapacity(parsed(each));
    return request.keepsCapacity ? answer.body : withoutMember(answer.body, at, text.length);
  }
  return answer.body;
}

/**
 * What a failed call uses of each table. A failed condition consumes what writing the existing item would, or one unit
 * if there is none. A cancelled transaction is counted as one with small items.
 */
function failedUses(answer: Buffer, request: Buffer): { table: string; units: number }[] {
  if (answer.includes('ConditionalCheckFailedException')) {
    const old = parsed(answer).Item;
    return [{ table: tableOf(parsed(request)), units: isJsonObject(old) ? writeUnits(itemBytes(old)) : 1 }];
  }
  if (answer.includes('TransactionCanceledException')) {
    const items = parsed(request).TransactItems;
    return (Array.isArray(items) ? items : []).map((item: unknown) => {
      const [action] = isJsonObject(item) ? Object.values(item) : [];
      return { table: isJsonObject(action) ? tableOf(action) : '', units: TRANSACTION_FACTOR };
    });
  }
  return [];
}

/** A name or an ARN. A statement of PartiQL has it in its text, which is not searched: its units are of no table. */
function tableOf({ TableName }: Readonly<Record<string, unknown>>): string {
  return typeof TableName === 'string' ? TableName : '';
}

function withoutOldItem(answer: Buffer): Buffer {
  if (!answer.includes('"Item"')) return answer;
  const { Item: _, ...members } = parsed(answer);
  return Buffer.from(JSON.stringify(members));
}

function parsed(body: Buffer | string): Record<string, unknown> {
  const value: unknown = JSON.parse(body.toString());
  return isJsonObject(value) ? value : {};
}

/** The body without a member and one adjacent comma. */
function withoutMember(body: Buffer, at: number, bytes: number): Buffer {
  const comma = ','.charCodeAt(0);
  const from = body[at - 1] === comma ? at - 1 : at;
  const to = from === at && body[at + bytes] === comma ? at + bytes + 1 : at + bytes;
  return Buffer.concat([body.subarray(0, from), body.subarray(to)]);
}
