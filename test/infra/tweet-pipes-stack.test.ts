import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { resolveTemplate } from '@tweet-pipes/local-aws/assembly/resolve-template';
import { templateSchema } from '@tweet-pipes/local-aws/assembly/template';
import { optionSchema } from '../../infra/options.ts';
import { appWith, ofType, synthesize, synthesizeAll } from './synthesis.ts';

const byDefault = synthesize();
const environment = {
  stackName: 'TweetPipes',
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};
const cdkJson = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

describe('the stack', () => {
  it('has the outputs that programs find its resources by, and no other', () => {
    const outputs = Object.fromEntries(
      Object.entries(byDefault.Outputs).map(([name, { Value }]) => {
        const reference = JSON.stringify(Value);
        const [id = ''] = Object.keys(byDefault.Resources).filter((logicalId) => reference.includes(`"${logicalId}"`));
        return [name, `${byDefault.Resources[id]?.Type} ${reference.replace(id, '')}`];
      }),
    );

    expect(outputs).toEqual({
      TweetStreamName: 'AWS::Kinesis::Stream {"Ref":""}',
      HashtagTableName: 'AWS::DynamoDB::Table {"Ref":""}',
      TweetTableName: 'AWS::DynamoDB::Table {"Ref":""}',
      TweetTableStreamArn: 'AWS::DynamoDB::Table {"Fn::GetAtt":["","StreamArn"]}',
      DeletionTableName: 'AWS::DynamoDB::Table {"Ref":""}',
      ShardTableName: 'AWS::DynamoDB::Table {"Ref":""}',
      ArchiveBucketName: 'AWS::S3::Bucket {"Ref":""}',
      IngestPipeName: 'AWS::Pipes::Pipe {"Ref":""}',
      TweetArchivePipeName: 'AWS::Pipes::Pipe {"Ref":""}',
      HashtagArchivePipeName: 'AWS::Pipes::Pipe {"Ref":""}',
      WorkflowArn: 'AWS::StepFunctions::StateMachine {"Fn::GetAtt":["","Arn"]}',
      AlarmTopicArn: 'AWS::SNS::Topic {"Ref":""}',
    });
  });

  it('names no account, no region, and nothing physical but log groups', () => {
    const text = JSON.stringify({ ...byDefault, Rules: undefined, Parameters: undefined });
    const physicalNames = Object.entries(byDefault.Resources).flatMap(([id, { Properties }]) =>
      Object.keys(Properties)
        .filter((property) => /^(\w*Name|Name)$/.test(property))
        .map((property) => [id, property]),
    );

    expect(text).not.toMatch(/\b\d{12}\b/);
    expect(text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af|il|cn)-(gov-)?(north|south|east|west|central)+-?\d\b/);
    expect(text).not.toMatch(/arn:aws:(?!states:::)/);
    // A log stream names its group.
    const named = physicalNames.filter(([, property]) => property !== 'LogGroupName' && property !== 'MetricName');
    expect(named).toEqual([]);
  });

  it('creates nothing through custom resources, mappings or conditions', () => {
    const types = new Set(Object.values(byDefault.Resources).map((resource) => resource.Type));

    expect([...types].sort()).toEqual([
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::DynamoDB::Table',
      'AWS::IAM::Role',
      'AWS::KMS::Key',
      'AWS::Kinesis::Stream',
      'AWS::KinesisFirehose::DeliveryStream',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
      'AWS::Logs::LogStream',
      'AWS::Pipes::Pipe',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::StepFunctions::StateMachine',
    ]);
    expect(byDefault).not.toHaveProperty('Mappings');
    expect(byDefault).not.toHaveProperty('Conditions');
  });

  it('is deployed by cdk watch when a file of it changes', () => {
    const { include, exclude } = cdkJson.watch;
    expect(include).toEqual(expect.arrayContaining(['infra/**', 'functions/**', 'statemachines/**']));
    for (const pattern of include)
      expect(existsSync(new URL(`../../${pattern.replace('/**', '')}`, import.meta.url))).toBe(true);
    expect(exclude).toEqual(expect.arrayContaining(['**/node_modules/**', '**/cdk.out/**', '**/.*/**']));
  });

  it('takes nothing from cdk.json, which the local runtime does not read', () => {
    expect(Object.keys(cdkJson.context)).toEqual(['cli-telemetry']);
  });

  it.each([
    ['retain', 'RetainExceptOnCreate'],
    ['destroy', 'Delete'],
  ])('with removal = %s its data has the policy %s, and its logs always go', (removal, policy) => {
    const template = synthesize({ removal });
    const policies = (types: RegExp) =>
      new Set(
        Object.values(template.Resources)
          .filter(({ Type }) => types.test(Type))
          .map(({ DeletionPolicy }) => DeletionPolicy),
      );

    expect(policies(/Kinesis::Stream|Table|S3::Bucket|SQS::Queue/)).toEqual(new Set([policy]));
    expect(policies(/Logs|KMS/)).toEqual(new Set(['Delete']));
  });

  it.each([
    [{}, [/within 24 hours.*archiveContent=keys/]],
    [{ archiveContent: 'keys' }, []],
    [{ archiveContent: 'keys', shards: 4 }, [/double or halve the number of shards/]],
  ])('with %j says at synthesis what to know', (options, expected) => {
    const metadata = appWith(options)
      .node.findAll()
      .flatMap(({ node }) => node.metadata);
    const notices = metadata.filter(({ type }) => type === 'aws:cdk:info').map(({ data }) => data);

    expect(notices).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  it('tags every resource that takes tags', () => {
    const template = synthesize({ tags: 'team=data', removal: 'destroy' });
    const untagged = Object.values(template.Resources)
      .filter(({ Properties }) => !/"team".*"data"|"team":"data"/.test(JSON.stringify(Properties.Tags ?? {})))
      .map(({ Type }) => Type);

    expect([...new Set(untagged)].sort()).toEqual([
      'AWS::Logs::LogStream',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::QueuePolicy',
    ]);
  });

  it('warns of a bill above a budget', () => {
    const budgets = ofType(synthesize({ monthlyBudgetUsd: 50, alarmEmail: 'a@example.com' }), 'AWS::Budgets::Budget');

    expect(Object.values(budgets)).toMatchObject([
      {
        Budget: { BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 50, Unit: 'USD' } },
        NotificationsWithSubscribers: [
          { Notification: { NotificationType: 'ACTUAL', Threshold: 80 }, Subscribers: [{ Address: 'a@example.com' }] },
          { Notification: { NotificationType: 'FORECASTED', Threshold: 100 } },
        ],
      },
    ]);
    expect(ofType(byDefault, 'AWS::Budgets::Budget')).toEqual({});
  });

  it('puts every option into a template, and the local runtime takes them', () => {
    const everything = {
      shards: 3,
      streamRetentionHours: 72,
      warmThroughput: 15_000,
      tweetRetentionDays: 10,
      deletionRetentionDays: 20,
      ingestBatchSize: 50,
      ingestBatchWindowSeconds: 2,
      ingestRecordAgeSeconds: 7200,
      archiveBatchSize: 400,
      archiveBatchWindowSeconds: 3,
      maximumRetryAttempts: 7,
      archiveContent: 'keys',
      archiveBufferSeconds: 120,
      archiveBufferMebibytes: 64,
      archiveRetentionDays: 30,
      recoveryPeriodInDays: 14,
      quarantineRetentionDays: 14,
      counterItems: 4,
      lakeFormat: 'parquet',
      lakeBufferSeconds: 60,
      lakeBufferMebibytes: 128,
      lakeRetentionDays: 700,
      sentiment: 'comprehend',
      forgetEveryHours: 6,
      queryScanLimitMebibytes: 2000,
      queryResultRetentionDays: 2,
      notebook: true,
      salesRatePerMinute: 60,
      salesShards: 2,
      logLevel: 'ERROR',
      executionData: true,
      tracing: false,
      pipeLogLevel: 'TRACE',
      logRetentionDays: 7,
      alarmEmail: 'someone@example.com',
      monthlyBudgetUsd: 100,
      tags: { team: 'data' },
      removal: 'destroy',
    };
    const template = synthesize(everything);

    // Its value is a file; test/infra/sales-lake-stack.test.ts has it.
    expect([...Object.keys(everything), 'salesTable'].sort()).toEqual(Object.keys(optionSchema.shape).sort());
    const withAddress = synthesizeAll({ alarmEmail: 'another@example.com' });
    for (const [name, value] of Object.entries(everything)) {
      const changed = synthesizeAll({ alarmEmail: 'another@example.com', [name]: value });
      expect([name, changed]).not.toEqual([name, withAddress]);
    }
    expect(() => resolveTemplate(templateSchema.parse(template), { environment })).not.toThrow();
    expect(Object.values(ofType(template, 'AWS::SNS::Subscription'))).toMatchObject([
      { Protocol: 'email', Endpoint: 'someone@example.com' },
    ]);
    expect(Object.values(ofType(template, 'AWS::Kinesis::Stream'))).toMatchObject([
      { ShardCount: 3, RetentionPeriodHours: 72, StreamModeDetails: { StreamMode: 'PROVISIONED' } },
    ]);
  });
});
