import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedulegroup.html */
export const scheduleGroup = resourceType({
  type: 'AWS::Scheduler::ScheduleGroup',
  nameProperty: 'Name',
  nameMaxLength: 64,
  attributes: ['Arn'],
  schema: z.strictObject({ Name: z.string().optional() }),
  inert: { Tags: 'tags change no behaviour' },
  async create({ physicalName: Name }, _, { clients }) {
    const { CreateScheduleGroupCommand, GetScheduleGroupCommand } = await import('@aws-sdk/client-scheduler');
    const scheduler = await clients.scheduler();
    try {
      const { ScheduleGroupArn } = await scheduler.send(new CreateScheduleGroupCommand({ Name }));
      return { ref: Name, attributes: { Arn: ScheduleGroupArn ?? '' } };
    } catch (error) {
      if (!isNamed(error, 'ConflictException')) throw error;
      const { Arn } = await scheduler.send(new GetScheduleGroupCommand({ Name }));
      return { ref: Name, attributes: { Arn: Arn ?? '' } };
    }
  },
});
