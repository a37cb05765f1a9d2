import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { until } from '../../../kit/test/until.ts';
import { AwsError } from '../../src/gateway/aws-error.ts';
import { functionArn, hourly, startScheduler } from './fixture.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

let fixture: Awaited<ReturnType<typeof startScheduler>>;
beforeEach(async () => {
  fixture = await startScheduler();
});
afterEach(() => fixture.stop());

const create = (more: object = {}) => fixture.scheduler.send(new CreateScheduleCommand({ ...hourly, ...more }));
const times = () => fixture.calls.map(({ atMs }) => new Date(atMs).toISOString().slice(11, 16));

/** Waits for the calls so far, and until the schedule waits for its next time. */
async function called(count: number): Promise<void> {
  await until(() => fixture.calls.length >= count && fixture.clock.sleeping > 0);
}

async function queue(name: string): Promise<{ url: string; arn: string }> {
  const { QueueUrl = '' } = await fixture.sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await fixture.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return { url: QueueUrl, arn: Attributes?.QueueArn ?? '' };
}

async function messages(QueueUrl: string) {
  const { Messages = [] } = await fixture.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 }),
  );
  return Messages;
}

describe('Scheduler', () => {
  it('invokes a rate at once and then at its pace, with the event of AWS', async () => {
    const { ScheduleArn } = await create();
    await called(1);
    await fixture.clock.advance(hourMs);
    await called(2);
    expect(times()).toEqual(['10:00', '11:00']);
    expect(JSON.parse(fixture.calls[1]?.payload ?? '')).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      time: '2026-11-20T11:00:00Z',
      resources: [ScheduleArn],
    });
  });

  it('gives the input, with the attributes of the schedule', async () => {
    const Input = '{"due":"<aws.scheduler.scheduled-time>","attempt":<aws.scheduler.attempt-number>}';
    await create({ Target: { ...hourly.Target, Input } });
    await called(1);
    expect(fixture.calls[0]?.payload).toBe('{"due":"2026-11-20T10:00:00Z","attempt":1}');
  });

  it('invokes at the end of a flexible window', async () => {
    await create({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 } });
    await until(() => fixture.clock.sleeping > 0);
    await fixture.clock.advance(15 * minuteMs);
    await called(1);
    expect(times()).toEqual(['10:15']);
  });

  it('keeps to the start and the end of a schedule', async () => {
    const date = (text: string) => new Date(`2026-11-20T${text}:00Z`);
    await create({ StartDate: date('12:30'), EndDate: date('14:00') });
    await until(() => fixture.clock.sleeping > 0);
    await fixture.clock.advance(150 * minuteMs);
    await called(1);
    await fixture.clock.advance(hourMs);
    await until(() => fixture.calls.length === 2);
    await fixture.clock.advance(5 * hourMs);
    expect(times()).toEqual(['12:30', '13:30']);
  });

  it('removes a schedule that is over, if asked to', async () => {
    await create({ ScheduleExpression: 'at(2026-11-20T10:30:00)', ActionAfterCompletion: 'DELETE' });
    await until(() => fixture.clock.sleeping > 0);
    await fixture.clock.advance(hourMs);
    await until(async () => (await fixture.scheduler.send(new ListSchedulesCommand())).Schedules?.length === 0);
    expect(fixture.calls).toHaveLength(1);
  });

  it('does not invoke a disabled schedule, and does again when it is enabled', async () => {
    await create({ State: 'DISABLED' });
    await fixture.clock.advance(3 * hourMs);
    expect(fixture.calls).toEqual([]);
    await fixture.scheduler.send(new UpdateScheduleCommand({ ...hourly, State: 'ENABLED' }));
    await called(1);
    expect(times()).toEqual(['13:00']);
  });

  it('invokes once what was due while the runtime did not run, for the latest of those times', async () => {
    await create();
    await called(1);
    await fixture.stopService();
    await fixture.clock.advance(150 * minuteMs);
    await fixture.restart();
    await called(2);
    await fixture.clock.advance(30 * minuteMs);
    await called(3);
    expect(times()).toEqual(['10:00', '12:30', '13:00']);
    expect(JSON.parse(fixture.calls[1]?.payload ?? '').time).toBe('2026-11-20T12:00:00Z');
  });

  it('is pending from the time of a run or of another attempt until that is over, and not before', async () => {
    const held = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
    fixture.job.answer = () => held[fixture.calls.length === 1 ? 0 : 1].promise;
    await create({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 } });
    expect(fixture.inFlight()).toEqual([]);
    await until(() => fixture.clock.sleeping > 0);
    await fixture.clock.advance(15 * minuteMs);
    const due = (time: string) => [{ what: 'schedule job', detail: `due since 2026-11-20T${time}Z` }];
    expect(fixture.inFlight()).toEqual(due('10:15:00'));
    await until(() => fixture.calls.length === 1);
    expect(fixture.inFlight()).toEqual(due('10:15:00'));
    held[0].reject(new AwsError('TooManyRequestsException', 'Rate exceeded', { statusCode: 429 }));
    await called(1);
    expect(fixture.inFlight()).toEqual([]);
    await fixture.clock.advance(1_000);
    expect(fixture.inFlight()).toEqual(due('10:15:01'));
    await until(() => fixture.calls.length === 2);
    held[1].resolve(undefined);
    await called(2);
    expect(fixture.inFlight()).toEqual([]);
  });

  it('is not pending when it is disabled, over or deleted', async () => {
    await create({ State: 'DISABLED' });
    await create({ Name: 'once', ScheduleExpression: 'at(2026-11-20T10:30:00)' });
    await until(() => fixture.clock.sleeping > 0);
    await fixture.clock.advance(hourMs);
    await until(() => fixture.calls.length === 1 && fixture.inFlight().length === 0);
    await fixture.scheduler.send(new DeleteScheduleCommand({ Name: 'once' }));
    expect(fixture.inFlight()).toEqual([]);
  });

  it('does not begin anew when it is updated with what it is', async () => {
    await create();
    await called(1);
    await fixture.clock.advance(30 * minuteMs);
    await fixture.scheduler.send(new UpdateScheduleCommand(hourly));
    await fixture.clock.advance(30 * minuteMs);
    await called(2);
    expect(times()).toEqual(['10:00', '11:00']);
  });

  it('retries a call that fails, then sends a dead letter', async () => {
    const { url, arn } = await queue('dead');
    fixture.job.answer = () => {
      throw new AwsError('TooManyRequestsException', 'Rate exceeded', { statusCode: 429 });
    };
    const RetryPolicy = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 };
    const { ScheduleArn } = await create({ Target: { ...hourly.Target, RetryPolicy, DeadLetterConfig: { Arn: arn } } });
    for (const count of [1, 2, 3]) {
      await called(count);
      await fixture.clock.advance(2_000 * count);
    }
    await until(() => fixture.lines.length === 1);
    await until(() => fixture.clock.sleeping > 0);
    const [message] = await messages(url);
    expect(message?.MessageAttributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
      RETRY_ATTEMPTS: { StringValue: '2' },
      SCHEDULE_ARN: { StringValue: ScheduleArn },
      TARGET_ARN: { StringValue: functionArn },
    });
    expect(fixture.calls).toHaveLength(3);
    expect(fixture.meter.stack.schedulerInvocations).toBe(3);
  });

  it('goes on with the next time when a dead letter cannot be sent', async () => {
    fixture.job.answer = () => {
      throw new AwsError('TooManyRequestsException', 'Rate exceeded', { statusCode: 429 });
    };
    const RetryPolicy = { MaximumRetryAttempts: 0 };
    const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:000000000000:none' };
    await create({ Target: { ...hourly.Target, RetryPolicy, DeadLetterConfig } });
    await until(() => fixture.lines.length === 2);
    expect(fixture.lines[1]).toMatch(/^schedule job: no dead letter could be sent to .*:none: /);
    await until(() => fixture.clock.sleeping > 0);
    await fixture.clock.advance(hourMs);
    await called(2);
    expect(times()).toEqual(['10:00', '11:00']);
  });

  it('invokes a function that fails twice more, after one and two minutes, then tells its queue', async () => {
    const { url, arn } = await queue('failed');
    fixture.job.deadLetterArn = arn;
    fixture.job.answer = () => '{"errorType":"UnfinishedError"}';
    await create();
    for (const [index, minutes] of [1, 2].entries()) {
      await called(index + 1);
      await fixture.clock.advance(minutes * minuteMs);
    }
    await called(3);
    expect(times()).toEqual(['10:00', '10:01', '10:03']);
    expect(await messages(url)).toMatchObject([
      { MessageAttributes: { ErrorMessage: { StringValue: '{"errorType":"UnfinishedError"}' } } },
    ]);
  });

  it('sends its input to a queue', async () => {
    const { url, arn } = await queue('target');
    await create({ Target: { Arn: arn, RoleArn: 'r', Input: 'tick' } });
    await until(() => fixture.clock.sleeping > 0);
    await until(async () => (await messages(url)).some(({ Body }) => Body === 'tick'));
  });

  it('describes, lists and deletes schedules and groups', async () => {
    const { scheduler } = fixture;
    const { ScheduleGroupArn } = await scheduler.send(new CreateScheduleGroupCommand({ Name: 'jobs' }));
    await create({ GroupName: 'jobs', State: 'DISABLED' });
    await create({ State: 'DISABLED', Name: 'other' });
    const asked = { Name: 'job', GroupName: 'jobs' };
    expect(await scheduler.send(new GetScheduleCommand(asked))).toMatchObject({
      ...hourly,
      GroupName: 'jobs',
      ScheduleExpressionTimezone: 'UTC',
      CreationDate: new Date('2026-11-20T10:00:00Z'),
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
    });
    expect(await scheduler.send(new GetScheduleGroupCommand({ Name: 'jobs' }))).toMatchObject({
      Arn: ScheduleGroupArn,
    });
    const list = async (input: object) => (await scheduler.send(new ListSchedulesCommand(input))).Schedules;
    expect((await list({ GroupName: 'jobs' }))?.map(({ Name }) => Name)).toEqual(['job']);
    expect((await list({ NamePrefix: 'o' }))?.map(({ Name }) => Name)).toEqual(['other']);
    const { NextToken } = await scheduler.send(new ListSchedulesCommand({ MaxResults: 1 }));
    expect((await list({ MaxResults: 1, NextToken }))?.length).toBe(1);
    await scheduler.send(new DeleteScheduleCommand({ Name: 'other' }));
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'jobs' }));
    expect(await list({})).toEqual([]);
    const groups = await scheduler.send(new ListScheduleGroupsCommand());
    expect(groups.ScheduleGroups).toEqual([]);
  });

  it.each([
    ['an expression that is none', { ScheduleExpression: 'daily' }, 'Invalid Schedule Expression daily.'],
    ['an unknown target', { Target: { Arn: 'arn:aws:sns:us-east-1:0:t', RoleArn: 'r' } }, 'does not call'],
    [
      'a window that is off and has a length',
      { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } },
      'FLEXIBLE',
    ],
    ['an end in the past', { EndDate: new Date('2020-01-01') }, 'EndDate'],
    ['a group that does not exist', { GroupName: 'none' }, 'does not exist'],
  ])('refuses %s', async (_, input, message) => {
    await expect(create(input)).rejects.toThrow(message);
  });

  it('refuses a second schedule of a name', async () => {
    await create({ State: 'DISABLED' });
    await expect(create()).rejects.toThrow(expect.objectContaining({ name: 'ConflictException' }));
  });
});
