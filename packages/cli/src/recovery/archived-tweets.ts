import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { RecoveryContext } from './context.ts';
import type { AcceptedTweet } from './evidence.ts';
import type { EvidenceFile } from './evidence-file.ts';

/** A line of the archive: a removed tweet, or the reason why it is not usable. */
export type ArchivedRow =
  | ({ kind: 'tweet' } & AcceptedTweet)
  /** Its hashtags were not kept (`tweetPipes:archiveContent=keys`). */
  | { kind: 'keys-only' }
  /** An error row, or no row at all. */
  | { kind: 'unreadable' };

const row = z.object({
  id: z.string(),
  record: z.string().nullable(),
  hashtags: z.array(z.string()).optional(),
  error: z.string().optional(),
  row_gzip: z.string().optional(),
});

/** The rows of the removed tweets in all archive files that are not in `file` yet, line by line. */
export async function* archivedTweets(context: RecoveryContext, file: EvidenceFile): AsyncGenerator<ArchivedRow> {
  const Bucket = context.stack.ArchiveBucketName;
  const pages = paginateListObjectsV2({ client: context.clients.s3 }, { Bucket, Prefix: 'deleted/tweets/' });
  for await (const { Contents = [] } of pages) {
    for (const { Key } of Contents) {
      if (Key === undefined || !file.add('object', Key)) continue;
      const { Body } = await context.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      if (!(Body instanceof Readable)) throw new Error(`S3 gave no stream for ${Key}`);
      yield* rows(Body);
    }
  }
}

async function* rows(body: Readable): AsyncGenerator<ArchivedRow> {
  const text = createGunzip();
  // Otherwise a broken connection would not be an error of the lines.
  body.on('error', (error) => text.destroy(error));
  body.pipe(text);
  try {
    for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line !== '') yield readRow(line);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
    yield { kind: 'unreadable' };
  }
}

function readRow(line: string): ArchivedRow {
  try {
    const parsed = row.parse(JSON.parse(line));
    const whole =
      parsed.row_gzip === undefined
        ? parsed
        : row.parse(JSON.parse(gunzipSync(Buffer.from(parsed.row_gzip, 'base64')).toString()));
    if (whole.error !== undefined) return { kind: 'unreadable' };
    if (whole.hashtags === undefined) return { kind: 'keys-only' };
    return { kind: 'tweet', id: whole.id, record: whole.record ?? '', hashtags: whole.hashtags };
  } catch {
    return { kind: 'unreadable' };
  }
}
