import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isParquet, linesIn } from '@tweet-pipes/kit/forgetting/encoding';
import { isJsonObject, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import { findParquetRows } from '@tweet-pipes/kit/parquet-rows';
import { sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { hourFolder } from '../stack/hour-folder.ts';
import { atATime } from '../verification/at-a-time.ts';
import type { QuarantinedRecord } from './findings.ts';

const hourMs = 3_600_000;
/** Hours that are searched at most; each is a listing and the objects in it. */
const mostHours = 48;

const folders = [
  { folder: 'quarantine', prefix: 'quarantine/' },
  { folder: 'out-of-order', prefix: 'quarantine/out-of-order/' },
  { folder: 'unproved', prefix: 'quarantine/unproved/' },
] as const;

/** The quarantine objects of records: their keys are made of the positions. Throws the SDK's errors. */
export async function findQuarantined(
  { s3 }: AwsClients,
  Bucket: string,
  positions: readonly string[],
): Promise<QuarantinedRecord[]> {
  const wanted = positions.flatMap((position) => folders.map((each) => ({ ...each, position })));
  const found = await atATime(8, wanted, async ({ folder, prefix, position }): Promise<QuarantinedRecord[]> => {
    const Key = `${prefix}${shardOf(position)}/${sequenceOf(position)}.json`;
    const answer = await unlessError(s3.send(new GetObjectCommand({ Bucket, Key })), 'NoSuchKey', 'NotFound');
    if (answer === undefined) return [];
    const object = parseJson((await answer.Body?.transformToString()) ?? '');
    const reason = isJsonObject(object) && typeof object.reason === 'string' ? object.reason : 'unreadable';
    return [{ position, folder, reason, atMs: answer.LastModified?.getTime() ?? 0, object: `s3://${Bucket}/${Key}` }];
  });
  return found.flat();
}

/** Rows of Firehose's files that were found. */
export interface FoundRows {
  rows: { row: JsonObject; object: string }[];
  /** Files and bytes that were read. */
  files: number;
  bytes: number;
}

/** Where rows with an id are looked for. */
export interface RowSearch {
  bucket: string;
  prefix: string;
  /** Beginnings of hours, epoch milliseconds. */
  hours: readonly number[];
  /** The columns that are read of Parquet. JSON is read as a whole. */
  columns: readonly string[];
}

/** The hours from the one before `fromMs`, since a file is named by its oldest record, to that of `toMs`. */
export function hoursBetween(fromMs: number, toMs: number): number[] {
  const first = Math.floor(fromMs / hourMs) - 1;
  const last = Math.min(Math.floor(toMs / hourMs), first + mostHours - 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * hourMs);
}

/** The rows with this id in the files of some hours. Throws the SDK's errors. */
export async function findRows(
  { s3 }: AwsClients,
  { bucket, prefix, hours, columns }: RowSearch,
  id: string,
): Promise<FoundRows> {
  const keys: string[] = [];
  for (const hour of hours) {
    const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: `${prefix}${hourFolder(hour)}` });
    for await (const { Contents = [] } of pages) keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  }
  const found: FoundRows = { rows: [], files: keys.length, bytes: 0 };
  await atATime(8, keys, async (Key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const body = Buffer.from((await Body?.transformToByteArray()) ?? []);
    found.bytes += body.length;
    const rows = isParquet(body) ? await findParquetRows(body, { column: 'id', value: id, columns }) : rowsIn(body, id);
    found.rows.push(...rows.map((row) => ({ row, object: `s3://${bucket}/${Key}` })));
  });
  return found;
}

/** The rows of JSON lines with this id. */
function rowsIn(body: Buffer, id: string): JsonObject[] {
  const needle = Buffer.from(JSON.stringify(id));
  return [...linesIn(body)]
    .filter((line) => line.includes(needle))
    .map((line) => parseJson(line.toString('utf8')))
    .filter(isJsonObject)
    .filter((row) => row.id === id);
}
