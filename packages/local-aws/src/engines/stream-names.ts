import { createHash } from 'node:crypto';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../gateway/aws-error.ts';

/**
 * The engine's names for shards and records of DynamoDB Streams, and those of the API, whose bounds clients check
 * before they send: shard ids of 28 to 65 characters (`shardId-00000000000000000001-5f93f983`, not
 * `shardId-00000001-tweets`) and sequence numbers of 21 to 40 digits (zeros in front: order as text is order as
 * number). https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
 */
const SHARD_DIGITS = 20;
const SEQUENCE_DIGITS = 21;

/** Changes the names in the text of an answer. Other engines' names, and items, do not look like this and stay. */
export function withApiNames(text: string): string {
  return text
    .replace(
      /"(ShardId|ParentShardId|LastEvaluatedShardId)":"shardId-(\d{8})-([\w.-]+)"/g,
      (_whole, member: string, number: string, table: string) => `"${member}":"${apiShardId(number, table)}"`,
    )
    .replace(
      /"(SequenceNumber|StartingSequenceNumber|EndingSequenceNumber)":"(\d{1,20})"/g,
      (_whole, member: string, number: string) => `"${member}":"${number.padStart(SEQUENCE_DIGITS, '0')}"`,
    );
}

/**
 * Changes the names in a request back. A request that is not JSON is the engine's to refuse. Throws {@link AwsError}
 * for a shard of another table.
 */
export function withEngineNames(operation: string, body: Buffer): Buffer {
  if (operation !== 'GetShardIterator' && operation !== 'DescribeStream') return body;
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    return body;
  }
  if (!isJsonObject(input)) return body;
  const table =
    typeof input.StreamArn === 'string' ? /:table\/([\w.-]+)\/stream\//.exec(input.StreamArn)?.[1] : undefined;
  for (const member of ['ShardId', 'ExclusiveStartShardId']) {
    const shardId = input[member];
    if (typeof shardId === 'string' && table !== undefined) input[member] = engineShardId(shardId, table);
  }
  if (typeof input.SequenceNumber === 'string') input.SequenceNumber = input.SequenceNumber.replace(/^0+(?=\d)/, '');
  return Buffer.from(JSON.stringify(input));
}

/**
 * Gives each record an `eventID` of its own among all streams, as AWS does: the engine's is the sequence number, which
 * every table counts from 1. `request` is the body of the GetRecords, whose iterator names the table.
 */
export function withUniqueEventIds(text: string, request: Buffer): string {
  const table = iteratorTable(request);
  if (table === undefined) return text;
  return text.replace(
    /"eventID":"(\d+)"/g,
    (_whole, number: string) => `"eventID":"${createHash('md5').update(`${table}:${number}`).digest('hex')}"`,
  );
}

function apiShardId(number: string, table: string): string {
  return `shardId-${number.padStart(SHARD_DIGITS, '0')}-${createHash('md5').update(table).digest('hex').slice(0, 8)}`;
}

/** Throws `ResourceNotFoundException` for the shard of another table, which the engine would read as this one's. */
function engineShardId(shardId: string, table: string): string {
  const number = /^shardId-0{12}(\d{8})-[0-9a-f]{8}$/.exec(shardId)?.[1];
  if (number === undefined) return shardId;
  if (apiShardId(number, table) === shardId) return `shardId-${number}-${table}`;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Shard ${shardId} of table ${table}`);
}

/** The engine's iterators are base64 of `{"table_name": …, "shard_id": …, "position": …}`. */
function iteratorTable(request: Buffer): string | undefined {
  try {
    const { ShardIterator } = JSON.parse(request.toString('utf8'));
    const { table_name: table } = JSON.parse(Buffer.from(ShardIterator, 'base64').toString('utf8'));
    return typeof table === 'string' ? table : undefined;
  } catch {
    return undefined; // Another engine's iterator; its records have ids of their own.
  }
}
