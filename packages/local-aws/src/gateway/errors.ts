import { AwsError } from './aws-error.ts';

/** The operation exists on AWS, or may; this endpoint does not do it. Never worth a retry. */
export function unsupportedOperation(service: string, operation: string): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `${service} ${operation} is not supported by the local endpoint; docs/feature-support.md lists what is.`,
  );
}

/** What a caller sees of a defect of ours: no detail, which may hold its data. Retryable, as on AWS. */
export function internalFailure(requestId: string): AwsError {
  return new AwsError(
    'InternalFailure',
    `The local endpoint failed on this request (${requestId}); its log says more.`,
    {
      statusCode: 500,
    },
  );
}
