import type { GetScheduleOutput } from '@aws-sdk/client-scheduler';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import { type CreatedResource, type LoadContext, type ResourceIdentity, resourceType } from '../resource-type.ts';
import { cfnInteger } from '../values.ts';

const DEFAULT_GROUP = 'default';

const schema = z.strictObject({
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
});
type Properties = z.infer<typeof schema>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html */
export const schedule = resourceType({
  type: 'AWS::Scheduler::Schedule',
  nameProperty: 'Name',
  nameMaxLength: 64,
  attributes: ['Arn'],
  createLast: true,
  schema,
  inert: { KmsKeyArn: 'nothing is encrypted on this machine by the runtime' },
  deletedWithIt: 'what it has yet to invoke',
  exists: async ({ physicalName }, { GroupName }, { clients }) =>
    (await find(physicalName, GroupName, clients)) !== undefined,
  create,
  async update(existing, properties, context) {
    // CloudFormation updates it in place and looks for it in the new group.
    if ((existing.properties.GroupName ?? DEFAULT_GROUP) !== (properties.GroupName ?? DEFAULT_GROUP)) {
      throw new AwsError(
        'NotFound',
        `Resource of type 'AWS::Scheduler::Schedule' with identifier '${existing.ref}' was not found in the group ` +
          `${properties.GroupName ?? DEFAULT_GROUP}. A schedule cannot change its group: give it another logical id.`,
      );
    }
    return create(existing, properties, context);
  },
  async delete({ ref: Name, properties: { GroupName } }, { clients }) {
    const { DeleteScheduleCommand } = await import('@aws-sdk/client-scheduler');
    const scheduler = await clients.scheduler();
    const group = typeof GroupName === 'string' ? GroupName : undefined;
    await unlessError(
      scheduler.send(new DeleteScheduleCommand({ Name, GroupName: group })),
      'ResourceNotFoundException',
    );
  },
});

async function create(
  { physicalName: Name }: ResourceIdentity,
  { StartDate, EndDate, ...properties }: Properties,
  { clients }: LoadContext,
): Promise<CreatedResource> {
  const { CreateScheduleCommand, UpdateScheduleCommand } = await import('@aws-sdk/client-scheduler');
  const scheduler = await clients.scheduler();
  const input = {
    ...properties,
    Name,
    ...(StartDate === undefined ? {} : { StartDate: new Date(StartDate) }),
    ...(EndDate === undefined ? {} : { EndDate: new Date(EndDate) }),
  };
  // One that does not change goes on where it was.
  const isThere = (await find(Name, properties.GroupName, clients)) !== undefined;
  const command = isThere ? new UpdateScheduleCommand(input) : new CreateScheduleCommand(input);
  const { ScheduleArn = '' } = await scheduler.send(command);
  return { ref: Name, attributes: { Arn: ScheduleArn } };
}

async function find(
  Name: string,
  GroupName: string | undefined,
  clients: LoadContext['clients'],
): Promise<GetScheduleOutput | undefined> {
  const { GetScheduleCommand } = await import('@aws-sdk/client-scheduler');
  const scheduler = await clients.scheduler();
  return unlessError(scheduler.send(new GetScheduleCommand({ Name, GroupName })), 'ResourceNotFoundException');
}
