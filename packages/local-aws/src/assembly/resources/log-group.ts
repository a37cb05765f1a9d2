import type { CloudWatchLogsClient, LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnBoolean, cfnInteger, onlyHere } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
export const logGroup = resourceType({
  type: 'AWS::Logs::LogGroup',
  nameProperty: 'LogGroupName',
  nameMaxLength: 512,
  attributes: ['Arn'],
  schema: z.strictObject({
    LogGroupName: z.string().optional(),
    RetentionInDays: cfnInteger.optional(),
    LogGroupClass: onlyHere('STANDARD').optional(),
    DeletionProtectionEnabled: cfnBoolean.default(false),
  }),
  inert: {
    KmsKeyId: 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  deletedWithIt: 'its streams, their events and its metric filters',
  async exists({ physicalName }, _properties, { clients }) {
    const { logs } = await clients.observation();
    return (await describe(logs, physicalName)) !== undefined;
  },
  async create({ physicalName: logGroupName, environment }, properties, { clients }) {
    const { RetentionInDays: retentionInDays, DeletionProtectionEnabled: deletionProtectionEnabled } = properties;
    const { logs } = await clients.observation();
    const {
      CreateLogGroupCommand,
      DeleteRetentionPolicyCommand,
      PutLogGroupDeletionProtectionCommand,
      PutRetentionPolicyCommand,
    } = await import('@aws-sdk/client-cloudwatch-logs');
    const created = await unlessError(
      logs.send(new CreateLogGroupCommand({ logGroupName, deletionProtectionEnabled })),
      'ResourceAlreadyExistsException',
    );
    // AWS changes these in place, so an existing group gets the template's values.
    const found = created === undefined ? await describe(logs, logGroupName) : { deletionProtectionEnabled };
    if (found?.deletionProtectionEnabled !== deletionProtectionEnabled) {
      const protection = { logGroupIdentifier: logGroupName, deletionProtectionEnabled };
      await logs.send(new PutLogGroupDeletionProtectionCommand(protection));
    }
    if (found?.retentionInDays !== retentionInDays) {
      if (retentionInDays === undefined) await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
      else await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    }
    const { partition, region, accountId } = environment;
    const Arn = `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupName}:*`;
    return { ref: logGroupName, attributes: { Arn } };
  },
  async delete({ ref: logGroupName }, { clients }) {
    const { logs } = await clients.observation();
    const { DeleteLogGroupCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    await unlessError(logs.send(new DeleteLogGroupCommand({ logGroupName })), 'ResourceNotFoundException');
  },
});

async function describe(logs: CloudWatchLogsClient, name: string): Promise<LogGroup | undefined> {
  const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupIdentifiers: [name] }));
  return logGroups[0];
}
