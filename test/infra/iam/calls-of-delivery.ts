import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { assumes, type Call, callsOn, logs, resourcesOf } from './call.ts';
import { arn, deployment } from './physical.ts';

const deliverySchema = z.object({
  ExtendedS3DestinationConfiguration: z.object({
    RoleARN: z.string(),
    BucketARN: z.string(),
    Prefix: z.string(),
    ErrorOutputPrefix: z.string(),
    CloudWatchLoggingOptions: z.object({ LogGroupName: z.string() }),
  }),
});

/** AWS: "Grant Firehose access to an Amazon S3 destination". Firehose gives the account as external id. */
export function callsOfDeliveries(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream').flatMap(([id, properties]) => {
    const destination = deliverySchema.parse(properties).ExtendedS3DestinationConfiguration;
    const by = destination.RoleARN;
    const bucket = destination.BucketARN;
    const files = [destination.Prefix, destination.ErrorOutputPrefix].map(
      (prefix) => `${bucket}/${prefix.replaceAll(/!\{[^}]+\}/g, '2026')}file.jsonl.gz`,
    );
    const group = `${arn('logs', `log-group:${destination.CloudWatchLoggingOptions.LogGroupName}`)}:*`;
    return [
      { ...assumes(id, 'firehose', by, ''), context: { 'sts:ExternalId': deployment.account } },
      ...callsOn(id, by, bucket, ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads']),
      ...files.flatMap((file) => callsOn(id, by, file, ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'])),
      ...logs(`${id} log`, by, group, ['logs:PutLogEvents']),
    ];
  });
}
