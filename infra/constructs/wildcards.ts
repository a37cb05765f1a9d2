import { CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Records, for cdk-nag, why `role` may touch every object whose key begins with `prefix`. */
export function explainObjects(role: Role, bucket: IBucket, prefix: string, reason: string): void {
  const bucketArn = `<${logicalId(bucket)}.Arn>`;
  Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${bucketArn}/${prefix}*]`, reason });
}

/** Records, for cdk-nag, why `role` has a statement on all resources. */
export function explainAllResources(role: Role, reason: string): void {
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason });
}

function logicalId(bucket: IBucket): string {
  const { defaultChild } = bucket.node;
  if (!CfnElement.isCfnElement(defaultChild)) throw new Error(`${bucket.node.path} is not a bucket of this app.`);
  return Stack.of(bucket).getLogicalId(defaultChild);
}
