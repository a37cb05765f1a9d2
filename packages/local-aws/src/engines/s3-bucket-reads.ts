import { AwsError } from '../gateway/aws-error.ts';
import type { WireRequest } from '../gateway/wire.ts';
import type { FauxqsModules } from './fauxqs-modules.ts';
import { entryName, listingPage } from './s3-listing.ts';
import { s3Target } from './s3-request.ts';
import { s3Document, type XmlMembers } from './s3-xml.ts';

type S3Store = InstanceType<FauxqsModules['S3Store']>;
type S3Object = ReturnType<S3Store['listObjects']>['objects'][number];

/** What a read of a bucket needs. `region` is that of the endpoint. */
export interface BucketReads {
  readonly store: S3Store;
  readonly region: string;
}

type BucketRead = (reads: BucketReads, request: WireRequest) => Buffer;

/**
 * Reads of a bucket that we answer from the engine's store. fauxqs lacks them, or lists in another order and without
 * `encoding-type`.
 */
export const bucketReads: Readonly<Record<string, BucketRead>> = {
  GetBucketEncryption: getBucketEncryption,
  GetBucketLocation: getBucketLocation,
  GetBucketTagging: getBucketTagging,
  GetBucketVersioning: getBucketVersioning,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
};

const MOST_KEYS = 1_000;
const OWNER = { ID: '000000000000', DisplayName: 'local' };

