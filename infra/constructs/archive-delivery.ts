import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { bucketPrefixes } from './archive-bucket.ts';
import { ServiceRole } from './service-role.ts';
import { acknowledgeObjectWildcard } from './wildcard-acknowledgements.ts';

/** What a delivery stream writes, and where. */
export interface ArchiveDeliveryProps extends ConfiguredProps {
  bucket: IBucket;
  /** The folder below `deleted/` and `errors/`, such as `tweets`. */
  table: string;
}

/**
 * The Firehose stream of one archive. It writes rows as gzip files of JSON lines, by hour. It is an L1 construct: the
 * L2 grants reading and deleting the whole bucket and adds a mapping of IP addresses by region.
 */
export class ArchiveDelivery extends Construct {
  readonly deliveryStream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, { bucket, table, config }: ArchiveDeliveryProps) {
    super(scope, id);
    const prefix = `${bucketPrefixes.deleted}${table}/`;
    const errorPrefix = `${bucketPrefixes.errors}${table}/`;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logStream = new LogStream(this, 'LogStream', { logGroup, removalPolicy: RemovalPolicy.DESTROY });
    // Firehose passes the account id as external id (AWS: "Controlling access with Amazon Data Firehose").
    const assumedBy = new ServicePrincipal('firehose.amazonaws.com').withConditions({
      StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID },
    });
    const role = new ServiceRole(this, 'Role', {
      assumedBy,
      statements: [
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
          resources: [bucket.bucketArn],
        }),
        new PolicyStatement({
          actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
          resources: [bucket.arnForObjects(`${prefix}*`), bucket.arnForObjects(`${errorPrefix}*`)],
        }),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
      ],
    });
    for (const folder of [prefix, errorPrefix]) {
      acknowledgeObjectWildcard(
        role,
        bucket,
        folder,
        'Firehose names the files itself, by hour and with a random part.',
      );
    }

    this.deliveryStream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${prefix}!{timestamp:yyyy/MM/dd/HH}/`,
        errorOutputPrefix: `${errorPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`,
        compressionFormat: 'GZIP',
        fileExtension: '.jsonl.gz',
        bufferingHints: {
          intervalInSeconds: config.archiveBufferSeconds,
          sizeInMBs: config.archiveBufferMebibytes,
        },
        processingConfiguration: {
          enabled: true,
          processors: [
            { type: 'AppendDelimiterToRecord', parameters: [{ parameterName: 'Delimiter', parameterValue: '\\n' }] },
          ],
        },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: logGroup.logGroupName,
          logStreamName: logStream.logStreamName,
        },
      },
    });
  }
}
