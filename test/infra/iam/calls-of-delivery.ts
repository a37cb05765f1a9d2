import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { assumes, type Call, callsOn, logs, resourcesOf } from './call.ts';
import { arn, deployment } from './physical.ts';

const schema = z.object({ RoleARN: z.string(), DatabaseName: z.string(), TableName: z.string() });
const processor = z.object({
  Type: z.string(),
  Parameters: z.array(z.object({ ParameterName: z.string(), ParameterValue: z.string() })),
});
const deliverySchema = z.object({
  KinesisStreamSourceConfiguration: z.object({ KinesisStreamARN: z.string(), RoleARN: z.string() }).optional(),
  ExtendedS3DestinationConfiguration: z.object({
    RoleARN: z.string(),
    BucketARN: z.string(),
    Prefix: z.string(),
    ErrorOutputPrefix: z.string(),
    CloudWatchLoggingOptions: z.object({ LogGroupName: z.string() }),
    ProcessingConfiguration: z.object({ Processors: z.array(processor) }),
    DataFormatConversionConfiguration: z.object({ SchemaConfiguration: schema }).optional(),
  }),
});

/** AWS: "Grant Firehose access to an Amazon S3 destination". Firehose gives the account as external id. */
export function callsOfDeliveries(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream').flatMap(([id, properties]) => {
    const { KinesisStreamSourceConfiguration: source, ExtendedS3DestinationConfiguration: destination } =
      deliverySchema.parse(properties);
    const conversion = destination.DataFormatConversionConfiguration?.SchemaConfiguration;
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
      ...(source === undefined ? [] : callsOn(`${id} source`, source.RoleARN, source.KinesisStreamARN, reading)),
      ...functionsOf(destination.ProcessingConfiguration.Processors).flatMap((name) =>
        callsOn(`${id} transformation`, by, name, ['lambda:GetFunctionConfiguration', 'lambda:InvokeFunction']),
      ),
      ...(conversion === undefined ? [] : schemaReads(id, conversion)),
    ];
  });
}

/** AWS: "Grant Firehose access to a Kinesis data stream". */
const reading = ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'];

function functionsOf(processors: readonly z.output<typeof processor>[]): string[] {
  return processors.flatMap(({ Type, Parameters }) =>
    Type === 'Lambda'
      ? Parameters.filter(({ ParameterName }) => ParameterName === 'LambdaArn').map((each) => each.ParameterValue)
      : [],
  );
}

/** A call about a table needs permission on the catalog and the database as well (AWS: "Glue resource ARNs"). */
function schemaReads(id: string, { RoleARN, DatabaseName, TableName }: z.output<typeof schema>): Call[] {
  return ['catalog', `database/${DatabaseName}`, `table/${DatabaseName}/${TableName}`].flatMap((resource) =>
    callsOn(`${id} schema`, RoleARN, arn('glue', resource), [
      'glue:GetTable',
      'glue:GetTableVersion',
      'glue:GetTableVersions',
    ]),
  );
}
