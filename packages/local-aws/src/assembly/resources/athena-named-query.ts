import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-namedquery.html */
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
  async create({ physicalName }, { WorkGroup = 'primary', ...properties }, { clients }) {
    const { athena } = await clients.lake();
    const { CreateNamedQueryCommand, DeleteNamedQueryCommand, GetNamedQueryCommand, paginateListNamedQueries } =
      await import('@aws-sdk/client-athena');
    // The id is not the name: a query of an earlier start is found by its name, and replaced.
    for await (const { NamedQueryIds = [] } of paginateListNamedQueries({ client: athena }, { WorkGroup })) {
      for (const NamedQueryId of NamedQueryIds) {
        const { NamedQuery } = await athena.send(new GetNamedQueryCommand({ NamedQueryId })).catch(gone);
        if (NamedQuery?.Name !== physicalName) continue;
        const isSame =
          NamedQuery.QueryString === properties.QueryString &&
          NamedQuery.Database === properties.Database &&
          NamedQuery.Description === properties.Description;
        if (isSame) return { ref: NamedQueryId, attributes: { NamedQueryId } };
        await athena.send(new DeleteNamedQueryCommand({ NamedQueryId }));
      }
    }
    const command = new CreateNamedQueryCommand({ ...properties, Name: physicalName, WorkGroup });
    const { NamedQueryId = '' } = await athena.send(command);
    return { ref: NamedQueryId, attributes: { NamedQueryId } };
  },
});

/** Queries of a stack are made at the same time, so that one that was listed may have been replaced since. */
function gone(error: unknown): { NamedQuery?: undefined } {
  if (isNamed(error, 'InvalidRequestException')) return {};
  throw error;
}
