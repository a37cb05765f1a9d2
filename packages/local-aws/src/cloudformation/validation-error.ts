import { AwsError } from '../gateway/aws-error.ts';

/** The error of CloudFormation for a request that it cannot accept. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
