import { AwsError } from './aws-error.ts';

/** The endpoint does not support the operation. Not retryable. */
export function unsupportedOperation(service: string, operation: string): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `${service} ${operation} is not supported by the local endpoint; docs/feature-support.md lists what is.`,
  );
}

/** The answer to a defect, without details, which could contain data. Retryable, as on AWS. */
export function internalFailure(requestId: string): AwsError {
  return new AwsError(
    'InternalFailure',
    `The local endpoint failed on this request (${requestId}). Its log has the cause.`,
    {
      statusCode: 500,
    },
  );
}
