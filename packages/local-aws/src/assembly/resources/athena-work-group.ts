import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type LoadContext, resourceType } from '../resource-type.ts';
import { cfnBoolean, cfnInteger } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-workgroup.html */
export const athenaWorkGroup = resourceType({
  type: 'AWS::Athena::WorkGroup',
  nameProperty: 'Name',
  nameMaxLength: 128,
  attributes: [],
  schema: z.strictObject({
    Name: z.string().optional(),
    Description: z.string().default(''),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    RecursiveDeleteOption: cfnBoolean.default(false),
    WorkGroupConfiguration: z
      .strictObject({
        // UpdateWorkGroup keeps what a call leaves out.
        EnforceWorkGroupConfiguration: cfnBoolean.default(false),
        BytesScannedCutoffPerQuery: cfnInteger.optional(),
        PublishCloudWatchMetricsEnabled: cfnBoolean.default(false),
        ResultConfiguration: z.strictObject({ OutputLocation: z.string().optional() }).optional(),
      })
      .default({ EnforceWorkGroupConfiguration: false, PublishCloudWatchMetricsEnabled: false }),
  }),
  inert: {
    Tags: 'tags change no behaviour',
    'WorkGroupConfiguration.EngineVersion': 'there is one engine',
    'WorkGroupConfiguration.RequesterPaysEnabled': 'nothing is billed locally',
    'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration':
      'nothing is encrypted on this machine by the runtime',
    'WorkGroupConfiguration.ResultConfiguration.ExpectedBucketOwner': 'there is one account',
  },
  deletedWithIt: 'what it holds, if `RecursiveDeleteOption` says so; else only an empty one is deleted',
  exists: ({ physicalName }, _properties, { clients }) => isThere(clients, physicalName),
  async create({ physicalName }, properties, { clients }) {
    const { athena } = await clients.lake();
    const { CreateWorkGroupCommand, UpdateWorkGroupCommand } = await import('@aws-sdk/client-athena');
    const { Description, State, WorkGroupConfiguration: Configuration } = properties;
    const { ResultConfiguration: result, ...rest } = Configuration;
    if (!(await isThere(clients, physicalName))) {
      await athena.send(new CreateWorkGroupCommand({ Name: physicalName, Description, Configuration }));
    }
    await athena.send(
      new UpdateWorkGroupCommand({
        WorkGroup: physicalName,
        Description,
        State,
        ConfigurationUpdates: {
          ...rest,
          RemoveBytesScannedCutoffPerQuery: rest.BytesScannedCutoffPerQuery === undefined,
          ResultConfigurationUpdates: result ?? { RemoveOutputLocation: true },
        },
      }),
    );
    return { ref: physicalName, attributes: {} };
  },
  /** Throws `InvalidRequestException` for one that is not empty. */
  async delete({ ref: WorkGroup, properties }, { clients }) {
    if (!(await isThere(clients, WorkGroup))) return;
    const { athena } = await clients.lake();
    const { DeleteWorkGroupCommand } = await import('@aws-sdk/client-athena');
    const RecursiveDeleteOption = cfnBoolean.default(false).parse(properties.RecursiveDeleteOption);
    await athena.send(new DeleteWorkGroupCommand({ WorkGroup, RecursiveDeleteOption }));
  },
});

/** The error of a workgroup that does not exist is that of any wrong request. */
async function isThere(clients: LoadContext['clients'], WorkGroup: string): Promise<boolean> {
  const { athena } = await clients.lake();
  const { GetWorkGroupCommand } = await import('@aws-sdk/client-athena');
  try {
    await athena.send(new GetWorkGroupCommand({ WorkGroup }));
    return true;
  } catch (error) {
    if (isNamed(error, 'InvalidRequestException') && error.message.includes('is not found')) return false;
    throw error;
  }
}
