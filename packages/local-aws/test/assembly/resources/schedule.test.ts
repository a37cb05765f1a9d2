import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { schedule } from '../../../src/assembly/resources/schedule.ts';
import { scheduleGroup } from '../../../src/assembly/resources/schedule-group.ts';
import { functionArn, startScheduler } from '../../scheduler/fixture.ts';
import { ResourceFixture } from './resource-fixture.ts';

let fixture: Awaited<ReturnType<typeof startScheduler>>;
beforeAll(async () => {
  fixture = await startScheduler();
});
afterAll(() => fixture.stop());

const arnOf = (resource: string) => `arn:aws:scheduler:us-east-1:000000000000:${resource}`;

const properties: JsonObject = {
  ScheduleExpression: 'rate(1 hour)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  State: 'DISABLED',
  Target: { Arn: functionArn, RoleArn: 'arn:aws:iam::000000000000:role/scheduler' },
};

describe('AWS::Scheduler::ScheduleGroup and AWS::Scheduler::Schedule', () => {
  it('are created, kept, changed in place and deleted', async () => {
    const group = new ResourceFixture(scheduleGroup, 'group', fixture.clients);
    expect(await group.exists({})).toBe(false);
    expect(await group.create({})).toEqual({ ref: 'group', attributes: { Arn: arnOf('schedule-group/group') } });
    expect(await group.create({})).toEqual({ ref: 'group', attributes: { Arn: arnOf('schedule-group/group') } });
    expect(await group.exists()).toBe(true);

    const mine = new ResourceFixture(schedule, 'mine', fixture.clients);
    const inGroup = { ...properties, GroupName: 'group', Description: 'every hour' };
    expect(await mine.exists(inGroup)).toBe(false);
    const created = await mine.create(inGroup);
    expect(created).toEqual({ ref: 'mine', attributes: { Arn: arnOf('schedule/group/mine') } });
    expect(await mine.create(inGroup)).toEqual(created);

    const changed = { ...properties, GroupName: 'group', ScheduleExpression: 'rate(2 hours)' };
    expect(await mine.update(changed)).toEqual(created);
    const found = await fixture.scheduler.send(new GetScheduleCommand({ Name: 'mine', GroupName: 'group' }));
    expect([found.ScheduleExpression, found.Description]).toEqual(['rate(2 hours)', undefined]);

    // https://github.com/aws/aws-cdk/issues/34216
    await expect(mine.update(properties)).rejects.toThrow(
      /Resource of type 'AWS::Scheduler::Schedule' with identifier 'mine' was not found/,
    );
    expect(await mine.exists()).toBe(true);

    await group.delete();
    expect([await group.exists(), await mine.exists()]).toEqual([false, false]);
    await mine.delete();
    await group.delete();
  });

  it('are in the default group without a name of one', async () => {
    const mine = new ResourceFixture(schedule, 'mine', fixture.clients);
    expect(await mine.create(properties)).toEqual({ ref: 'mine', attributes: { Arn: arnOf('schedule/default/mine') } });
    await mine.update({ ...properties, GroupName: 'default', Description: 'x' });
    await mine.delete();
    expect(await mine.exists()).toBe(false);
  });
});
