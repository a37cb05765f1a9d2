import { Aws, Stack } from 'aws-cdk-lib';
import { type IPrincipal, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Who may assume a service role, and what it may do then. */
export interface ServiceRoleProps {
  assumedBy: IPrincipal;
  statements: PolicyStatement[];
}

/**
 * A role whose policy is part of it. Whatever names the role therefore exists only after the policy, which Pipes and
 * Firehose try out when they are created.
 */
export class ServiceRole extends Role {
  constructor(scope: Construct, id: string, { assumedBy, statements }: ServiceRoleProps) {
    super(scope, id, { assumedBy, inlinePolicies: { Calls: new PolicyDocument({ statements }) } });
  }
}

/**
 * A service that acts for one of our resources, such as ('pipes', 'pipe/*'), in this account and region. The trust is
 * conditioned on the kind of resource and not on its name: the resource names the role, so the role cannot name the
 * resource (AWS: "The confused deputy problem").
 */
export function actingFor(scope: Construct, service: 'pipes' | 'states', resource: string): IPrincipal {
  const { partition, region, account } = Stack.of(scope);
  return new ServicePrincipal(`${service}.amazonaws.com`).withConditions({
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    ArnLike: { 'aws:SourceArn': `arn:${partition}:${service}:${region}:${account}:${resource}` },
  });
}
