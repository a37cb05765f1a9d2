/**
 * The objects of S3 as forgetting sees them: every version of every key, noncurrent ones too, and conditional writes.
 * In a bucket without versions each object is the one version of its key.
 */
export interface ObjectStore {
  /** The versions of the objects below a prefix, in the order of their keys, after `afterKey` if there is one. */
  list(bucket: string, prefix: string, afterKey?: string): AsyncIterable<StoredVersion>;
  /** Reads a version; undefined if it is gone. Rejects with the SDK's errors. */
  read(version: StoredVersion): Promise<StoredObject | undefined>;
  /** Reads what is current under a key; undefined if nothing is. */
  readCurrent(bucket: string, key: string): Promise<StoredObject | undefined>;
  /**
   * Writes an object on condition that the current one is `replaced`, and that there is none if it is undefined.
   * Resolves with what was written, or with undefined if the condition does not hold: read again.
   */
  write(
    bucket: string,
    key: string,
    body: Buffer,
    replaced: StoredObject | undefined,
  ): Promise<WrittenObject | undefined>;
  /** Deletes a version for good. A version that is gone is no error. */
  remove(bucket: string, key: string, versionId: string | undefined): Promise<void>;
}

/** A version of an object in a listing. */
export interface StoredVersion {
  bucket: string;
  key: string;
  /** `null` in a bucket that was never versioned. */
  versionId: string;
  isCurrent: boolean;
  /** When its upload began, in milliseconds since the epoch, to the second. */
  modifiedMs: number;
}

/** A version as it was read. */
export interface StoredObject {
  body: Buffer;
  etag: string;
  /** Undefined in a bucket that was never versioned. */
  versionId: string | undefined;
  /** The headers that a rewritten object keeps. */
  headers: { ContentType?: string; ContentEncoding?: string };
}

/** An object that was written. */
export interface WrittenObject {
  etag: string;
  /** Undefined in a bucket that was never versioned. */
  versionId: string | undefined;
}
