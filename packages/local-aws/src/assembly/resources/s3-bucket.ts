import {
  BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketMetricsConfigurationCommand,
  HeadBucketCommand,
  ListBucketMetricsConfigurationsCommand,
  PutBucketMetricsConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { bucketArn } from '../../iam/resource-owners.ts';
import { resourceType } from '../resource-type.ts';
import { cfnBoolean } from '../values.ts';

const metrics = z.array(z.strictObject({ Id: z.string(), Prefix: z.string().optional() }));
const encryption = z.strictObject({
  ServerSideEncryptionConfiguration: z.array(
    z.strictObject({
      BucketKeyEnabled: cfnBoolean.default(false),
      ServerSideEncryptionByDefault: z.strictObject({ KMSMasterKeyID: z.string().optional() }).optional(),
    }),
  ),
});
const RULE = 'BucketEncryption.ServerSideEncryptionConfiguration[]';
const NOT_ENCRYPTED = 'nothing is encrypted on this machine by the runtime';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export const s3Bucket = resourceType({
  type: 'AWS::S3::Bucket',
  nameProperty: 'BucketName',
  nameMaxLength: 63,
  lowerCaseName: true,
  attributes: ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName'],
  schema: z.strictObject({
    BucketName: z.string().optional(),
    BucketEncryption: encryption.optional(),
    MetricsConfigurations: metrics.default([]),
  }),
  inert: {
    AccelerateConfiguration: 'a matter of speed',
    AccessControl: 'there is one account',
    [`${RULE}.BlockedEncryptionTypes`]: NOT_ENCRYPTED,
    [`${RULE}.ServerSideEncryptionByDefault.SSEAlgorithm`]: NOT_ENCRYPTED,
    CorsConfiguration: 'web pages cannot reach the endpoint',
    IntelligentTieringConfigurations: 'a matter of price',
    LifecycleConfiguration: 'objects are never expired; the data folder is yours to empty',
    LoggingConfiguration: 'there are no access logs',
    OwnershipControls: 'there is one account',
    PublicAccessBlockConfiguration: 'the endpoint listens on loopback only',
    Tags: 'tags change no behaviour',
    VersioningConfiguration: 'an object has one version: what is overwritten or deleted is gone',
  },
  exists: async ({ physicalName }, _properties, { clients: { s3 } }) => isThere(s3, physicalName),
  /** S3 takes one rule at most. */
  encryptionKey({ BucketEncryption }) {
    const [rule] = BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
    return { id: rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID, isBucketKey: rule?.BucketKeyEnabled };
  },
  async create({ physicalName, environment: { region } }, { MetricsConfigurations }, { clients: { s3 } }) {
    if (!(await isThere(s3, physicalName))) {
      await s3.send(
        new CreateBucketCommand({
          Bucket: physicalName,
          // S3 refuses us-east-1 as a constraint: no constraint means us-east-1.
          ...(region === 'us-east-1'
            ? {}
            : { CreateBucketConfiguration: { LocationConstraint: z.enum(BucketLocationConstraint).parse(region) } }),
        }),
      );
    }
    await setMetrics(s3, physicalName, MetricsConfigurations);
    return {
      ref: physicalName,
      attributes: {
        Arn: bucketArn(physicalName),
        DomainName: `${physicalName}.s3.amazonaws.com`,
        DualStackDomainName: `${physicalName}.s3.dualstack.${region}.amazonaws.com`,
        RegionalDomainName: `${physicalName}.s3.${region}.amazonaws.com`,
      },
    };
  },
  /** Throws `BucketNotEmpty`. */
  async delete({ ref: Bucket }, { clients: { s3 } }) {
    await unlessError(s3.send(new DeleteBucketCommand({ Bucket })), 'NoSuchBucket');
  },
});

async function isThere(s3: S3Client, Bucket: string): Promise<boolean> {
  return (await unlessError(s3.send(new HeadBucketCommand({ Bucket })), 'NotFound')) !== undefined;
}

async function setMetrics(s3: S3Client, Bucket: string, wanted: z.infer<typeof metrics>): Promise<void> {
  const { MetricsConfigurationList = [] } = await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }));
  for (const { Id } of MetricsConfigurationList) {
    if (wanted.some((each) => each.Id === Id)) continue;
    await s3.send(new DeleteBucketMetricsConfigurationCommand({ Bucket, Id }));
  }
  for (const { Id, Prefix } of wanted) {
    const MetricsConfiguration = { Id, ...(Prefix !== undefined && { Filter: { Prefix } }) };
    await s3.send(new PutBucketMetricsConfigurationCommand({ Bucket, Id, MetricsConfiguration }));
  }
}
