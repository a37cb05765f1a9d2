import type { Random } from '@tweet-pipes/kit/random';
import { AwsError } from '../gateway/aws-error.ts';

interface ErrorName {
  readonly name: string;
  readonly statusCode: number;
  readonly message: string;
  /** The operations that have this error. Default: all of the service. */
  readonly operations?: readonly string[];
}

interface ServiceErrors {
  readonly throttling: readonly ErrorName[];
  readonly server: readonly ErrorName[];
}

const rateExceeded = 'Rate exceeded';
const internal = 'An internal error occurred; injected fault.';
const unavailable = 'Service is unavailable, please try again; injected fault.';
const commonServerErrors: readonly ErrorName[] = [
  { name: 'InternalFailure', statusCode: 500, message: internal },
  { name: 'ServiceUnavailable', statusCode: 503, message: unavailable },
];

/**
 * Error names for throttling and server failures, from the services' API references: kinesis, dynamodb, firehose,
 * lambda, pipes, states, AmazonS3, AWSSimpleQueueService, AWSCloudFormation, STS and comprehend under
 * https://docs.aws.amazon.com/. The status codes of SQS's JSON protocol, of Step Functions' throttling and of
 * Comprehend's are from memory.
 */
const errors: Readonly<Record<string, ServiceErrors>> = {
  kinesis: {
    throttling: [
      {
        name: 'ProvisionedThroughputExceededException',
        statusCode: 400,
        message: 'Rate exceeded for shard; injected fault.',
        operations: ['PutRecord', 'PutRecords', 'GetRecords', 'GetShardIterator'],
      },
      { name: 'LimitExceededException', statusCode: 400, message: rateExceeded },
    ],
    server: commonServerErrors,
  },
  dynamodb: {
    throttling: [
      {
        name: 'LimitExceededException',
        statusCode: 400,
        message: rateExceeded,
        operations: ['DescribeStream', 'ListStreams', 'GetRecords'],
      },
      {
        name: 'ProvisionedThroughputExceededException',
        statusCode: 400,
        message: 'The level of configured provisioned throughput for the table was exceeded; injected fault.',
      },
      {
        name: 'ThrottlingException',
        statusCode: 400,
        message: 'Throughput exceeds the current capacity; injected fault.',
      },
      {
        name: 'RequestLimitExceeded',
        statusCode: 400,
        message: 'Throughput exceeds the current throughput limit for your account.',
      },
    ],
    server: [
      { name: 'InternalServerError', statusCode: 500, message: internal },
      { name: 'ServiceUnavailable', statusCode: 503, message: unavailable },
    ],
  },
  firehose: {
    throttling: [{ name: 'ServiceUnavailableException', statusCode: 503, message: 'Slow down.' }],
    server: commonServerErrors,
  },
  comprehend: {
    throttling: [{ name: 'ThrottlingException', statusCode: 400, message: rateExceeded }],
    server: [{ name: 'InternalServerException', statusCode: 500, message: internal }],
  },
  lambda: {
    throttling: [{ name: 'TooManyRequestsException', statusCode: 429, message: 'Rate Exceeded.' }],
    server: [{ name: 'ServiceException', statusCode: 500, message: internal }],
  },
  s3: {
    throttling: [{ name: 'SlowDown', statusCode: 503, message: 'Please reduce your request rate.' }],
    server: [
      { name: 'InternalError', statusCode: 500, message: 'We encountered an internal error. Please try again.' },
      { name: 'ServiceUnavailable', statusCode: 503, message: unavailable },
    ],
  },
  states: {
    throttling: [{ name: 'ThrottlingException', statusCode: 400, message: rateExceeded }],
    server: commonServerErrors,
  },
  pipes: {
    throttling: [{ name: 'ThrottlingException', statusCode: 429, message: rateExceeded }],
    server: [{ name: 'InternalException', statusCode: 500, message: internal }],
  },
  sqs: {
    throttling: [{ name: 'RequestThrottled', statusCode: 403, message: rateExceeded }],
    server: commonServerErrors,
  },
};
const others: ServiceErrors = {
  throttling: [{ name: 'Throttling', statusCode: 400, message: rateExceeded }],
  server: commonServerErrors,
};

/** A throttling error of the operation. */
export function throttlingError(service: string, operation: string, random: Random): AwsError {
  const fitting = (errors[service] ?? others).throttling.filter((error) => appliesToOperation(error, operation));
  // Prefer errors that are specific to the operation.
  const own = fitting.filter(({ operations }) => operations !== undefined);
  return chooseError(own.length > 0 && service === 'kinesis' ? own : fitting, random);
}

/** A server error of the operation. */
export function serverError(service: string, operation: string, random: Random): AwsError {
  const fitting = (errors[service] ?? others).server.filter((error) => appliesToOperation(error, operation));
  return chooseError(fitting, random);
}

function appliesToOperation({ operations }: ErrorName, operation: string): boolean {
  return operations === undefined || operations.includes(operation);
}

function chooseError(from: readonly ErrorName[], random: Random): AwsError {
  const { name, message, statusCode } = from[Math.floor(random.next() * from.length)] ?? {
    name: 'InternalFailure',
    message: internal,
    statusCode: 500,
  };
  return new AwsError(name, message, { statusCode });
}
