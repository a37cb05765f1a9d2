import { ArnFormat, Aws, Stack, Validations } from 'aws-cdk-lib';
import type { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { deliveryAccess } from '../delivery-access.ts';

/** What the delivery stream connects. */
export interface StreamDeliveryProps extends ConfiguredProps {
  stream: IStream;
  /** Makes rows of its records. */
  transformation: IFunction;
  bucket: IBucket;
  /** The folder of the rows. Ends in `/`. */
  prefix: string;
  /** The folder of what became no rows. Ends in `/`. */
  errorPrefix: string;
  /** The table whose columns Parquet files have; without it files are gzipped JSON lines. */
  parquetTable?: GlueTable | undefined;
}

/** A table of the catalog, and its database. */
export interface GlueTable {
  database: CfnDatabase;
  table: CfnTable;
}

/**
 * Kinesis stream → rows → files by the hour in which the records arrived. Firehose reads the stream on its own, beside
 * other consumers. It begins with what comes after its creation.
 */
export class StreamDelivery extends Construct {
  readonly deliveryStream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: StreamDeliveryProps) {
    super(scope, id);
    const { stream, transformation, bucket, prefix, errorPrefix, parquetTable, config } = props;
    const { role, cloudWatchLoggingOptions } = deliveryAccess(this, {
      bucket,
      folders: [prefix, errorPrefix],
      statements: [
        new PolicyStatement({
          actions: ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
          resources: [stream.streamArn],
        }),
        new PolicyStatement({
          actions: ['lambda:GetFunctionConfiguration', 'lambda:InvokeFunction'],
          resources: [transformation.functionArn],
        }),
        ...(parquetTable === undefined ? [] : [readSchema(this, parquetTable)]),
      ],
      config,
    });
    const { roleArn } = role;
    this.deliveryStream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucketArn,
        roleArn,
        prefix: `${prefix}!{timestamp:yyyy/MM/dd/HH}/`,
        errorOutputPrefix: `${errorPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`,
        bufferingHints: { intervalInSeconds: config.lakeBufferSeconds, sizeInMBs: config.lakeBufferMebibytes },
        processingConfiguration: { enabled: true, processors: [lambdaProcessor(transformation, roleArn)] },
        ...(parquetTable === undefined
          ? { compressionFormat: 'GZIP', fileExtension: '.jsonl.gz' }
          : {
              // Snappy within the files, which AWS asks to leave uncompressed themselves.
              compressionFormat: 'UNCOMPRESSED',
              fileExtension: '.parquet',
              dataFormatConversionConfiguration: parquetConversion(parquetTable, roleArn),
            }),
        cloudWatchLoggingOptions,
      },
    });
    Validations.of(this.deliveryStream).acknowledge({
      id: 'AwsSolutions-KDF1',
      reason:
        'A delivery stream that reads a Kinesis stream stores nothing itself and takes no key of its own; the stream and the bucket are encrypted.',
    });
  }
}

/**
 * A batch for the function has up to 1 MB, which keeps request and answer below the 6 MB of Lambda. After the retries
 * Firehose writes its records to the error prefix (AWS: "Handle failure in data transformation").
 */
function lambdaProcessor({ functionArn }: IFunction, roleArn: string): CfnDeliveryStream.ProcessorProperty {
  const parameters = {
    LambdaArn: functionArn,
    RoleArn: roleArn,
    NumberOfRetries: '3',
    BufferSizeInMBs: '1',
    BufferIntervalInSeconds: '60',
  };
  return {
    type: 'Lambda',
    parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
      parameterName,
      parameterValue,
    })),
  };
}

function parquetConversion(
  { database, table }: GlueTable,
  roleArn: string,
): CfnDeliveryStream.DataFormatConversionConfigurationProperty {
  return {
    enabled: true,
    inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
    outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
    schemaConfiguration: {
      catalogId: Aws.ACCOUNT_ID,
      region: Aws.REGION,
      databaseName: database.ref,
      tableName: table.ref,
      versionId: 'LATEST',
      roleArn,
    },
  };
}

/** AWS: "Grant Firehose access to AWS Glue for data format conversion". */
function readSchema(scope: Construct, { database, table }: GlueTable): PolicyStatement {
  const arn = (resource: string) =>
    Stack.of(scope).formatArn({ service: 'glue', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  return new PolicyStatement({
    actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
    resources: [arn('catalog'), arn(`database/${database.ref}`), arn(`table/${database.ref}/${table.ref}`)],
  });
}
