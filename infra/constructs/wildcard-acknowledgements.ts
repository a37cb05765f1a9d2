import { CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import * as z from 'zod';

const importedName = z.strictObject({ 'Fn::ImportValue': z.string() });

/**
 * Tells cdk-nag why a statement of `role` covers every object of `bucket` whose key begins with `prefix`. The bucket is
 * of this app, or its name is imported from another stack.
 */
export function acknowledgeObjectWildcard(role: Role, bucket: IBucket, prefix: string, reason: string): void {
  const imported = importedName.safeParse(Stack.of(role).resolve(bucket.bucketName));
  const arn = imported.success
    ? `arn:<AWS::Partition>:s3:::${imported.data['Fn::ImportValue']}`
    : `<${Stack.of(bucket).getLogicalId(bucketElement(bucket))}.Arn>`;
  acknowledgeWildcard(role, `${arn}/${prefix}*`, reason);
}

function bucketElement({ node }: IBucket): CfnElement {
  if (!CfnElement.isCfnElement(node.defaultChild)) throw new Error(`${node.path} is not a bucket of this app.`);
  return node.defaultChild;
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
