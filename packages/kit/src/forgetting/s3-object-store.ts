import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

import { unlessError } from '../thrown.ts';
import type { ObjectStore, StoredObject, StoredVersion, WrittenObject } from './object-store.ts';

/**
 * The store on S3. Writes are conditional (AWS: "How to prevent object overwrites with conditional writes"). It needs
 * `s3:ListBucketVersions`, `s3:GetObject`, `s3:GetObjectVersion`, `s3:PutObject` and `s3:DeleteObjectVersion`.
 */
export class S3ObjectStore implements ObjectStore {
  readonly #s3: S3Client;

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  async *list(bucket: string, prefix: string, afterKey?: string): AsyncIterable<StoredVersion> {
    let marker: { KeyMarker?: string; VersionIdMarker?: string } =
      afterKey === undefined ? {} : { KeyMarker: afterKey };
    for (;;) {
      const page = await this.#s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...marker }));
      for (const { Key, VersionId = 'null', IsLatest = true, LastModified } of page.Versions ?? []) {
        if (Key === undefined) continue;
        const modifiedMs = LastModified?.getTime() ?? Number.POSITIVE_INFINITY;
        yield { bucket, key: Key, versionId: VersionId, isCurrent: IsLatest, modifiedMs };
      }
      const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
      if (IsTruncated !== true || NextKeyMarker === undefined) return;
      marker = {
        KeyMarker: NextKeyMarker,
        ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
      };
    }
  }

  read({ bucket, key, versionId, isCurrent }: StoredVersion): Promise<StoredObject | undefined> {
    return this.#get(bucket, key, isCurrent ? {} : { VersionId: versionId });
  }

  readCurrent(bucket: string, key: string): Promise<StoredObject | undefined> {
    return this.#get(bucket, key, {});
  }

  async write(
    bucket: string,
    key: string,
    body: Buffer,
    replaced: StoredObject | undefined,
  ): Promise<WrittenObject | undefined> {
    const condition = replaced === undefined ? { IfNoneMatch: '*' } : { IfMatch: replaced.etag, ...replaced.headers };
    const put = this.#s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...condition }));
    // 409 answers writes of one key that run at the same time.
    const answer = await unlessError(put, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey');
    if (answer === undefined) return undefined;
    const { ETag, VersionId } = answer;
    if (ETag === undefined) throw new Error(`S3 answered the put of ${bucket}/${key} without an ETag.`);
    return { etag: ETag, versionId: VersionId };
  }

  async remove(bucket: string, key: string, versionId: string | undefined): Promise<void> {
    const version = { VersionId: versionId ?? 'null' };
    await this.#s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...version }));
  }

  async #get(bucket: string, key: string, version: { VersionId?: string }): Promise<StoredObject | undefined> {
    const got = this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...version }));
    // Firehose does not delete, but the lifecycle does.
    const answer = await unlessError(got, 'NoSuchKey', 'NoSuchVersion');
    if (answer === undefined) return undefined;
    const { Body, ETag = '', VersionId, ContentType, ContentEncoding } = answer;
    return {
      body: Buffer.from((await Body?.transformToByteArray()) ?? []),
      etag: ETag,
      versionId: VersionId,
      headers: {
        ...(ContentType === undefined ? {} : { ContentType }),
        ...(ContentEncoding === undefined ? {} : { ContentEncoding }),
      },
    };
  }
}
