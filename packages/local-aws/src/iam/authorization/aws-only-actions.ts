/** An action that a role needs on AWS and that no part of the runtime asks for. */
export interface AwsOnlyAction {
  /** `logs:CreateLogDelivery` */
  readonly action: string;
  /** The service that takes the role. */
  readonly principal: string;
  /** What AWS does with it. */
  readonly why: string;
  readonly source: string;
}

const vendedLogs = 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html';
const xray = 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html';
const pipesSources = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html';
const firehoseToS3 = 'https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3';
const crawlers = 'https://docs.aws.amazon.com/glue/latest/dg/crawler-prereqs.html';

function each(actions: readonly string[], rest: Omit<AwsOnlyAction, 'action'>): AwsOnlyAction[] {
  return actions.map((action) => ({ action, ...rest }));
}

/**
 * What only AWS itself does with the roles of stacks. A statement of such actions alone is not needed here, and is on
 * AWS.
 */
export const awsOnlyActions: readonly AwsOnlyAction[] = [
  ...each(
    [
      ...['logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups'],
      ...['logs:DescribeResourcePolicies', 'logs:GetLogDelivery', 'logs:ListLogDeliveries', 'logs:PutResourcePolicy'],
      'logs:UpdateLogDelivery',
    ],
    { principal: 'states.amazonaws.com', why: 'sets up the delivery of an execution log', source: vendedLogs },
  ),
  ...each(
    [...['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments']],
    { principal: 'states.amazonaws.com', why: 'samples and writes traces', source: xray },
  ),
  ...each(['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:ListStreams'], {
    principal: 'pipes.amazonaws.com',
    why: 'finds the stream and its shards',
    source: pipesSources,
  }),
  ...each(['dynamodb:ListStreams'], {
    principal: 'pipes.amazonaws.com',
    why: 'finds the stream of the table',
    source: pipesSources,
  }),
  ...each(
    [
      ...['s3:AbortMultipartUpload', 's3:GetBucketLocation', 's3:GetObject', 's3:ListBucket'],
      's3:ListBucketMultipartUploads',
    ],
    {
      principal: 'firehose.amazonaws.com',
      why: 'uploads objects in parts, and finds the bucket',
      source: firehoseToS3,
    },
  ),
  ...each(['kinesis:DescribeStream'], {
    principal: 'firehose.amazonaws.com',
    why: 'finds the stream and its shards',
    source: firehoseToS3,
  }),
  ...each(['lambda:GetFunctionConfiguration'], {
    principal: 'firehose.amazonaws.com',
    why: 'reads the timeout of the function',
    source: firehoseToS3,
  }),
  ...each(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], {
    principal: 'glue.amazonaws.com',
    why: 'writes the log of a crawl to /aws-glue/crawlers',
    source: crawlers,
  }),
  ...each(
    [
      ...['glue:BatchGetPartition', 'glue:GetPartition', 'glue:GetPartitions', 'glue:GetTables'],
      'glue:UpdatePartition',
      's3:GetBucketLocation',
    ],
    {
      principal: 'glue.amazonaws.com',
      // The page asks for AWSGlueServiceRole "or a scoped down version" and names no action of it.
      why: 'compares what it found with the catalog: of glue:* and s3:GetBucketLocation in AWSGlueServiceRole',
      source: crawlers,
    },
  ),
];
