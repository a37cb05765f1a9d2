import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { ServiceRole } from './service-role.ts';
import { acknowledgeObjectWildcard } from './wildcard-acknowledgements.ts';

/** What a delivery stream may do. */
export interface DeliveryAccessProps extends ConfiguredProps {
  /** The bucket that it writes to. */
  bucket: IBucket;
  /** The prefixes that it writes below. Each ends in `/`. */
  folders: readonly string[];
  /** What it needs besides, for its source and on the way. */
  statements?: readonly PolicyStatement[];
}

/** The role and the log of a delivery stream. */
export interface DeliveryAccess {
  role: Role;
  cloudWatchLoggingOptions: CfnDeliveryStream.CloudWatchLoggingOptionsProperty;
}

/** Creates role and log of a delivery stream within its construct. */
export function deliveryAccess(scope: Construct, props: DeliveryAccessProps): DeliveryAccess {
  const { bucket, folders, statements = [], config } = props;
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: config.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const logStream = new LogStream(scope, 'LogStream', { logGroup, removalPolicy: RemovalPolicy.DESTROY });
  // Firehose passes the account id as external id (AWS: "Controlling access with Amazon Data Firehose").
  const assumedBy = new ServicePrincipal('firehose.amazonaws.com').withConditions({
    StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID },
  });
  const role = new ServiceRole(scope, 'Role', {
    assumedBy,
    statements: [
      new PolicyStatement({
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [bucket.bucketArn],
      }),
      new PolicyStatement({
        actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        resources: folders.map((folder) => bucket.arnForObjects(`${folder}*`)),
      }),
      new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
      ...statements,
    ],
  });
  for (const folder of folders) {
    acknowledgeObjectWildcard(role, bucket, folder, 'Firehose names the files itself, by hour and with a random part.');
  }
  return {
    role,
    cloudWatchLoggingOptions: {
      enabled: true,
      logGroupName: logGroup.logGroupName,
      logStreamName: logStream.logStreamName,
    },
  };
}
