import { expect, it } from '@jest/globals';
import { s3Operations } from '../../src/engines/s3-operations.ts';
import { UnitMeter } from '../../src/meter/meter.ts';
import { meterS3 } from '../../src/meter/s3-requests.ts';

function metered(operation: string, statusCode = 200) {
  const meter = new UnitMeter();
  meterS3(operation, { body: Buffer.alloc(500) }, { statusCode }, meter, 'stack');
  const { s3Writes, s3Reads, s3StoredBytes } = meter.stack;
  return { s3Writes, s3Reads, s3StoredBytes };
}

it('counts requests and bytes of puts', () => {
  expect(metered('PutObject')).toEqual({ s3Writes: 1, s3Reads: 0, s3StoredBytes: 500 });
});

it('counts a refused request, but not a server error', () => {
  expect(metered('PutObject', 412)).toEqual({ s3Writes: 1, s3Reads: 0, s3StoredBytes: 0 });
  expect(metered('PutObject', 503)).toEqual({ s3Writes: 0, s3Reads: 0, s3StoredBytes: 0 });
});

it('counts each operation in the class in which S3 bills it', () => {
  const of = (kind: 's3Writes' | 's3Reads') => s3Operations.filter((operation) => metered(operation)[kind] > 0).sort();
  expect(of('s3Writes')).toEqual([
    'CompleteMultipartUpload',
    'CopyObject',
    'CreateMultipartUpload',
    'ListBuckets',
    'ListObjectVersions',
    'ListObjects',
    'ListObjectsV2',
    'PutObject',
    'UploadPart',
    'UploadPartCopy',
  ]);
  expect(of('s3Reads')).toEqual(['GetObject', 'GetObjectAttributes', 'HeadObject']);
});
