import type { GetScheduleGroupOutput } from '@aws-sdk/client-scheduler';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type LoadContext, resourceType } from '../resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedulegroup.html */
export const scheduleGroup = resourceType({
  type: 'AWS::Scheduler::ScheduleGroup',
  nameProperty: 'Name',
  nameMaxLength: 64,
  attributes: ['Arn'],
  schema: z.strictObject({ Name: z.string().optional() }),
  inert: { Tags: 'tags change no behaviour' },
  deletedWithIt: 'its schedules',
  exists: async ({ physicalName }, _properties, { clients }) => (await find(physicalName, clients)) !== undefined,
  async create({ physicalName: Name }, _, { clients }) {
    const { CreateScheduleGroupCommand } = await import('@aws-sdk/client-scheduler');
    const scheduler = await clients.scheduler();
    const found = await find(Name, clients);
    const { ScheduleGroupArn: Arn = '' } =
      found === undefined
        ? await scheduler.send(new CreateScheduleGroupCommand({ Name }))
        : { ScheduleGroupArn: found.Arn };
    return { ref: Name, attributes: { Arn } };
  },
  async delete({ ref: Name }, { clients }) {
    const { DeleteScheduleGroupCommand } = await import('@aws-sdk/client-scheduler');
    const scheduler = await clients.scheduler();
    await unlessError(scheduler.send(new DeleteScheduleGroupCommand({ Name })), 'ResourceNotFoundException');
  },
});

async function find(Name: string, clients: LoadContext['clients']): Promise<GetScheduleGroupOutput | undefined> {
  const { GetScheduleGroupCommand } = await import('@aws-sdk/client-scheduler');
  const scheduler = await clients.scheduler();
  return unlessError(scheduler.send(new GetScheduleGroupCommand({ Name })), 'ResourceNotFoundException');
}
