import { describe, expect, it } from '@jest/globals';

import { appWith, synthesizeAll, typesOfOutputs } from './synthesis.ts';

const { TweetPipes: core, TweetLake: lake } = synthesizeAll();

describe('the stack of the lake', () => {
  it('has the outputs that programs find its resources by, the option that forgetting follows, and no other', () => {
    const { ArchiveContent, ...names } = lake.Outputs;
    expect(ArchiveContent).toEqual({ Value: 'full' });
    expect(typesOfOutputs(lake, names)).toEqual({
      LakeBucketName: 'AWS::S3::Bucket',
      LakeDatabaseName: 'AWS::Glue::Database',
      LakeDeliveryStreamName: 'AWS::KinesisFirehose::DeliveryStream',
      LakeCrawlerName: 'AWS::Glue::Crawler',
      WorkGroupName: 'AWS::Athena::WorkGroup',
    });
  });

  it('imports what TweetPipes exports', () => {
    const imported = [...JSON.stringify(lake).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
    const exported = Object.values(core.Outputs).flatMap(({ Export }) => (Export === undefined ? [] : [Export]));

    expect([...new Set(imported)].sort()).toEqual([
      'TweetPipes-AlarmTopicArn',
      'TweetPipes-ArchiveBucketName',
      'TweetPipes-DeletionTableName',
      'TweetPipes-TweetStreamName',
    ]);
    expect(exported).toEqual(expect.arrayContaining([...new Set(imported)].map((Name) => ({ Name }))));
  });

  it('is deployed after TweetPipes, which does not know it', () => {
    const app = appWith({}, { builtinCloudFormationValidation: false });
    const dependencies = app.synth().stacks.map((stack) => {
      const others = stack.dependencies.filter(({ manifest }) => manifest.type === 'aws:cloudformation:stack');
      return [stack.stackName, others.map(({ id }) => id)];
    });

    expect(dependencies).toEqual([
      ['SalesLake', []],
      ['TweetPipes', []],
      ['TweetLake', ['TweetPipes']],
    ]);
    expect(JSON.stringify(core)).not.toContain('TweetLake');
  });

  it('is in ASCII, names no account and no region, and creates nothing through custom resources or conditions', () => {
    const text = JSON.stringify({ ...lake, Rules: undefined, Parameters: undefined });
    const types = new Set(Object.values(lake.Resources).map(({ Type }) => Type));

    expect(text.match(/arn:aws:|["':/]\d{12}["':/]/g)).toBeNull();
    // CloudFormation gives other characters back as question marks.
    expect(JSON.stringify(lake).match(/[^\x20-\x7e]/g)).toBeNull();
    expect([...types].sort()).toEqual([
      'AWS::Athena::NamedQuery',
      'AWS::Athena::WorkGroup',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::Glue::Crawler',
      'AWS::Glue::Database',
      'AWS::Glue::Table',
      'AWS::IAM::Role',
      'AWS::KinesisFirehose::DeliveryStream',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
      'AWS::Logs::LogStream',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::Scheduler::Schedule',
      'AWS::Scheduler::ScheduleGroup',
    ]);
    expect(lake).not.toHaveProperty('Conditions');
  });

  it('tags its resources', () => {
    const { TweetLake } = synthesizeAll({ tags: 'team=data' });
    const untagged = Object.values(TweetLake.Resources)
      .filter(({ Properties }) => !/"team".*"data"|"team":"data"/.test(JSON.stringify(Properties.Tags ?? {})))
      .map(({ Type }) => Type);

    expect([...new Set(untagged)].sort()).toEqual([
      'AWS::Athena::NamedQuery',
      'AWS::Glue::Database',
      'AWS::Glue::Table',
      'AWS::Logs::LogStream',
      'AWS::S3::BucketPolicy',
      'AWS::SQS::QueuePolicy',
      'AWS::Scheduler::Schedule',
    ]);
  });
});
