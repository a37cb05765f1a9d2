import { createHash } from 'node:crypto';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../gateway/aws-error.ts';

/**
 * Lengths of the API's names in DynamoDB Streams, which clients validate before they send: shard ids of 28 to 65
 * characters (`shardId-00000000000000000001-5f93f983`, where the engine has `shardId-00000001-readings`) and sequence
 * numbers of 21 to 40 digits (zero-padded, so that text order is numeric order).
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
 */
const SHARD_DIGITS = 20;
const SEQUENCE_DIGITS = 21;

/** Replaces the engine's names in an answer. Items and names of other engines do not match. */
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

/** The operations whose requests name a stream or a table by its ARN. */
const NAMING_AN_ARN = new Set([
  'DescribeStream',
  'GetShardIterator',
  'ListStreams',
  'TagResource',
  'UntagResource',
  'ListTagsOfResource',
]);

/**
 * Restores the engine's names in a request: its region in ARNs, which DynamoDB Local compares, and its names of shards
 * and records where the shard has a name that {@link withApiNames} made. Names of other engines stay as they are. The
 * engine rejects a request that is not JSON. Throws {@link AwsError} for a shard of another table.
 */
export function withEngineNames(operation: string, body: Buffer, engineRegion?: string): Buffer {
  if (!NAMING_AN_ARN.has(operation)) return body;
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    return body;
  }
  if (!isJsonObject(input)) return body;
  for (const member of ['StreamArn', 'ExclusiveStartStreamArn', 'ResourceArn']) {
    const arn = input[member];
    if (typeof arn === 'string' && engineRegion !== undefined) {
      input[member] = arn.replace(/^(arn:aws:dynamodb:)[^:]*/, `$1${engineRegion}`);
    }
  }
  const table =
    typeof input.StreamArn === 'string' ? /:table\/([\w.-]+)\/stream\//.exec(input.StreamArn)?.[1] : undefined;
  for (const member of ['ShardId', 'ExclusiveStartShardId']) {
    const shardId = input[member];
    if (typeof shardId !== 'string' || table === undefined) continue;
    const engineId = engineShardId(shardId, table);
    if (engineId === undefined) continue;
    input[member] = engineId;
    if (typeof input.SequenceNumber === 'string') input.SequenceNumber = input.SequenceNumber.replace(/^0+(?=\d)/, '');
  }
  return Buffer.from(JSON.stringify(input));
}

/**
 * Makes each `eventID` unique among all streams, as on AWS. The engine's is the sequence number, which starts at 1 in
 * every table. `request` is the body of the GetRecords, whose iterator contains the table.
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

/**
 * Undefined for a shard of another engine. Throws `ResourceNotFoundException` for a shard of another table, which the
 * engine would take for this one's.
 */
function engineShardId(shardId: string, table: string): string | undefined {
  const number = /^shardId-0{12}(\d{8})-[0-9a-f]{8}$/.exec(shardId)?.[1];
  if (number === undefined) return undefined;
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
    return undefined; // An iterator of another engine, whose event ids are unique.
  }
}
