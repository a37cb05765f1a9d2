import { describe, expect, it } from '@jest/globals';

import { ofType, synthesize } from '../../synthesis.ts';

const ofJob = (template: ReturnType<typeof synthesize>) =>
  Object.entries(ofType(template, 'AWS::Lambda::Function')).filter(([id]) => id.startsWith('Forgetting'));

describe('Forgetting', () => {
  it('runs twice a day, within the 24 hours of X', () => {
    const [schedule] = Object.values(ofType(synthesize({}, 'TweetLake'), 'AWS::Scheduler::Schedule'));
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(12 hours)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 } },
    });
  });

  it('runs every hour if asked to', () => {
    const [schedule] = Object.values(
      ofType(synthesize({ forgetEveryHours: 1 }, 'TweetLake'), 'AWS::Scheduler::Schedule'),
    );
    expect(schedule).toMatchObject({ ScheduleExpression: 'rate(1 hour)' });
  });

  it('gives what fails at each attempt to the queue of what cannot be started', () => {
    const template = synthesize({}, 'TweetLake');
    const [queue] = Object.keys(ofType(template, 'AWS::SQS::Queue'));
    const arn = { 'Fn::GetAtt': [queue, 'Arn'] };
    expect(ofJob(template)).toMatchObject([
      [expect.any(String), { DeadLetterConfig: { TargetArn: arn }, Timeout: 900 }],
    ]);
    expect(Object.values(ofType(template, 'AWS::Scheduler::Schedule'))).toMatchObject([
      { Target: { DeadLetterConfig: { Arn: arn } } },
    ]);
  });

  it('touches the archive only if that must keep no content', () => {
    const texts = ['full', 'keys'].map((archiveContent) =>
      JSON.stringify(ofType(synthesize({ archiveContent }, 'TweetLake'), 'AWS::IAM::Role')),
    );
    expect(texts.map((text) => text.includes('/deleted/tweets/*'))).toEqual([false, true]);
  });

  it('is not there when it is off', () => {
    const template = synthesize({ forgetEveryHours: 'off' }, 'TweetLake');
    expect(Object.keys(template.Resources).filter((id) => id.startsWith('Forgetting'))).toEqual([]);
  });
});
