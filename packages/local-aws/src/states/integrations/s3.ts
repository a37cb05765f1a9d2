import {
  GetObjectCommand,
  type GetObjectCommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Integration } from './integration.ts';
import { sdkAnswer } from './sdk-json.ts';
import { type ErrorNaming, taskError } from './service-errors.ts';

const NAMING: ErrorNaming = {
  prefix: 'S3',
  unmodelled: 'S3Exception',
  service: 'S3',
  sdk: 'java-2',
  hasExtendedRequestId: true,
};

// Timestamps, customer keys and locks are not supported as arguments.
const PUT_OBJECT = [
  'Bucket',
  'Key',
  'Body',
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'IfMatch',
  'IfNoneMatch',
  'Metadata',
  'ServerSideEncryption',
  'SSEKMSKeyId',
  'BucketKeyEnabled',
  'StorageClass',
  'Tagging',
  'ExpectedBucketOwner',
] satisfies (keyof PutObjectCommandInput)[];
const GET_OBJECT = [
  'Bucket',
  'Key',
  'IfMatch',
  'IfNoneMatch',
  'PartNumber',
  'Range',
  'VersionId',
  'ExpectedBucketOwner',
] satisfies (keyof GetObjectCommandInput)[];

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html} */
export const s3Integrations: readonly Integration[] = [
  {
    resource: 'arn:aws:states:::aws-sdk:s3:putObject',
    resourceType: 'aws-sdk:s3',
    action: 'putObject',
    argumentNames: new Set(PUT_OBJECT),
    call: async (clients, input, abortSignal) => {
      try {
        return sdkAnswer(await clients.s3.send(new PutObjectCommand(putObjectInput(input)), { abortSignal }));
      } catch (error) {
        throw taskError(error, NAMING, S3ServiceException);
      }
    },
  },
  {
    resource: 'arn:aws:states:::aws-sdk:s3:getObject',
    resourceType: 'aws-sdk:s3',
    action: 'getObject',
    argumentNames: new Set(GET_OBJECT),
    call: async (clients, input, abortSignal) => {
      try {
        const answer = await clients.s3.send(new GetObjectCommand(input as unknown as GetObjectCommandInput), {
          abortSignal,
        });
        const { Body, ...members } = answer;
        return { ...sdkAnswer(members), Body: Body === undefined ? '' : await Body.transformToString('utf-8') };
      } catch (error) {
        throw taskError(error, NAMING, S3ServiceException);
      }
    },
  },
];

/**
 * Recorded on AWS by others (LocalStack's public snapshots): every Body is written as JSON, so a string gets quotes.
 * The content type is plain text unless the state sets another.
 */
function putObjectInput(input: JsonObject): PutObjectCommandInput {
  const { Body, ...members } = input;
  return {
    ContentType: 'text/plain; charset=UTF-8',
    ...(members as unknown as PutObjectCommandInput),
    ...(Body === undefined ? {} : { Body: JSON.stringify(Body) }),
  };
}
