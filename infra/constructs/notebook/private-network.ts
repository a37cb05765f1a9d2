import { Stack, Validations } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSubnet, CfnVPC, CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** 16 addresses, of which AWS takes five; three are used. */
const addresses = '10.0.0.0/28';

/** Who calls what from the network. */
export interface PrivateNetworkProps {
  /** ARN of the only role whose calls the endpoints let pass. */
  callerArn: string;
  /** The calls, by service as in `com.amazonaws.<region>.<service>`. */
  calls: Readonly<Record<string, PolicyStatement>>;
}

/**
 * A subnet without a way to the internet, to other networks and from either: no gateway, no NAT, and endpoints for the
 * given services only.
 */
export class PrivateNetwork extends Construct {
  readonly subnetId: string;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, { callerArn, calls }: PrivateNetworkProps) {
    super(scope, id);
    const vpc = new CfnVPC(this, 'Vpc', { cidrBlock: addresses, enableDnsSupport: true, enableDnsHostnames: true });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason: 'No route leads out of this network. CloudTrail has the calls through its endpoints.',
    });
    // EC2 chooses the availability zone.
    const subnet = new CfnSubnet(this, 'Subnet', {
      vpcId: vpc.ref,
      cidrBlock: addresses,
      mapPublicIpOnLaunch: false,
    });
    const https = { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: addresses };
    const securityGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      groupDescription: 'HTTPS between the notebook instance and the endpoints.',
      vpcId: vpc.ref,
      securityGroupIngress: [{ ...https, description: 'Calls that reach the endpoints.' }],
      securityGroupEgress: [{ ...https, description: 'Calls that leave the notebook instance.' }],
    });
    for (const [service, call] of Object.entries(calls)) {
      new CfnVPCEndpoint(this, service, {
        vpcEndpointType: 'Interface',
        vpcId: vpc.ref,
        serviceName: `com.amazonaws.${Stack.of(this).region}.${service}`,
        subnetIds: [subnet.ref],
        securityGroupIds: [securityGroup.attrGroupId],
        privateDnsEnabled: true,
        policyDocument: new PolicyDocument({
          statements: [
            new PolicyStatement({
              principals: [new AnyPrincipal()],
              actions: call.actions,
              resources: call.resources,
              conditions: { ArnEquals: { 'aws:PrincipalArn': callerArn } },
            }),
          ],
        }),
      });
    }
    this.subnetId = subnet.ref;
    this.securityGroupId = securityGroup.attrGroupId;
  }
}
