import { AwsError } from '../gateway/aws-error.ts';

/** The error of the API model for input that is not valid, or not supported here. Not retryable. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** An alarm or a dashboard that does not exist. Not retryable. */
export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFound', message, { statusCode: 404 });
}
