import { join } from 'node:path';
import { DamagedDataError, type StoreCheck } from './damage.ts';
import { checkFirehoseFiles } from './journal-files.ts';
import { checkKinesisFiles } from './kinesis-files.ts';
import { readKnownStores } from './known-stores.ts';
import { checkLogFiles } from './log-files.ts';
import { checkPipeFiles } from './pipe-files.ts';
import { checkSqliteFile, type SqliteStore } from './sqlite-file.ts';

/** Bytes of each engine's content that a start verifies, the newest first: at most 100 ms of processor time. */
const QUICK_BYTES = 16e6;

/** The SQLite files of the engines in a data folder. */
export function sqliteStores(folder: string): SqliteStore[] {
  return [
    {
      store: 'DynamoDB',
      file: join(folder, 'dynamodb.sqlite'),
      content: 'items',
      tables: ['_tables', '_stream_records'],
      jsonColumns: ['item_json', 'keys_json', 'new_image', 'old_image'],
    },
    {
      store: 'S3 and SQS',
      file: join(folder, 'objects', 'fauxqs.db'),
      content: 'objects and messages',
      tables: ['s3_objects', 'sqs_messages'],
      jsonColumns: ['metadata', 'message_attributes'],
    },
  ];
}

/**
 * Checks every store of a data folder, without a change. `thorough` verifies all content; else what a start can afford.
 * No process may write to the folder meanwhile. Throws the system's errors.
 */
export async function checkData(
  folder: string,
  { thorough }: { thorough: boolean },
  onStore?: (name: string) => void,
): Promise<StoreCheck[]> {
  const known = await readKnownStores(folder);
  const depth = (store: string) => ({
    contentBytes: thorough ? Number.POSITIVE_INFINITY : QUICK_BYTES,
    isExpected: known.has(store),
  });
  const checks: StoreCheck[] = [];
  onStore?.('Kinesis');
  checks.push(await checkKinesisFiles(join(folder, 'kinesis'), depth('Kinesis')));
  for (const store of sqliteStores(folder)) {
    onStore?.(store.store);
    checks.push(checkSqliteFile(store, depth(store.store)));
  }
  onStore?.('pipes, Firehose and logs');
  checks.push(
    await checkPipeFiles(join(folder, 'pipes')),
    await checkFirehoseFiles(join(folder, 'firehose')),
    await checkLogFiles(join(folder, 'logs')),
  );
  return checks;
}

/** Rejects with {@link DamagedDataError} when a quick check finds damage. */
export async function refuseDamage(folder: string): Promise<void> {
  const checks = await checkData(folder, { thorough: false });
  const damages = checks.flatMap((check) => check.damages);
  if (damages.length > 0) throw new DamagedDataError(folder, damages);
}
