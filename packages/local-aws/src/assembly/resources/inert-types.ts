import type { CreatedResource, InertType, ResourceIdentity } from '../resource-type.ts';

type Identify = (identity: ResourceIdentity) => CreatedResource;

const byName: Identify = ({ physicalName }) => ({ ref: physicalName, attributes: {} });

/** Identified by name, with an ARN. `resource` is the part of the ARN after the account. */
function arn(
  service: string,
  resource: (name: string) => string,
  options: { global?: boolean; refIsArn?: boolean } = {},
): Identify {
  return ({ physicalName, environment: { partition, region, accountId } }) => {
    const arn = `arn:${partition}:${service}:${options.global ? '' : region}:${accountId}:${resource(physicalName)}`;
    return { ref: options.refIsArn ? arn : physicalName, attributes: { Arn: arn } };
  };
}

const kmsKey: Identify = (identity) => {
  const created = arn('kms', (name) => `key/${name}`)(identity);
  return { ref: created.ref, attributes: { ...created.attributes, KeyId: created.ref } };
};

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

const NOT_ENFORCED = 'permissions are not enforced locally';
const NO_NETWORK = 'the endpoint listens on loopback, and there are no networks behind it';
const NO_NOTEBOOK = 'there are no notebook instances; Jupyter runs on this machine';

const rows: [type: string, reason: string, identify: Identify][] = [
  ['AWS::Budgets::Budget', 'nothing is billed locally', byName],
  ['AWS::CDK::Metadata', 'usage reporting of the CDK', byName],
  ['AWS::EC2::SecurityGroup', NO_NETWORK, securityGroup],
  ['AWS::EC2::Subnet', NO_NETWORK, byName],
  ['AWS::EC2::VPC', NO_NETWORK, byName],
  ['AWS::EC2::VPCEndpoint', NO_NETWORK, byName],
  ['AWS::ECR::Repository', 'container images do not run here', repository],
  ['AWS::IAM::ManagedPolicy', NOT_ENFORCED, arn('iam', (name) => `policy/${name}`, { global: true, refIsArn: true })],
  ['AWS::IAM::Policy', NOT_ENFORCED, byName],
  ['AWS::IAM::Role', NOT_ENFORCED, arn('iam', (name) => `role/${name}`, { global: true })],
  ['AWS::KMS::Alias', 'nothing is encrypted on this machine by the runtime', byName],
  ['AWS::KMS::Key', 'nothing is encrypted on this machine by the runtime', kmsKey],
  ['AWS::Lambda::Permission', NOT_ENFORCED, byName],
  ['AWS::Logs::ResourcePolicy', NOT_ENFORCED, byName],
  ['AWS::S3::BucketPolicy', NOT_ENFORCED, byName],
  ['AWS::SageMaker::NotebookInstance', NO_NOTEBOOK, byName],
  ['AWS::SageMaker::NotebookInstanceLifecycleConfig', NO_NOTEBOOK, lifecycleConfig],
  ['AWS::SNS::TopicPolicy', NOT_ENFORCED, byName],
  ['AWS::SQS::QueuePolicy', NOT_ENFORCED, byName],
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
