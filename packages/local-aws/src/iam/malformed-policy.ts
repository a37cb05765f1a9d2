import { AwsError } from '../gateway/aws-error.ts';

/**
 * The error of IAM for a policy that is none, with what is wrong and where: `Statement[0].Effect`.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export function malformedPolicy(at: string, problem: string): AwsError {
  return new AwsError('MalformedPolicyDocument', `Syntax error in the policy at ${at}: ${problem}`);
}
