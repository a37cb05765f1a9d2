/**
 * The address of a queue by its ARN, `arn:aws:sqs:<region>:<account>:<name>`. Asking SQS for it would need the right to
 * GetQueueUrl, which a pipe on AWS does not need.
 */
export function queueUrlOf(arn: string): string {
  const [, , , region, account, name] = arn.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
