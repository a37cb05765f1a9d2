import { Aws, Stack } from 'aws-cdk-lib';
import { type IPrincipal, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Who may assume a service role, and what it may do then. */
export interface ServiceRoleProps {
  assumedBy: IPrincipal;
  statements: PolicyStatement[];
}

/**
 * A role with an inline policy, so that a resource that names the role is created after its policy: Pipes and Firehose
 * validate the permissions at creation.
 */
export class ServiceRole extends Role {
  constructor(scope: Construct, id: string, { assumedBy, statements }: ServiceRoleProps) {
    super(scope, id, { assumedBy, inlinePolicies: { Calls: new PolicyDocument({ statements }) } });
  }
}

/**
 * The principal of a service that acts for a resource of this account and region, such as ('pipes', 'pipe/*'). The
 * condition names the kind of resource only: the resource refers to the role, so the role cannot refer to the resource
 * (AWS: "The confused deputy problem").
 */
export function actingFor(scope: Construct, service: 'pipes' | 'states', resource: string): IPrincipal {
  const { partition, region, account } = Stack.of(scope);
  return new ServicePrincipal(`${service}.amazonaws.com`).withConditions({
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    ArnLike: { 'aws:SourceArn': `arn:${partition}:${service}:${region}:${account}:${resource}` },
  });
}
