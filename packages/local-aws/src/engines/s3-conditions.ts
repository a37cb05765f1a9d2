import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../gateway/aws-error.ts';
import type { WireRequest } from '../gateway/wire.ts';

/** The headers of a conditional write. */
export interface WriteConditions {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/**
 * Conditional writes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html. `etag` is the
 * stored object's, in quotes, undefined without an object. Throws `PreconditionFailed` (412), or `NoSuchKey` for
 * If-Match without an object.
 */
export function checkWriteConditions(headers: WriteConditions, etag: string | undefined): void {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new AwsError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented: If-None-Match of a write takes * only.',
      {
        statusCode: 501,
      },
    );
  }
  if (ifMatch !== undefined && etag === undefined) {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { statusCode: 404 });
  }
  const failed =
    (ifNoneMatch === '*' && etag !== undefined) ||
    (ifMatch !== undefined && withoutQuotes(ifMatch) !== withoutQuotes(etag ?? ''));
  if (failed) {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
      statusCode: 412,
    });
  }
}

const digests: Readonly<Record<string, (body: Buffer) => string>> = {
  'content-md5': (body) => createHash('md5').update(body).digest('base64'),
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest('base64'),
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest('base64'),
  'x-amz-checksum-crc32': (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
};

/**
 * Verifies the digests in the headers, which the engine does not. Skips aws-chunked bodies, whose digest follows them.
 * Throws `BadDigest`.
 */
export function checkDigests(request: WireRequest): void {
  if (request.headers['content-encoding']?.includes('aws-chunked') === true) return;
  for (const [header, digest] of Object.entries(digests)) {
    const claimed = request.headers[header];
    if (claimed !== undefined && claimed !== digest(request.body)) {
      throw new AwsError('BadDigest', `The ${header} you specified did not match what we received.`);
    }
  }
}

function withoutQuotes(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}
