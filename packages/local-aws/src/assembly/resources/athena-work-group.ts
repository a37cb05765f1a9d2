import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnBoolean, cfnInteger } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-workgroup.html */
export const athenaWorkGroup = resourceType({
  type: 'AWS::Athena::WorkGroup',
  nameProperty: 'Name',
  nameMaxLength: 128,
  attributes: [],
  schema: z.strictObject({
    Name: z.string().optional(),
    Description: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).optional(),
    WorkGroupConfiguration: z
      .strictObject({
        EnforceWorkGroupConfiguration: cfnBoolean.optional(),
        BytesScannedCutoffPerQuery: cfnInteger.optional(),
        PublishCloudWatchMetricsEnabled: cfnBoolean.optional(),
        ResultConfiguration: z.strictObject({ OutputLocation: z.string().optional() }).optional(),
      })
      .optional(),
  }),
  inert: {
    RecursiveDeleteOption: 'no stack is deleted locally',
    Tags: 'tags change no behaviour',
    'WorkGroupConfiguration.EngineVersion': 'there is one engine',
    'WorkGroupConfiguration.RequesterPaysEnabled': 'nothing is billed locally',
    'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration':
      'nothing is encrypted on this machine by the runtime',
    'WorkGroupConfiguration.ResultConfiguration.ExpectedBucketOwner': 'there is one account',
  },
  async create({ physicalName }, properties, { clients }) {
    const { athena } = await clients.lake();
    const { CreateWorkGroupCommand, UpdateWorkGroupCommand } = await import('@aws-sdk/client-athena');
    const { Description, State, WorkGroupConfiguration: configuration = {} } = properties;
    const { ResultConfiguration: result, ...rest } = configuration;
    try {
      await athena.send(new CreateWorkGroupCommand({ Name: physicalName, Description, Configuration: configuration }));
    } catch (error) {
      if (!isNamed(error, 'InvalidRequestException') || !error.message.includes('already created')) throw error;
    }
    await athena.send(
      new UpdateWorkGroupCommand({
        WorkGroup: physicalName,
        Description,
        State: State ?? 'ENABLED',
        ConfigurationUpdates: {
          ...rest,
          RemoveBytesScannedCutoffPerQuery: rest.BytesScannedCutoffPerQuery === undefined,
          ResultConfigurationUpdates: result ?? { RemoveOutputLocation: true },
        },
      }),
    );
    return { ref: physicalName, attributes: {} };
  },
});
