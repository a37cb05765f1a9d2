import { CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Tells cdk-nag why a statement of `role` covers every object of `bucket` whose key begins with `prefix`. */
export function acknowledgeObjectWildcard(role: Role, bucket: IBucket, prefix: string, reason: string): void {
  const bucketArn = `<${logicalId(bucket)}.Arn>`;
  Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${bucketArn}/${prefix}*]`, reason });
}

/** Tells cdk-nag why a statement of `role` covers all resources. */
export function acknowledgeResourceWildcard(role: Role, reason: string): void {
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason });
}

function logicalId(bucket: IBucket): string {
  const { defaultChild } = bucket.node;
  if (!CfnElement.isCfnElement(defaultChild)) throw new Error(`${bucket.node.path} is not a bucket of this app.`);
  return Stack.of(bucket).getLogicalId(defaultChild);
}
