import type { JsonObject } from '@tweet-pipes/kit/json';

function allow(actions: readonly string[], resources: readonly string[] = ['*']): JsonObject {
  return { Effect: 'Allow', Action: [...actions], Resource: [...resources] };
}

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const NETWORK_INTERFACES = [
  ...['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
  ...['ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
];

/**
 * By the part of the ARN after `policy/`. Each as in https://docs.aws.amazon.com/aws-managed-policy/latest/reference/,
 * without statements about services that the endpoint does not serve.
 */
const statements: Readonly<Record<string, readonly JsonObject[]>> = {
  AdministratorAccess: [allow(['*'])],
  ReadOnlyAccess: [
    allow([
      ...['athena:Batch*', 'athena:Get*', 'athena:List*'],
      ...['cloudformation:Describe*', 'cloudformation:Detect*', 'cloudformation:Estimate*', 'cloudformation:Get*'],
      'cloudformation:List*',
      ...['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*'],
      ...['comprehend:BatchDetect*', 'comprehend:Classify*', 'comprehend:Contains*', 'comprehend:Describe*'],
      ...['comprehend:Detect*', 'comprehend:List*'],
      ...['dynamodb:BatchGet*', 'dynamodb:Describe*', 'dynamodb:Get*', 'dynamodb:List*', 'dynamodb:PartiQLSelect'],
      ...['dynamodb:Query', 'dynamodb:Scan'],
      ...['ecr:BatchCheck*', 'ecr:BatchGet*', 'ecr:Describe*', 'ecr:Get*', 'ecr:List*'],
      ...['firehose:Describe*', 'firehose:List*'],
      ...['glue:BatchGet*', 'glue:Get*', 'glue:List*', 'glue:SearchTables'],
      ...['iam:Generate*', 'iam:Get*', 'iam:List*', 'iam:Simulate*'],
      ...['kinesis:Describe*', 'kinesis:Get*', 'kinesis:List*'],
      ...['kms:Describe*', 'kms:Get*', 'kms:List*'],
      ...['lambda:Get*', 'lambda:List*'],
      ...['logs:Describe*', 'logs:FilterLogEvents', 'logs:Get*', 'logs:ListTagsForResource', 'logs:StartQuery'],
      ...['logs:StopQuery', 'logs:TestMetricFilter'],
      ...['pipes:Describe*', 'pipes:List*'],
      ...['s3:DescribeJob', 's3:Get*', 's3:List*'],
      ...['scheduler:Get*', 'scheduler:List*'],
      ...['sns:Check*', 'sns:Get*', 'sns:List*'],
      ...['sqs:Get*', 'sqs:List*', 'sqs:Receive*'],
      ...['ssm:Describe*', 'ssm:Get*', 'ssm:List*'],
      ...['states:Describe*', 'states:Get*', 'states:List*'],
      'sts:GetCallerIdentity',
    ]),
  ],
  AWSCloudFormationReadOnlyAccess: [
    allow([
      ...['cloudformation:BatchDescribe*', 'cloudformation:Describe*', 'cloudformation:Detect*'],
      ...['cloudformation:EstimateTemplateCost', 'cloudformation:Get*', 'cloudformation:List*'],
      'cloudformation:ValidateTemplate',
    ]),
  ],
  AWSXRayDaemonWriteAccess: [
    allow([
      ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules'],
      ...['xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries'],
    ]),
  ],
  AmazonDynamoDBReadOnlyAccess: [
    allow([
      ...['dynamodb:BatchGetItem', 'dynamodb:Describe*', 'dynamodb:List*', 'dynamodb:GetAbacStatus'],
      ...['dynamodb:GetItem', 'dynamodb:GetResourcePolicy', 'dynamodb:Query', 'dynamodb:Scan'],
      'dynamodb:PartiQLSelect',
    ]),
  ],
  AmazonKinesisFullAccess: [allow(['kinesis:*'])],
  AmazonKinesisReadOnlyAccess: [allow(['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'])],
  AmazonS3FullAccess: [allow(['s3:*', 's3-object-lambda:*'])],
  AmazonS3ReadOnlyAccess: [
    allow(['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*']),
  ],
  AmazonSNSFullAccess: [allow(['sns:*'])],
  AmazonSQSFullAccess: [allow(['sqs:*'])],
  CloudWatchLogsFullAccess: [allow(['logs:*'])],
  'service-role/AWSGlueServiceRole': [
    allow([
      ...['glue:*', 's3:GetBucketLocation', 's3:ListBucket', 's3:ListAllMyBuckets', 's3:GetBucketAcl'],
      ...['iam:ListRolePolicies', 'iam:GetRole', 'iam:GetRolePolicy', 'cloudwatch:PutMetricData'],
    ]),
    allow(['s3:CreateBucket'], ['arn:aws:s3:::aws-glue-*']),
    allow(
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      ['arn:aws:s3:::aws-glue-*/*', 'arn:aws:s3:::*/*aws-glue-*/*'],
    ),
    allow(['s3:GetObject'], ['arn:aws:s3:::crawler-public*', 'arn:aws:s3:::aws-glue-*']),
    allow(LOGS, ['arn:aws:logs:*:*:*:/aws-glue/*']),
  ],
  'service-role/AWSLambdaBasicExecutionRole': [allow(LOGS)],
  'service-role/AWSLambdaDynamoDBExecutionRole': [
    allow([
      ...['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      ...LOGS,
    ]),
  ],
  'service-role/AWSLambdaKinesisExecutionRole': [
    allow([
      ...['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator'],
      ...['kinesis:ListShards', 'kinesis:ListStreams', 'kinesis:SubscribeToShard', ...LOGS],
    ]),
  ],
  'service-role/AWSLambdaSQSQueueExecutionRole': [
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...LOGS]),
  ],
  'service-role/AWSLambdaVPCAccessExecutionRole': [allow([...LOGS, ...NETWORK_INTERFACES])],
};

const PREFIX = /^arn:aws[\w-]*:iam::aws:policy\//;

/** The document of a managed policy of AWS. Undefined for one that is not known here. */
export function awsManagedPolicy(arn: string): JsonObject | undefined {
  const name = arn.replace(PREFIX, '');
  const found = PREFIX.test(arn) && Object.hasOwn(statements, name) ? statements[name] : undefined;
  return found && { Version: '2012-10-17', Statement: [...found] };
}

/** Names of AWS's managed policies that are known here: `service-role/AWSLambdaBasicExecutionRole`. */
export const awsManagedPolicyNames: readonly string[] = Object.keys(statements);
