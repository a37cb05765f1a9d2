import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { deliveryAccess } from './delivery-access.ts';

/** What a delivery stream writes, and where. */
export interface RowDeliveryProps extends ConfiguredProps {
  bucket: IBucket;
  /** The folder of the rows. Ends in `/`. */
  prefix: string;
  /** The folder of what could not be delivered. Ends in `/`. */
  errorPrefix: string;
  /** How long and how much Firehose collects before it writes a file. */
  buffer: { seconds: number; mebibytes: number };
}

/**
 * A Firehose stream of a pipe. It writes rows as gzip files of JSON lines, by hour. It is an L1 construct: the L2
 * grants reading and deleting the whole bucket and adds a mapping of IP addresses by region.
 */
export class RowDelivery extends Construct {
  readonly deliveryStream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, { bucket, prefix, errorPrefix, buffer, config }: RowDeliveryProps) {
    super(scope, id);
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
        bufferingHints: { intervalInSeconds: buffer.seconds, sizeInMBs: buffer.mebibytes },
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
