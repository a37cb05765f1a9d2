import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { bucketPrefixes } from './archive-bucket.ts';
import { deliveryAccess } from './delivery-access.ts';

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
    const { role, cloudWatchLoggingOptions } = deliveryAccess(this, {
      bucket,
      folders: [prefix, errorPrefix],
      config,
    });

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
        cloudWatchLoggingOptions,
      },
    });
  }
}
