import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { assumes, type Call, callsOn, logs, resourcesOf } from './call.ts';
import { administrator, arn, deployment, returnValue } from './physical.ts';

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

const functionSchema = z.object({ Role: z.string(), LoggingConfig: z.object({ LogGroup: z.string() }) });

/** AWS: "Sending Lambda function logs to CloudWatch Logs". The group exists, so it is not created. */
export function callsOfFunctions(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::Lambda::Function').flatMap(([id, properties]) => {
    const { Role, LoggingConfig } = functionSchema.parse(properties);
    const group = `${arn('logs', `log-group:${LoggingConfig.LogGroup}`)}:*`;
    return [
      { ...assumes(id, 'lambda', Role, ''), context: {} },
      ...logs(`${id} log`, Role, group, ['logs:CreateLogStream', 'logs:PutLogEvents']),
    ];
  });
}

const alarmSchema = z.object({ AlarmActions: z.array(z.string()) });

/** AWS: "Notifying users on alarm changes": CloudWatch publishes by itself, and needs the key of an encrypted topic. */
export function callsOfAlarms(template: SynthesizedTemplate): Call[] {
  const keys = resourcesOf(template, 'AWS::KMS::Key').map(([id]) => returnValue(template, id, 'Arn'));
  const cloudWatch = 'cloudwatch.amazonaws.com';
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').flatMap(([id, properties]) => {
    const context = {
      'aws:SourceAccount': deployment.account,
      'aws:SourceArn': returnValue(template, id, 'Arn'),
    };
    return [
      ...alarmSchema.parse(properties).AlarmActions.flatMap((topic) => callsOn(id, cloudWatch, topic, ['sns:Publish'])),
      ...keys.flatMap((key) => callsOn(id, cloudWatch, key, ['kms:Decrypt', 'kms:GenerateDataKey'])),
    ].map((call) => ({ ...call, context }));
  });
  // AWS: "Default key policy": without this nobody could ever change or delete the key.
  const management = keys.flatMap((key) => callsOn('the account', administrator, key, ['kms:ScheduleKeyDeletion']));
  return [...alarms, ...management];
}
