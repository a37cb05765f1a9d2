import type { CreatedResource, InertType, ResourceIdentity } from '../resource-type.ts';

type Identify = (identity: ResourceIdentity) => CreatedResource;

const byName: Identify = ({ physicalName }) => ({ ref: physicalName, attributes: {} });

const securityGroup: Identify = ({ physicalName }) => ({ ref: physicalName, attributes: { GroupId: physicalName } });

const lifecycleConfig: Identify = ({ physicalName }) => ({
  ref: physicalName,
  attributes: { NotebookInstanceLifecycleConfigName: physicalName },
});

const repository: Identify = ({ physicalName, environment: { partition, region, accountId, urlSuffix } }) => ({
  ref: physicalName,
  attributes: {
    Arn: `arn:${partition}:ecr:${region}:${accountId}:repository/${physicalName}`,
    RepositoryUri: `${accountId}.dkr.ecr.${region}.${urlSuffix}/${physicalName}`,
  },
});

const NO_NETWORK = 'the endpoint listens on loopback, and there are no networks behind it';
const NO_NOTEBOOK = 'there are no notebook instances; Jupyter runs on this machine';

const NO_SCALING = 'nothing is throttled by provisioned capacity';

const rows: [type: string, reason: string, identify: Identify][] = [
  ['AWS::ApplicationAutoScaling::ScalableTarget', NO_SCALING, byName],
  ['AWS::ApplicationAutoScaling::ScalingPolicy', NO_SCALING, byName],
  ['AWS::Budgets::Budget', 'nothing is billed locally', byName],
  ['AWS::CDK::Metadata', 'usage reporting of the CDK', byName],
  ['AWS::EC2::SecurityGroup', NO_NETWORK, securityGroup],
  ['AWS::EC2::Subnet', NO_NETWORK, byName],
  ['AWS::EC2::VPC', NO_NETWORK, byName],
  ['AWS::EC2::VPCEndpoint', NO_NETWORK, byName],
  ['AWS::ECR::Repository', 'container images do not run here', repository],
  ['AWS::KMS::Alias', 'nothing is encrypted on this machine by the runtime', byName],
  ['AWS::Logs::ResourcePolicy', 'only the delivery of logs by AWS itself needs it', byName],
  ['AWS::SageMaker::NotebookInstance', NO_NOTEBOOK, byName],
  ['AWS::SageMaker::NotebookInstanceLifecycleConfig', NO_NOTEBOOK, lifecycleConfig],
];

/**
 * Resource types that are accepted and do nothing locally, with the reason and the values of references to them.
 */
export const inertTypes: readonly InertType[] = rows.map(([type, reason, identify]) => ({
  handling: 'inert',
  type,
  reason,
  identify,
}));
