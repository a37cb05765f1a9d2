import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/**
 * Its id is not its name: several queries may have one name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-namedquery.html
 */
export const athenaNamedQuery = resourceType({
  type: 'AWS::Athena::NamedQuery',
  nameProperty: 'Name',
  nameMaxLength: 128,
  attributes: ['NamedQueryId'],
  schema: z.strictObject({
    Name: z.string().optional(),
    Description: z.string().optional(),
    Database: z.string(),
    QueryString: z.string(),
    WorkGroup: z.string().optional(),
  }),
  inert: {},
  createOnly: ['Description', 'Database', 'QueryString', 'WorkGroup'],
  exists: async () => false,
  async create({ physicalName }, { WorkGroup = 'primary', ...properties }, { clients }) {
    const { athena } = await clients.lake();
    const { CreateNamedQueryCommand, GetNamedQueryCommand, paginateListNamedQueries } = await import(
      '@aws-sdk/client-athena'
    );
    // Its id is not its name, so that one of an earlier start is found by what it is.
    for await (const { NamedQueryIds = [] } of paginateListNamedQueries({ client: athena }, { WorkGroup })) {
      for (const NamedQueryId of NamedQueryIds) {
        const call = athena.send(new GetNamedQueryCommand({ NamedQueryId }));
        // One that was listed may have been deleted since.
        const found = (await unlessError(call, 'InvalidRequestException'))?.NamedQuery;
        const isSame =
          found?.Name === physicalName &&
          found.QueryString === properties.QueryString &&
          found.Database === properties.Database &&
          found.Description === properties.Description;
        if (isSame) return { ref: NamedQueryId, attributes: { NamedQueryId } };
      }
    }
    const command = new CreateNamedQueryCommand({ ...properties, Name: physicalName, WorkGroup });
    const { NamedQueryId = '' } = await athena.send(command);
    return { ref: NamedQueryId, attributes: { NamedQueryId } };
  },
  async delete({ ref: NamedQueryId }, { clients }) {
    const { athena } = await clients.lake();
    const { DeleteNamedQueryCommand } = await import('@aws-sdk/client-athena');
    await unlessError(athena.send(new DeleteNamedQueryCommand({ NamedQueryId })), 'InvalidRequestException');
  },
});
