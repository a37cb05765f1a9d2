import type { WireRequest, WireResponse } from '../gateway/wire.ts';
import type { Meter, Payer } from './meter.ts';

/** Deletions and aborted uploads are free on AWS. Bucket settings belong to the deployment and are not counted. */
const FREE = /^(Delete|Abort|CreateBucket|HeadBucket|PutBucket|GetBucket|ListBucketMetrics)/;
const WRITES = /^(Put|Copy|List|Create|Complete|Upload)/;

/** Counts one request to S3. Refused requests (4xx) count, as on AWS; server errors do not. */
export function meterS3(
  operation: string,
  request: Pick<WireRequest, 'body'>,
  answer: Pick<WireResponse, 'statusCode'>,
  meter: Meter,
  payer: Payer,
): void {
  if (answer.statusCode >= 500 || FREE.test(operation)) return;
  meter.add(WRITES.test(operation) ? 's3Writes' : 's3Reads', 1, payer);
  if (answer.statusCode === 200 && (operation === 'PutObject' || operation === 'UploadPart')) {
    meter.add('s3StoredBytes', request.body.length, payer);
  }
}
