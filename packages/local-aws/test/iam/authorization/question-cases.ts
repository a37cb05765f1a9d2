import type { Given } from './requests.ts';

/** A call, and what it asks: `action on resource`. `keys`: the condition keys of the first question. */
export interface QuestionCase {
  readonly call: string;
  readonly given: Given;
  readonly asks: readonly string[];
  readonly keys?: Readonly<Record<string, string>>;
  readonly source: string;
}

const REFERENCE = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_';
const dynamodb = `${REFERENCE}amazondynamodb.html`;
const transactions = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html';
const partiql = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html';
const s3 = `${REFERENCE}amazons3.html`;
const glue = 'https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html';

const table = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;
const stream = `${table('T')}/stream/2026-11-29T00:00:00.000`;
const glueArn = (resource: string) => `arn:aws:glue:us-east-1:000000000000:${resource}`;
const statements = (...texts: string[]) => ({ json: { Statements: texts.map((Statement) => ({ Statement })) } });
const iterator = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64');

export const questionCases: readonly QuestionCase[] = [
  {
    call: 'dynamodb.GetItem',
    given: { json: { TableName: 'T', Key: { id: { S: '1' } } } },
    asks: [`dynamodb:GetItem on ${table('T')}`],
    source: dynamodb,
  },
  {
    call: 'dynamodb.UpdateItem',
    given: { json: { TableName: table('T'), Key: {}, ReturnValues: 'ALL_OLD' } },
    asks: [`dynamodb:UpdateItem on ${table('T')}`],
    keys: { 'dynamodb:ReturnValues': 'ALL_OLD' },
    source: dynamodb,
  },
  {
    call: 'dynamodb.Query',
    given: { json: { TableName: 'T', IndexName: 'byDay', Select: 'COUNT' } },
    asks: [`dynamodb:Query on ${table('T')}/index/byDay`],
    keys: { 'dynamodb:Select': 'COUNT' },
    source: dynamodb,
  },
  {
    call: 'dynamodb.BatchGetItem',
    given: { json: { RequestItems: { A: { Keys: [] }, B: { Keys: [] } } } },
    asks: [`dynamodb:BatchGetItem on ${table('A')}`, `dynamodb:BatchGetItem on ${table('B')}`],
    source: dynamodb,
  },
  {
    call: 'dynamodb.BatchWriteItem',
    given: { json: { RequestItems: { A: [], B: [] } } },
    asks: [`dynamodb:BatchWriteItem on ${table('A')}`, `dynamodb:BatchWriteItem on ${table('B')}`],
    source: dynamodb,
  },
  {
    call: 'dynamodb.TransactWriteItems',
    given: {
      json: {
        TransactItems: [
          { Put: { TableName: 'A' } },
          { Update: { TableName: 'A' } },
          { Delete: { TableName: 'B' } },
          { ConditionCheck: { TableName: 'B' } },
          { Put: { TableName: 'A' } },
        ],
      },
    },
    asks: [
      `dynamodb:PutItem on ${table('A')}`,
      `dynamodb:UpdateItem on ${table('A')}`,
      `dynamodb:DeleteItem on ${table('B')}`,
      `dynamodb:ConditionCheckItem on ${table('B')}`,
    ],
    keys: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' },
    source: transactions,
  },
  {
    call: 'dynamodb.TransactGetItems',
    given: { json: { TransactItems: [{ Get: { TableName: 'A' } }, { Get: { TableName: 'B' } }] } },
    asks: [`dynamodb:GetItem on ${table('A')}`, `dynamodb:GetItem on ${table('B')}`],
    source: transactions,
  },
  {
    call: 'dynamodb.ExecuteStatement',
    given: { json: { Statement: `SELECT * FROM "T"."byDay" WHERE "day" = ?` } },
    asks: [`dynamodb:PartiQLSelect on ${table('T')}/index/byDay`],
    source: partiql,
  },
  {
    call: 'dynamodb.BatchExecuteStatement',
    given: statements(
      `INSERT INTO "Stack-Tweets" VALUE {'id': ?}`,
      `insert into Plain value {'id': ?}`,
      `UPDATE "T" SET a = 1 WHERE id = 'FROM "Other"'`,
      `DELETE FROM "T" WHERE id = ?`,
      `INSERT INTO "Stack-Tweets" VALUE {'id': ?}`,
      'DROP TABLE "T"',
    ),
    asks: [
      `dynamodb:PartiQLInsert on ${table('Stack-Tweets')}`,
      `dynamodb:PartiQLInsert on ${table('Plain')}`,
      `dynamodb:PartiQLUpdate on ${table('T')}`,
      `dynamodb:PartiQLDelete on ${table('T')}`,
    ],
    source: partiql,
  },
  {
    call: 'dynamodb.ExecuteTransaction',
    given: { json: { TransactStatements: [{ Statement: `EXISTS(SELECT * FROM "T" WHERE "id" = 'x')` }] } },
    asks: [`dynamodb:PartiQLSelect on ${table('T')}`],
    keys: { 'dynamodb:EnclosingOperation': 'ExecuteTransaction' },
    source: partiql,
  },
  {
    call: 'dynamodb.GetShardIterator',
    given: { json: { StreamArn: stream, ShardId: 'shardId-1', ShardIteratorType: 'LATEST' } },
    asks: [`dynamodb:GetShardIterator on ${stream}`],
    source: dynamodb,
  },
  {
    call: 'dynamodb.GetRecords',
    given: { json: { ShardIterator: iterator({ table_name: 'U', shard_id: 's', position: 1 }) } },
    asks: [`dynamodb:GetRecords on ${table('U')}/stream/?`],
    source: dynamodb,
  },
  {
    call: 'dynamodb.GetRecords',
    given: { json: { ShardIterator: `${stream}|1|AAAA` } },
    asks: [`dynamodb:GetRecords on ${stream}`],
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html',
  },
  {
    call: 'dynamodb.ListStreams',
    given: { json: { TableName: 'T' } },
    asks: ['dynamodb:ListStreams on *'],
    source: dynamodb,
  },
  {
    call: 'kinesis.PutRecords',
    given: { json: { StreamName: 'S', Records: [] } },
    asks: ['kinesis:PutRecords on arn:aws:kinesis:us-east-1:000000000000:stream/S'],
    source: `${REFERENCE}amazonkinesisdatastreams.html`,
  },
  {
    call: 'kinesis.ListShards',
    given: { json: { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/S' } },
    asks: ['kinesis:ListShards on arn:aws:kinesis:us-east-1:000000000000:stream/S'],
    source: `${REFERENCE}amazonkinesisdatastreams.html`,
  },
  {
    call: 's3.GetObject',
    given: { http: 'GET /bucket/a%20folder/key?x-id=GetObject' },
    asks: ['s3:GetObject on arn:aws:s3:::bucket/a folder/key'],
    source: s3,
  },
  {
    call: 's3.HeadObject',
    given: { http: 'HEAD /key', headers: { host: 'bucket.s3.localhost:4566' } },
    asks: ['s3:GetObject on arn:aws:s3:::bucket/key'],
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html',
  },
  {
    call: 's3.GetObject',
    given: { http: 'GET /bucket/key?versionId=null' },
    asks: ['s3:GetObjectVersion on arn:aws:s3:::bucket/key'],
    keys: { 's3:VersionId': 'null' },
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html',
  },
  {
    call: 's3.ListObjectsV2',
    given: { http: 'GET /bucket?list-type=2&prefix=tweets%2F&delimiter=%2F' },
    asks: ['s3:ListBucket on arn:aws:s3:::bucket'],
    keys: { 's3:prefix': 'tweets/', 's3:delimiter': '/' },
    source: s3,
  },
  {
    call: 's3.ListObjectVersions',
    given: { http: 'GET /bucket?versions' },
    asks: ['s3:ListBucketVersions on arn:aws:s3:::bucket'],
    source: s3,
  },
  {
    call: 's3.HeadBucket',
    given: { http: 'HEAD /bucket' },
    asks: ['s3:ListBucket on arn:aws:s3:::bucket'],
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html',
  },
  {
    call: 's3.CopyObject',
    given: { http: 'PUT /to/key', headers: { 'x-amz-copy-source': '/from/a%2Fb?versionId=1' } },
    asks: ['s3:GetObjectVersion on arn:aws:s3:::from/a/b', 's3:PutObject on arn:aws:s3:::to/key'],
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html',
  },
  {
    call: 's3.PutObject',
    given: { http: 'PUT /bucket/key', headers: { 'x-amz-tagging': 'a=b' } },
    asks: ['s3:PutObject on arn:aws:s3:::bucket/key', 's3:PutObjectTagging on arn:aws:s3:::bucket/key'],
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html',
  },
  {
    call: 's3.DeleteObjects',
    given: {
      http: 'POST /bucket?delete',
      body: '<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>2</Key><VersionId>v</VersionId></Object></Delete>',
    },
    asks: ['s3:DeleteObject on arn:aws:s3:::bucket/a&b', 's3:DeleteObjectVersion on arn:aws:s3:::bucket/2'],
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html',
  },
  {
    call: 's3.GetObjectAttributes',
    given: { http: 'GET /bucket/key?attributes' },
    asks: ['s3:GetObject on arn:aws:s3:::bucket/key', 's3:GetObjectAttributes on arn:aws:s3:::bucket/key'],
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html',
  },
  {
    call: 'sqs.SendMessageBatch',
    given: { json: { QueueUrl: 'http://127.0.0.1:4566/000000000000/Q', Entries: [] } },
    asks: ['sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:Q'],
    source: `${REFERENCE}amazonsqs.html`,
  },
  {
    call: 'sqs.GetQueueUrl',
    given: { json: { QueueName: 'Q' } },
    asks: ['sqs:GetQueueUrl on arn:aws:sqs:us-east-1:000000000000:Q'],
    source: `${REFERENCE}amazonsqs.html`,
  },
  {
    call: 'sns.PublishBatch',
    given: { query: { Action: 'PublishBatch', TopicArn: 'arn:aws:sns:us-east-1:000000000000:T' } },
    asks: ['sns:Publish on arn:aws:sns:us-east-1:000000000000:T'],
    source: `${REFERENCE}amazonsns.html`,
  },
  {
    call: 'sns.Subscribe',
    given: {
      query: {
        Action: 'Subscribe',
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:T',
        Protocol: 'sqs',
        Endpoint: 'arn:aws:sqs:us-east-1:000000000000:Q',
      },
    },
    asks: ['sns:Subscribe on arn:aws:sns:us-east-1:000000000000:T'],
    keys: { 'sns:Protocol': 'sqs', 'sns:Endpoint': 'arn:aws:sqs:us-east-1:000000000000:Q' },
    source: `${REFERENCE}amazonsns.html`,
  },
  {
    call: 'lambda.Invoke',
    given: {
      http: 'POST /2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3AF/invocations',
      body: 'not JSON',
    },
    asks: ['lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:F'],
    source: `${REFERENCE}awslambda.html`,
  },
  {
    call: 'lambda.Invoke',
    given: { http: 'POST /2015-03-31/functions/F/invocations?Qualifier=$LATEST' },
    asks: ['lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:F:$LATEST'],
    source: `${REFERENCE}awslambda.html`,
  },
  {
    call: 'states.StartSyncExecution',
    given: { json: { stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:M' } },
    asks: ['states:StartSyncExecution on arn:aws:states:us-east-1:000000000000:stateMachine:M'],
    source: `${REFERENCE}awsstepfunctions.html`,
  },
  {
    call: 'firehose.PutRecordBatch',
    given: { json: { DeliveryStreamName: 'D', Records: [] } },
    asks: ['firehose:PutRecordBatch on arn:aws:firehose:us-east-1:000000000000:deliverystream/D'],
    source: `${REFERENCE}amazonkinesisfirehose.html`,
  },
  {
    call: 'glue.GetTable',
    given: { json: { DatabaseName: 'd', Name: 't' } },
    asks: [
      `glue:GetTable on ${glueArn('catalog')}`,
      `glue:GetTable on ${glueArn('database/d')}`,
      `glue:GetTable on ${glueArn('table/d/t')}`,
    ],
    source: glue,
  },
  {
    call: 'glue.CreateTable',
    given: { json: { DatabaseName: 'd', TableInput: { Name: 't' } } },
    asks: [
      `glue:CreateTable on ${glueArn('catalog')}`,
      `glue:CreateTable on ${glueArn('database/d')}`,
      `glue:CreateTable on ${glueArn('table/d/t')}`,
    ],
    source: glue,
  },
  {
    call: 'glue.GetDatabase',
    given: { json: { Name: 'd' } },
    asks: [`glue:GetDatabase on ${glueArn('catalog')}`, `glue:GetDatabase on ${glueArn('database/d')}`],
    source: glue,
  },
  {
    call: 'athena.StartQueryExecution',
    given: { json: { QueryString: 'SELECT 1' } },
    asks: ['athena:StartQueryExecution on arn:aws:athena:us-east-1:000000000000:workgroup/primary'],
    source: `${REFERENCE}amazonathena.html`,
  },
  {
    call: 'athena.GetQueryResults',
    given: { json: { QueryExecutionId: 'known' } },
    asks: ['athena:GetQueryResults on arn:aws:athena:us-east-1:000000000000:workgroup/group-of-known'],
    source: `${REFERENCE}amazonathena.html`,
  },
  {
    call: 'comprehend.BatchDetectSentiment',
    given: { json: { LanguageCode: 'en', TextList: ['x'] } },
    asks: ['comprehend:BatchDetectSentiment on *'],
    source: `${REFERENCE}amazoncomprehend.html`,
  },
  {
    call: 'scheduler.CreateSchedule',
    given: { http: 'POST /schedules/S', body: '{"GroupName":"g"}' },
    asks: ['scheduler:CreateSchedule on arn:aws:scheduler:us-east-1:000000000000:schedule/g/S'],
    source: `${REFERENCE}amazoneventbridgescheduler.html`,
  },
  {
    call: 'scheduler.GetSchedule',
    given: { http: 'GET /schedules/S' },
    asks: ['scheduler:GetSchedule on arn:aws:scheduler:us-east-1:000000000000:schedule/default/S'],
    source: `${REFERENCE}amazoneventbridgescheduler.html`,
  },
  {
    call: 'pipes.StopPipe',
    given: { http: 'POST /v1/pipes/P/stop' },
    asks: ['pipes:StopPipe on arn:aws:pipes:us-east-1:000000000000:pipe/P'],
    source: `${REFERENCE}amazoneventbridgepipes.html`,
  },
  {
    call: 'logs.PutLogEvents',
    given: { json: { logGroupName: '/g', logStreamName: 's', logEvents: [] } },
    asks: ['logs:PutLogEvents on arn:aws:logs:us-east-1:000000000000:log-group:/g:log-stream:s'],
    source: `${REFERENCE}amazoncloudwatchlogs.html`,
  },
  {
    call: 'logs.FilterLogEvents',
    given: { json: { logGroupIdentifier: 'arn:aws:logs:us-east-1:000000000000:log-group:/g' } },
    asks: ['logs:FilterLogEvents on arn:aws:logs:us-east-1:000000000000:log-group:/g:log-stream:'],
    source: `${REFERENCE}amazoncloudwatchlogs.html`,
  },
  {
    call: 'monitoring.PutMetricData',
    given: { query: { Action: 'PutMetricData', Namespace: 'Mine' } },
    asks: ['cloudwatch:PutMetricData on *'],
    keys: { 'cloudwatch:namespace': 'Mine' },
    source: `${REFERENCE}amazoncloudwatch.html`,
  },
  {
    call: 'monitoring.DescribeAlarms',
    given: { json: { AlarmNames: ['a', 'b'] } },
    asks: [
      'cloudwatch:DescribeAlarms on arn:aws:cloudwatch:us-east-1:000000000000:alarm:a',
      'cloudwatch:DescribeAlarms on arn:aws:cloudwatch:us-east-1:000000000000:alarm:b',
    ],
    source: `${REFERENCE}amazoncloudwatch.html`,
  },
  {
    call: 'ssm.GetParameter',
    given: { json: { Name: '/cdk-bootstrap/hnb659fds/version' } },
    asks: ['ssm:GetParameter on arn:aws:ssm:us-east-1:000000000000:parameter/cdk-bootstrap/hnb659fds/version'],
    source: `${REFERENCE}awssystemsmanager.html`,
  },
  {
    call: 'iam.CreateRole',
    given: { query: { Action: 'CreateRole', RoleName: 'R', Path: '/team/' } },
    asks: ['iam:CreateRole on arn:aws:iam::000000000000:role/team/R'],
    source: `${REFERENCE}awsidentityandaccessmanagementiam.html`,
  },
  {
    call: 'sts.AssumeRole',
    given: { query: { Action: 'AssumeRole', RoleArn: 'arn:aws:iam::000000000000:role/R' } },
    asks: [],
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
  },
  {
    call: 'sts.GetCallerIdentity',
    given: { query: { Action: 'GetCallerIdentity' } },
    asks: [],
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
  },
  {
    call: 'cloudformation.DescribeStackEvents',
    given: { query: { Action: 'DescribeStackEvents', StackName: 'S' } },
    asks: ['cloudformation:DescribeStackEvents on arn:aws:cloudformation:us-east-1:000000000000:stack/S/*'],
    source: `${REFERENCE}awscloudformation.html`,
  },
];
