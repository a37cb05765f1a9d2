import { CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Tells cdk-nag why a statement of `role` covers every object of `bucket` whose key begins with `prefix`. */
export function acknowledgeObjectWildcard(role: Role, bucket: IBucket, prefix: string, reason: string): void {
  const { defaultChild } = bucket.node;
  if (!CfnElement.isCfnElement(defaultChild)) throw new Error(`${bucket.node.path} is not a bucket of this app.`);
  acknowledgeWildcard(role, `<${Stack.of(bucket).getLogicalId(defaultChild)}.Arn>/${prefix}*`, reason);
}

/** Tells cdk-nag why a statement of `role` covers all resources. */
export function acknowledgeResourceWildcard(role: Role, reason: string): void {
  acknowledgeWildcard(role, '*', reason);
}

/** Tells cdk-nag why a statement of `role` covers a pattern of resources of `service` in its account and region. */
export function acknowledgeServiceWildcard(role: Role, service: string, pattern: string, reason: string): void {
  acknowledgeWildcard(role, `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${pattern}`, reason);
}

function acknowledgeWildcard(role: Role, resource: string, reason: string): void {
  Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
