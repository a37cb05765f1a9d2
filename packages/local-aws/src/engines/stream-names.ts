import { createHash } from 'node:crypto';
import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import { AwsError } from '../gateway/aws-error.ts';

/**
 * Lengths of the API's names in DynamoDB Streams, which clients validate before they send: shard ids of 28 to 65
 * characters (`shardId-00000000000000000001-5f93f983`, where the engine has `shardId-00000001-readings`) and sequence
 * numbers of 21 to 40 digits (zero-padded, so that text order is numeric order).
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
 */
const SHARD_DIGITS = 20;
const SEQUENCE_DIGITS = 21;
const DYNOXIDE_SHARD = /"ShardId":"shardId-\d{8}-[\w.-]+"/;

/**
 * Replaces dynoxide's names in an answer to DescribeStream. That of another engine stays as it is: it has no shard that
 * dynoxide would have named.
 */
export function withApiNames(text: string): string {
  return DYNOXIDE_SHARD.test(text) ? renamed(text) : text;
}

/**
 * Replaces dynoxide's names in an answer to GetRecords, and makes each `eventID` unique among all streams, as on AWS:
 * the engine's is the sequence number, which starts at 1 in every table. `request` is the body of the GetRecords, whose
 * iterator tells the engine and the table. The answer of another engine stays as it is.
 */
export function withApiRecords(text: string, request: Buffer): string {
  const table = iteratorTable(request);
  if (table === undefined) return text;
  return renamed(text).replace(
    /"eventID":"(\d+)"/g,
    (_whole, number: string) => `"eventID":"${createHash('md5').update(`${table}:${number}`).digest('hex')}"`,
  );
}

function renamed(text: string): string {
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
 * engine rejects a request that is not JSON. Throws {@link AwsError} for a shard of another table, unless the engine is
 * a server of the user's (`isExternal`), which has its own names.
 */
export function withEngineNames(
  operation: string,
  body: Buffer,
  { region, isExternal = false }: { region?: string | undefined; isExternal?: boolean } = {},
): Buffer {
  if (!NAMING_AN_ARN.has(operation)) return body;
  const input = parseJson(body.toString('utf8'));
  if (!isJsonObject(input)) return body;
  for (const member of ['StreamArn', 'ExclusiveStartStreamArn', 'ResourceArn']) {
    const arn = input[member];
    if (typeof arn === 'string' && region !== undefined) {
      input[member] = arn.replace(/^(arn:aws:dynamodb:)[^:]*/, `$1${region}`);
    }
  }
  const table =
    typeof input.StreamArn === 'string' ? /:table\/([\w.-]+)\/stream\//.exec(input.StreamArn)?.[1] : undefined;
  for (const member of ['ShardId', 'ExclusiveStartShardId']) {
    const shardId = input[member];
    if (typeof shardId !== 'string' || table === undefined) continue;
    const engineId = engineShardId(shardId, table, isExternal);
    if (engineId === undefined) continue;
    input[member] = engineId;
    if (typeof input.SequenceNumber === 'string') input.SequenceNumber = input.SequenceNumber.replace(/^0+(?=\d)/, '');
  }
  return Buffer.from(JSON.stringify(input));
}

function apiShardId(number: string, table: string): string {
  return `shardId-${number.padStart(SHARD_DIGITS, '0')}-${createHash('md5').update(table).digest('hex').slice(0, 8)}`;
}

/**
 * Undefined for a shard of another engine. Throws `ResourceNotFoundException` for a shard of another table, which
 * dynoxide would take for this one's. A server of the user's may have names that only look like these.
 */
function engineShardId(shardId: string, table: string, isExternal: boolean): string | undefined {
  const number = /^shardId-0{12}(\d{8})-[0-9a-f]{8}$/.exec(shardId)?.[1];
  if (number === undefined) return undefined;
  if (apiShardId(number, table) === shardId) return `shardId-${number}-${table}`;
  if (isExternal) return undefined;
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
