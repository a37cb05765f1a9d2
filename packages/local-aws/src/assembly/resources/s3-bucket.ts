import {
  BucketLocationConstraint,
  CreateBucketCommand,
  HeadBucketCommand,
  NotFound,
  PutBucketMetricsConfigurationCommand,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export const s3Bucket = resourceType({
  type: 'AWS::S3::Bucket',
  nameProperty: 'BucketName',
  nameMaxLength: 63,
  lowerCaseName: true,
  attributes: ['Arn', 'DomainName', 'RegionalDomainName'],
  schema: z.strictObject({
    BucketName: z.string().optional(),
    MetricsConfigurations: z.array(z.strictObject({ Id: z.string(), Prefix: z.string().optional() })).optional(),
  }),
  inert: {
    BucketEncryption: 'nothing is encrypted on this machine by the runtime',
    LifecycleConfiguration: 'objects are never expired; the data folder is yours to empty',
    LoggingConfiguration: 'there are no access logs',
    OwnershipControls: 'there is one account',
    PublicAccessBlockConfiguration: 'the endpoint listens on loopback only and checks no permissions',
    Tags: 'tags change no behaviour',
  },
  async create({ physicalName, environment: { region } }, { MetricsConfigurations = [] }, { clients: { s3 } }) {
    try {
      await s3.send(new HeadBucketCommand({ Bucket: physicalName }));
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
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
    for (const { Id, Prefix } of MetricsConfigurations) {
      await s3.send(
        new PutBucketMetricsConfigurationCommand({
          Bucket: physicalName,
          Id,
          MetricsConfiguration: { Id, ...(Prefix !== undefined && { Filter: { Prefix } }) },
        }),
      );
    }
    return {
      ref: physicalName,
      attributes: {
        Arn: `arn:aws:s3:::${physicalName}`,
        DomainName: `${physicalName}.s3.amazonaws.com`,
        RegionalDomainName: `${physicalName}.s3.${region}.amazonaws.com`,
      },
    };
  },
});
