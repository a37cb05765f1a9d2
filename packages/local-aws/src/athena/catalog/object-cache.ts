import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { QueryError } from '../sql/query-error.ts';

/** An object in a bucket. */
export interface StoredObject {
  bucket: string;
  key: string;
  etag: string;
  sizeBytes: number;
}

/** Copies at a time. */
const PARALLEL = 8;

/**
 * Lists the objects under a prefix, without folders, empty objects, and those that Hive hides (`_` and `.` in front).
 */
export async function listObjects(s3: S3Client, bucket: string, prefix: string): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key: key = '', ETag: etag = '', Size: sizeBytes = 0 } of Contents) {
        const name = key.slice(key.lastIndexOf('/') + 1);
        if (name !== '' && !/^[._]/.test(name) && sizeBytes > 0) objects.push({ bucket, key, etag, sizeBytes });
      }
    }
  } catch (error) {
    if (!isNamed(error, 'NoSuchBucket')) throw error;
    const text = `The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Bucket: ${bucket})`;
    throw new QueryError('GENERIC_USER_ERROR', text, undefined, { cause: error });
  }
  return objects;
}

/**
 * The path of a copy of an object. Its name is a hash of bucket, key and etag, so that no key leaves the folder and a
 * changed object is another copy.
 */
export function copyPath(folder: string, { bucket, key, etag }: StoredObject): string {
  return join(
    folder,
    createHash('sha256')
      .update(JSON.stringify([bucket, key, etag]))
      .digest('hex'),
  );
}

/** Copies objects that the folder does not have yet. An object that is gone by then is left out of the answer. */
export async function copyObjects<T extends StoredObject>(
  s3: S3Client,
  folder: string,
  objects: readonly T[],
  signal: AbortSignal,
): Promise<T[]> {
  const present: T[] = [];
  const queue = objects.values();
  const work = async (): Promise<void> => {
    for (const object of queue) {
      signal.throwIfAborted();
      if (await copyObject(s3, copyPath(folder, object), object, signal)) present.push(object);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  // In the order of the listing, so that a query without ORDER BY gives the same rows again.
  const kept = new Set(present);
  return objects.filter((object) => kept.has(object));
}

async function copyObject(s3: S3Client, path: string, object: StoredObject, signal: AbortSignal): Promise<boolean> {
  if (
    await access(path).then(
      () => true,
      () => false,
    )
  )
    return true;
  try {
    const command = new GetObjectCommand({ Bucket: object.bucket, Key: object.key, IfMatch: object.etag });
    const { Body } = await s3.send(command, { abortSignal: signal });
    if (!(Body instanceof Readable)) return false;
    const temporary = `${path}.${Math.random().toString(36).slice(2)}`;
    await pipeline(Body, createWriteStream(temporary, { mode: 0o600 }), { signal });
    await rename(temporary, path);
    return true;
  } catch (error) {
    if (isNamed(error, 'NoSuchKey', 'PreconditionFailed')) return false;
    throw error;
  }
}
