import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { AwsError } from '../gateway/aws-error.ts';
import { validationError } from './validation-error.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const BODY_LIMIT_BYTES = 51_200;
const URL_LIMIT_BYTES = 1_048_576;

/** Where a request says that its template is. */
export interface TemplateSource {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
}

/** The text of the template, if the request has one. Throws AwsError `ValidationError`. */
export async function templateText(
  { TemplateBody: body, TemplateURL: url }: TemplateSource,
  clients: () => AwsClients,
): Promise<string | undefined> {
  if (body !== undefined && url !== undefined) {
    throw validationError('Specify TemplateBody or TemplateURL, and not both.');
  }
  if (body !== undefined && Buffer.byteLength(body) > BODY_LIMIT_BYTES) {
    throw validationError(
      `TemplateBody may have ${BODY_LIMIT_BYTES} bytes. Put a larger template into a bucket and give its TemplateURL.`,
    );
  }
  return url === undefined ? body : readObject(url, clients);
}

/** The object comes from the endpoint's own buckets, whatever the URL's host. */
async function readObject(url: string, clients: () => AwsClients): Promise<string> {
  const { bucket, key } = objectOf(url);
  let text: string;
  try {
    const { Body } = await clients().s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    text = (await Body?.transformToString('utf-8')) ?? '';
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    throw new AwsError(
      'ValidationError',
      `S3 error: ${error.name}: there is no object ${key} in the bucket ${bucket} of the local endpoint. ` +
        'Upload the template with AWS_ENDPOINT_URL set too.',
      { cause: error },
    );
  }
  if (Buffer.byteLength(text) > URL_LIMIT_BYTES) {
    throw validationError(`Template may not exceed ${URL_LIMIT_BYTES} bytes in size.`);
  }
  return text;
}

/**
 * The object that a URL names, in path style (`https://s3.us-east-1.amazonaws.com/bucket/key`,
 * `http://127.0.0.1:4566/…`) or virtual style (`https://bucket.s3.amazonaws.com/key`), or as `s3://bucket/key`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
function objectOf(url: string): { bucket: string; key: string } {
  const [, scheme, host = '', path = ''] = /^(https?|s3):\/\/([^/?#]+)\/([^?#]*)/.exec(url) ?? [];
  const [, virtual] = /^(.+?)\.s3(?:[.-][a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|localhost)(?::\d+)?$/.exec(host) ?? [];
  const parts = decoded(path).split('/');
  const bucket = scheme === 's3' ? host : (virtual ?? parts.shift() ?? '');
  const key = parts.join('/');
  if (scheme === undefined || bucket === '' || key === '') {
    throw validationError(`TemplateURL must reference a valid S3 object to which you have access: ${url}`);
  }
  return { bucket, key };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
