import { AwsError } from '../gateway/aws-error.ts';
import type { WireRequest } from '../gateway/wire.ts';
import { pathStyle, s3Target } from './s3-request.ts';

interface S3Operation {
  readonly operation: string;
  readonly method: string;
  readonly level: 'service' | 'bucket' | 'object';
  /** The query parameters, all of them, or the header that select the operation. */
  readonly mark?: { readonly query: string | readonly string[] } | { readonly header: string };
  /** Other supported query parameters. */
  readonly query?: readonly string[];
}

const LISTED = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/**
 * The supported operations. The first match applies. The engine takes any other subresource (`?tagging`, `?encryption`,
 * `?versioning`) for the plain request, so these must not reach it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
const operations: readonly S3Operation[] = [
  { operation: 'ListBuckets', method: 'GET', level: 'service' },
  { operation: 'PutBucketLifecycleConfiguration', method: 'PUT', level: 'bucket', mark: { query: 'lifecycle' } },
  { operation: 'GetBucketLifecycleConfiguration', method: 'GET', level: 'bucket', mark: { query: 'lifecycle' } },
  { operation: 'DeleteBucketLifecycle', method: 'DELETE', level: 'bucket', mark: { query: 'lifecycle' } },
  {
    operation: 'PutBucketMetricsConfiguration',
    method: 'PUT',
    level: 'bucket',
    mark: { query: 'metrics' },
    query: ['id'],
  },
  {
    operation: 'GetBucketMetricsConfiguration',
    method: 'GET',
    level: 'bucket',
    mark: { query: ['metrics', 'id'] },
  },
  { operation: 'ListBucketMetricsConfigurations', method: 'GET', level: 'bucket', mark: { query: 'metrics' } },
  {
    operation: 'DeleteBucketMetricsConfiguration',
    method: 'DELETE',
    level: 'bucket',
    mark: { query: 'metrics' },
    query: ['id'],
  },
  { operation: 'PutBucketPolicy', method: 'PUT', level: 'bucket', mark: { query: 'policy' } },
  { operation: 'GetBucketPolicy', method: 'GET', level: 'bucket', mark: { query: 'policy' } },
  { operation: 'DeleteBucketPolicy', method: 'DELETE', level: 'bucket', mark: { query: 'policy' } },
  { operation: 'DeleteObjects', method: 'POST', level: 'bucket', mark: { query: 'delete' } },
  { operation: 'CreateBucket', method: 'PUT', level: 'bucket' },
  { operation: 'HeadBucket', method: 'HEAD', level: 'bucket' },
  { operation: 'DeleteBucket', method: 'DELETE', level: 'bucket' },
  { operation: 'GetBucketEncryption', method: 'GET', level: 'bucket', mark: { query: 'encryption' } },
  { operation: 'GetBucketLocation', method: 'GET', level: 'bucket', mark: { query: 'location' } },
  { operation: 'GetBucketTagging', method: 'GET', level: 'bucket', mark: { query: 'tagging' } },
  { operation: 'GetBucketVersioning', method: 'GET', level: 'bucket', mark: { query: 'versioning' } },
  {
    operation: 'ListObjectVersions',
    method: 'GET',
    level: 'bucket',
    mark: { query: 'versions' },
    query: [...LISTED, 'key-marker', 'version-id-marker'],
  },
  {
    operation: 'ListObjectsV2',
    method: 'GET',
    level: 'bucket',
    mark: { query: 'list-type' },
    query: [...LISTED, 'start-after', 'continuation-token', 'fetch-owner'],
  },
  { operation: 'ListObjects', method: 'GET', level: 'bucket', query: [...LISTED, 'marker'] },
  { operation: 'CreateMultipartUpload', method: 'POST', level: 'object', mark: { query: 'uploads' } },
  {
    operation: 'UploadPartCopy',
    method: 'PUT',
    level: 'object',
    mark: { header: 'x-amz-copy-source' },
    query: ['uploadId', 'partNumber'],
  },
  { operation: 'UploadPart', method: 'PUT', level: 'object', mark: { query: 'uploadId' }, query: ['partNumber'] },
  { operation: 'CompleteMultipartUpload', method: 'POST', level: 'object', mark: { query: 'uploadId' } },
  { operation: 'AbortMultipartUpload', method: 'DELETE', level: 'object', mark: { query: 'uploadId' } },
  { operation: 'GetObjectAttributes', method: 'GET', level: 'object', mark: { query: 'attributes' } },
  { operation: 'PutObject', method: 'PUT', level: 'object' },
  { operation: 'GetObject', method: 'GET', level: 'object', query: ['partNumber', 'versionId'] },
  { operation: 'HeadObject', method: 'HEAD', level: 'object', query: ['partNumber', 'versionId'] },
  { operation: 'DeleteObject', method: 'DELETE', level: 'object', query: ['versionId'] },
];

/** The names of the supported operations. */
export const s3Operations: readonly string[] = ['CopyObject', ...operations.map(({ operation }) => operation)];

/**
 * The S3 operation of a request. Throws `NotImplemented` (501, as S3 does) for an unsupported one, naming the
 * unsupported part of the request.
 */
export function s3Operation(request: WireRequest): string {
  const { bucket, key, query } = s3Target(pathStyle(request));
  const level = bucket === '' && key === '' ? 'service' : key === '' ? 'bucket' : 'object';
  for (const candidate of operations) {
    if (candidate.method !== request.method || candidate.level !== level) continue;
    if (!hasMarker(candidate, request, query)) continue;
    const strange = unknownParameter(candidate, query);
    // Later candidates are plainer, so none supports the parameter.
    if (strange !== undefined) throw notImplemented(`${request.method} with ?${strange}`);
    return candidate.operation === 'UploadPartCopy' && !query.has('uploadId') ? 'CopyObject' : candidate.operation;
  }
  const [first] = query.keys();
  throw notImplemented(`${request.method} on ${level}${first === undefined ? '' : ` with ?${first}`}`);
}

/** Parameters of presigned URLs, signature version 4 and version 2, boto3's default. */
const SIGNATURE = /^(x-amz-.*|awsaccesskeyid|signature|expires)$/i;

function hasMarker(candidate: S3Operation, request: WireRequest, query: URLSearchParams): boolean {
  if (candidate.mark === undefined) return true;
  return 'query' in candidate.mark
    ? [candidate.mark.query].flat().every((name) => query.has(name))
    : request.headers[candidate.mark.header] !== undefined;
}

function unknownParameter(candidate: S3Operation, query: URLSearchParams): string | undefined {
  const own = candidate.mark !== undefined && 'query' in candidate.mark ? [candidate.mark.query].flat() : [];
  const honoured = new Set([...own, ...(candidate.query ?? []), 'x-id']);
  return [...query.keys()].find((name) => !honoured.has(name) && !SIGNATURE.test(name));
}

function notImplemented(what: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `s3 ${what} is not supported by the local endpoint; docs/feature-support.md lists what is.`,
    {
      statusCode: 501,
    },
  );
}
