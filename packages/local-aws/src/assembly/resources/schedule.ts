import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnInteger } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html */
export const schedule = resourceType({
  type: 'AWS::Scheduler::Schedule',
  nameProperty: 'Name',
  nameMaxLength: 64,
  attributes: ['Arn'],
  createLast: true,
  schema: z.strictObject({
    Name: z.string().optional(),
    GroupName: z.string().optional(),
    Description: z.string().optional(),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().optional(),
    StartDate: z.string().optional(),
    EndDate: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).optional(),
    FlexibleTimeWindow: z.strictObject({
      Mode: z.enum(['OFF', 'FLEXIBLE']),
      MaximumWindowInMinutes: cfnInteger.optional(),
    }),
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.string(),
      Input: z.string().optional(),
      DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
      RetryPolicy: z
        .strictObject({ MaximumEventAgeInSeconds: cfnInteger.optional(), MaximumRetryAttempts: cfnInteger.optional() })
        .optional(),
      KinesisParameters: z.strictObject({ PartitionKey: z.string() }).optional(),
      SqsParameters: z.strictObject({ MessageGroupId: z.string().optional() }).optional(),
    }),
  }),
  inert: { KmsKeyArn: 'nothing is encrypted on this machine by the runtime' },
  async create({ physicalName: Name }, { StartDate, EndDate, ...properties }, { clients }) {
    const { CreateScheduleCommand, UpdateScheduleCommand } = await import('@aws-sdk/client-scheduler');
    const scheduler = await clients.scheduler();
    const input = {
      ...properties,
      Name,
      ...(StartDate === undefined ? {} : { StartDate: new Date(StartDate) }),
      ...(EndDate === undefined ? {} : { EndDate: new Date(EndDate) }),
    };
    try {
      const { ScheduleArn } = await scheduler.send(new CreateScheduleCommand(input));
      return { ref: Name, attributes: { Arn: ScheduleArn ?? '' } };
    } catch (error) {
      if (!isNamed(error, 'ConflictException')) throw error;
      // One that does not change goes on where it was.
      const { ScheduleArn } = await scheduler.send(new UpdateScheduleCommand(input));
      return { ref: Name, attributes: { Arn: ScheduleArn ?? '' } };
    }
  },
});
