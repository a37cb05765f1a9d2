import { isJsonObject } from '@tweet-pipes/kit/json';
import { XMLParser } from 'fast-xml-parser';
import { pathStyle, s3Target } from '../../engines/s3-request.ts';
import { decoded } from '../../gateway/decoded.ts';
import type { AccessRequest } from '../access-control.ts';
import { bucketArn } from '../resource-owners.ts';
import { type Asked, listOf, oneAction, type Row, type Rows, sameAction, textOf, together } from './asked.ts';

interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

const targetOf = ({ request }: Asked): Target => s3Target(pathStyle(request));
const onBucket = (asked: Asked): string => bucketArn(targetOf(asked).bucket);

function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`;
}

function onObject(asked: Asked): string {
  const { bucket, key } = targetOf(asked);
  return objectArn(bucket, key);
}

/** Headers that are condition keys. https://docs.aws.amazon.com/AmazonS3/latest/userguide/list_amazons3.html */
const CONDITION_HEADERS = [
  ...['x-amz-acl', 'x-amz-copy-source', 'x-amz-metadata-directive', 'x-amz-server-side-encryption'],
  ...['x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-storage-class', 'if-match', 'if-none-match'],
];

function contextOf({ request }: Asked): Record<string, string> {
  return Object.fromEntries(
    CONDITION_HEADERS.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[`s3:${name}`, value]];
    }),
  );
}

const LISTED = ['prefix', 'delimiter', 'max-keys'];

/** A listing. Its prefix is always a condition key: of a request without one it is empty, as on AWS. */
function listing(action: string): Row {
  return (asked) => {
    const { bucket, query } = targetOf(asked);
    const given = LISTED.flatMap((name) => (query.has(name) ? [[`s3:${name}`, query.get(name) ?? '']] : []));
    return [{ action, resource: bucketArn(bucket), context: { 's3:prefix': '', ...Object.fromEntries(given) } }];
  };
}

/** An action that has a twin for one version of an object. */
function ofVersion(action: string, versionAction: string): Row {
  return (asked) => {
    const { bucket, key, query } = targetOf(asked);
    const versionId = query.get('versionId');
    const resource = objectArn(bucket, key);
    if (versionId === null) return [{ action, resource }];
    return [{ action: versionAction, resource, context: { 's3:VersionId': versionId } }];
  };
}

/** A write of an object, also with tags or an ACL. */
const writing: Row = (asked) => {
  const resource = onObject(asked);
  const context = contextOf(asked);
  const { headers } = asked.request;
  const requests: AccessRequest[] = [{ action: 's3:PutObject', resource, context }];
  if (headers['x-amz-tagging'] !== undefined) requests.push({ action: 's3:PutObjectTagging', resource, context });
  if (Object.keys(headers).some((name) => name === 'x-amz-acl' || name.startsWith('x-amz-grant-'))) {
    requests.push({ action: 's3:PutObjectAcl', resource, context });
  }
  return requests;
};

/** The object that is copied: `/bucket/key?versionId=…`. */
const copied: Row = ({ request }) => {
  const [path = '', versionId] = (request.headers['x-amz-copy-source'] ?? '').split('?versionId=');
  const [bucket = '', ...key] = decoded(path).replace(/^\//, '').split('/');
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return [{ action, resource: objectArn(bucket, key.join('/')) }];
};

const reading = ofVersion('s3:GetObject', 's3:GetObjectVersion');
const attributes = ofVersion('s3:GetObjectAttributes', 's3:GetObjectVersionAttributes');

const xml = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Object' });

/**
 * What DeleteObjects asks for each of its keys, in their order.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export function deletions(asked: Asked): { key: string; request: AccessRequest }[] {
  const { bucket } = targetOf(asked);
  const { Delete } = parsed(asked.request.body);
  return listOf(Delete?.Object).map((each) => {
    const { Key, VersionId } = isJsonObject(each) ? each : {};
    const key = textOf(Key);
    const action = VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
    return { key, request: { action, resource: objectArn(bucket, key) } };
  });
}

/** S3 refuses a body that is no XML. */
function parsed(body: Buffer): { Delete?: { Object?: unknown } } {
  try {
    return xml.parse(body);
  } catch {
    return {};
  }
}

/**
 * What a read of a missing object asks too: without it S3 answers AccessDenied in place of NoSuchKey.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function absenceRequest(asked: Asked): AccessRequest {
  return { action: 's3:ListBucket', resource: onBucket(asked) };
}

const rows: readonly [action: string, operations: readonly string[]][] = [
  ['s3:PutLifecycleConfiguration', ['PutBucketLifecycleConfiguration', 'DeleteBucketLifecycle']],
  ['s3:GetLifecycleConfiguration', ['GetBucketLifecycleConfiguration']],
  ['s3:PutMetricsConfiguration', ['PutBucketMetricsConfiguration', 'DeleteBucketMetricsConfiguration']],
  ['s3:GetMetricsConfiguration', ['GetBucketMetricsConfiguration', 'ListBucketMetricsConfigurations']],
  ['s3:PutBucketTagging', ['PutBucketTagging', 'DeleteBucketTagging']],
  ['s3:PutEncryptionConfiguration', ['PutBucketEncryption', 'DeleteBucketEncryption']],
  ['s3:GetEncryptionConfiguration', ['GetBucketEncryption']],
  ['s3:PutBucketPublicAccessBlock', ['PutPublicAccessBlock', 'DeletePublicAccessBlock']],
  ['s3:GetBucketPublicAccessBlock', ['GetPublicAccessBlock']],
  ['s3:PutBucketOwnershipControls', ['PutBucketOwnershipControls', 'DeleteBucketOwnershipControls']],
  ['s3:PutBucketNotification', ['PutBucketNotificationConfiguration']],
  ['s3:GetBucketNotification', ['GetBucketNotificationConfiguration']],
  ['s3:PutBucketCORS', ['PutBucketCors', 'DeleteBucketCors']],
  ['s3:GetBucketCORS', ['GetBucketCors']],
  ['s3:ListBucketMultipartUploads', ['ListMultipartUploads']],
  ['s3:ListBucket', ['HeadBucket']],
];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3: Rows = {
  ...sameAction('s3', onBucket, [
    ...['CreateBucket', 'DeleteBucket', 'DeleteBucketPolicy', 'GetBucketLocation', 'GetBucketOwnershipControls'],
    ...['GetBucketPolicy', 'GetBucketTagging', 'GetBucketVersioning', 'PutBucketPolicy', 'PutBucketVersioning'],
  ]),
  ...Object.fromEntries(
    rows.flatMap(([action, operations]) => operations.map((operation) => [operation, oneAction(action, onBucket)])),
  ),
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  ListObjects: listing('s3:ListBucket'),
  ListObjectsV2: listing('s3:ListBucket'),
  ListObjectVersions: listing('s3:ListBucketVersions'),
  GetObject: reading,
  HeadObject: reading,
  GetObjectAttributes: together(reading, attributes),
  PutObject: writing,
  CopyObject: together(copied, writing),
  CreateMultipartUpload: writing,
  UploadPart: oneAction('s3:PutObject', onObject),
  UploadPartCopy: together(copied, oneAction('s3:PutObject', onObject)),
  CompleteMultipartUpload: oneAction('s3:PutObject', onObject),
  AbortMultipartUpload: oneAction('s3:AbortMultipartUpload', onObject),
  ListParts: oneAction('s3:ListMultipartUploadParts', onObject),
  DeleteObject: ofVersion('s3:DeleteObject', 's3:DeleteObjectVersion'),
  DeleteObjects: (asked) => deletions(asked).map(({ request }) => request),
  GetObjectTagging: ofVersion('s3:GetObjectTagging', 's3:GetObjectVersionTagging'),
  PutObjectTagging: ofVersion('s3:PutObjectTagging', 's3:PutObjectVersionTagging'),
  DeleteObjectTagging: ofVersion('s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'),
};