/** Nothing here is encrypted. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html */
function getBucketEncryption({ store }: BucketReads, request: WireRequest): Buffer {
  checkBucket(store, s3Target(request).bucket);
  throw new AwsError(
    'ServerSideEncryptionConfigurationNotFoundError',
    'The server side encryption configuration was not found',
    { statusCode: 404 },
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
function getBucketLocation({ store, region }: BucketReads, request: WireRequest): Buffer {
  checkBucket(store, s3Target(request).bucket);
  return s3Document('LocationConstraint', region === 'us-east-1' ? '' : region);
}

/** Buckets here have no tags. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html */
function getBucketTagging({ store }: BucketReads, request: WireRequest): Buffer {
  checkBucket(store, s3Target(request).bucket);
  throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', { statusCode: 404 });
}

/** A bucket that was never versioned. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
function getBucketVersioning({ store }: BucketReads, request: WireRequest): Buffer {
  checkBucket(store, s3Target(request).bucket);
  return s3Document('VersioningConfiguration', '');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
function listObjects(reads: BucketReads, request: WireRequest): Buffer {
  const listing = new Listing(reads, request);
  const marker = listing.parameter('marker');
  const { objects, prefixes, last, isTruncated } = listing.page(marker);
  return s3Document('ListBucketResult', {
    ...listing.facts,
    Marker: listing.encoded(marker),
    ...(isTruncated && listing.delimiter !== '' ? { NextMarker: listing.encoded(last) } : {}),
    IsTruncated: isTruncated,
    Contents: objects.map((object) => ({ ...listing.object(object), Owner: OWNER })),
    CommonPrefixes: prefixes,
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
function listObjectsV2(reads: BucketReads, request: WireRequest): Buffer {
  const listing = new Listing(reads, request);
  const token = listing.query.get('continuation-token');
  const startAfter = listing.parameter('start-after');
  const { objects, prefixes, last, isTruncated } = listing.page(token === null ? startAfter : fromToken(token));
  const owner = listing.parameter('fetch-owner') === 'true' ? { Owner: OWNER } : {};
  return s3Document('ListBucketResult', {
    ...listing.facts,
    ...(startAfter === '' ? {} : { StartAfter: listing.encoded(startAfter) }),
    ...(token === null ? {} : { ContinuationToken: token }),
    ...(isTruncated ? { NextContinuationToken: Buffer.from(last).toString('base64') } : {}),
    KeyCount: objects.length + prefixes.length,
    IsTruncated: isTruncated,
    Contents: objects.map((object) => ({ ...listing.object(object), ...owner })),
    CommonPrefixes: prefixes,
  });
}

/**
 * Each object of a bucket that was never versioned is the one version of its key, with the id `null`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
function listObjectVersions(reads: BucketReads, request: WireRequest): Buffer {
  const listing = new Listing(reads, request);
  const marker = listing.parameter('key-marker');
  const { objects, prefixes, last, isTruncated } = listing.page(marker);
  return s3Document('ListVersionsResult', {
    ...listing.facts,
    KeyMarker: listing.encoded(marker),
    VersionIdMarker: listing.parameter('version-id-marker'),
    ...(isTruncated ? { NextKeyMarker: listing.encoded(last), NextVersionIdMarker: 'null' } : {}),
    IsTruncated: isTruncated,
    Version: objects.map((object) => ({
      ...listing.object(object),
      VersionId: 'null',
      IsLatest: true,
      Owner: OWNER,
    })),
    CommonPrefixes: prefixes,
  });
}

/** The parameters that all listings have. Throws {@link AwsError} for a bucket that does not exist. */
class Listing {
  readonly query: URLSearchParams;
  readonly delimiter: string;
  readonly facts: XmlMembers;
  readonly #objects: readonly S3Object[];
  readonly #maxKeys: number;
  readonly #isEncoded: boolean;

  constructor({ store }: BucketReads, request: WireRequest) {
    const { bucket, query } = s3Target(request);
    checkBucket(store, bucket);
    this.query = query;
    this.delimiter = this.parameter('delimiter');
    this.#maxKeys = maxKeys(query.get('max-keys'));
    this.#isEncoded = encodingType(query.get('encoding-type'));
    const prefix = this.parameter('prefix');
    this.#objects = store.listObjects(bucket, { prefix, maxKeys: Number.MAX_SAFE_INTEGER }).objects;
    this.facts = {
      Name: bucket,
      Prefix: this.encoded(prefix),
      MaxKeys: this.#maxKeys,
      ...(this.delimiter === '' ? {} : { Delimiter: this.encoded(this.delimiter) }),
      ...(this.#isEncoded ? { EncodingType: 'url' } : {}),
    };
  }

  parameter(name: string): string {
    return this.query.get(name) ?? '';
  }

  page(after: string) {
    const { delimiter } = this;
    const query = { prefix: this.parameter('prefix'), delimiter, maxKeys: this.#maxKeys, after };
    const { entries, isTruncated } = listingPage(this.#objects, query);
    const lastEntry = entries.at(-1);
    return {
      objects: entries.flatMap((entry) => ('object' in entry ? entry.object : [])),
      prefixes: entries.flatMap((entry) => ('prefix' in entry ? { Prefix: this.encoded(entry.prefix) } : [])),
      last: lastEntry === undefined ? '' : entryName(lastEntry),
      isTruncated,
    };
  }

  object({ key, lastModified, etag, contentLength }: S3Object): XmlMembers {
    return {
      Key: this.encoded(key),
      LastModified: lastModified.toISOString(),
      ETag: etag,
      Size: contentLength,
      StorageClass: 'STANDARD',
    };
  }

  /** `encoding-type=url` is for keys that XML cannot hold. */
  encoded(text: string): string {
    return this.#isEncoded ? encodeURIComponent(text).replaceAll('%2F', '/') : text;
  }
}

function checkBucket(store: S3Store, bucket: string): void {
  if (store.hasBucket(bucket)) return;
  throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { statusCode: 404 });
}

function maxKeys(given: string | null): number {
  if (given === null || given === '') return MOST_KEYS;
  const wanted = Number(given);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 2_147_483_647) {
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  }
  return Math.min(wanted, MOST_KEYS);
}

function encodingType(given: string | null): boolean {
  if (given === null || given === '') return false;
  if (given === 'url') return true;
  throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request');
}

function fromToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (token === '' || Buffer.from(text).toString('base64') !== token) {
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
  }
  return text;
}
