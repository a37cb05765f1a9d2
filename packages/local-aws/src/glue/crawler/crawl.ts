import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { type CrawlerDefinition, combinesSchemas } from './definition.ts';
import { type FoundFile, findTables } from './find-tables.ts';
import { type CrawledObject, readSchema } from './read-schema.ts';
import type { CrawledTarget } from './update-catalog.ts';

/** Files that are read at a time. */
const PARALLEL = 8;

/** A crawl that cannot be done. The message is that of `LastCrawl`. */
export class CrawlFailed extends Error {
  override readonly name = 'CrawlFailed';
}

/**
 * Reads the beginning of each file of the crawler's targets, and finds the tables in them. Files of an unknown format
 * are left out. Throws CrawlFailed for a bucket that does not exist, errors of S3, and when `signal` aborts.
 */
export async function crawl(s3: S3Client, crawler: CrawlerDefinition, signal: AbortSignal): Promise<CrawledTarget[]> {
  const targets: CrawledTarget[] = [];
  for (const { Path } of crawler.Targets.S3Targets) {
    const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(Path) ?? [];
    const folder = path === '' ? '' : path.replace(/\/?$/, '/');
    const files = await readFiles(s3, await listFiles(s3, bucket, folder, signal), folder, signal);
    const tables = findTables(files, { combines: combinesSchemas(crawler) });
    targets.push({ location: `s3://${bucket}/${folder}`, tables });
  }
  return targets;
}

/** Without folders, empty objects, and those that Hive hides (`_` and `.` in front). */
async function listFiles(s3: S3Client, bucket: string, folder: string, signal: AbortSignal): Promise<CrawledObject[]> {
  const objects: CrawledObject[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: folder })) {
      signal.throwIfAborted();
      for (const { Key: key = '', Size: sizeBytes = 0 } of Contents) {
        const name = key.slice(key.lastIndexOf('/') + 1);
        if (name !== '' && !/^[._]/.test(name) && sizeBytes > 0) objects.push({ bucket, key, sizeBytes });
      }
    }
  } catch (error) {
    if (!isNamed(error, 'NoSuchBucket')) throw error;
    throw new CrawlFailed(
      `The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Bucket: ${bucket})`,
      { cause: error },
    );
  }
  return objects;
}

/** In the order of the listing. */
async function readFiles(
  s3: S3Client,
  objects: readonly CrawledObject[],
  folder: string,
  signal: AbortSignal,
): Promise<FoundFile[]> {
  const read = new Map<CrawledObject, FoundFile>();
  const queue = objects.values();
  const work = async (): Promise<void> => {
    for (const object of queue) {
      signal.throwIfAborted();
      const schema = await readSchema(s3, object, signal);
      if (schema === undefined) continue;
      read.set(object, { path: object.key.slice(folder.length), sizeBytes: object.sizeBytes, schema });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return objects.flatMap((object) => read.get(object) ?? []);
}
