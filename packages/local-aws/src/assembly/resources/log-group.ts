import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnInteger } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
export const logGroup = resourceType({
  type: 'AWS::Logs::LogGroup',
  nameProperty: 'LogGroupName',
  nameMaxLength: 512,
  attributes: ['Arn'],
  schema: z.strictObject({
    LogGroupName: z.string().optional(),
    RetentionInDays: cfnInteger.optional(),
    LogGroupClass: z.literal('STANDARD').optional(),
  }),
  inert: {
    DeletionProtectionEnabled: 'no stack is deleted locally',
    KmsKeyId: 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  async create({ physicalName: logGroupName, environment }, { RetentionInDays: retentionInDays }, { clients }) {
    const { logs } = await clients.observation();
    const { CreateLogGroupCommand, DeleteRetentionPolicyCommand, PutRetentionPolicyCommand } = await import(
      '@aws-sdk/client-cloudwatch-logs'
    );
    try {
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
    } catch (error) {
      if (!isNamed(error, 'ResourceAlreadyExistsException')) throw error;
    }
    // AWS changes it in place, so an existing group gets the template's value.
    if (retentionInDays === undefined) await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    else await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    const { partition, region, accountId } = environment;
    const Arn = `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupName}:*`;
    return { ref: logGroupName, attributes: { Arn } };
  },
});
