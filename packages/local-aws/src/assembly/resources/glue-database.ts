import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnString } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-database.html */
export const glueDatabase = resourceType({
  type: 'AWS::Glue::Database',
  nameProperty: 'DatabaseName',
  nameMaxLength: 255,
  lowerCaseName: true,
  attributes: [],
  schema: z.strictObject({
    CatalogId: z.string(),
    DatabaseName: z.string().optional(),
    DatabaseInput: z.strictObject({
      Name: z.string().optional(),
      Description: z.string().optional(),
      LocationUri: z.string().optional(),
      Parameters: z.record(z.string(), cfnString).optional(),
    }),
  }),
  inert: {},
  async create({ physicalName }, { CatalogId, DatabaseInput }, { clients }) {
    const Name = (DatabaseInput.Name ?? physicalName).toLowerCase();
    const { glue } = await clients.lake();
    const { CreateDatabaseCommand, UpdateDatabaseCommand } = await import('@aws-sdk/client-glue');
    const input = { CatalogId, DatabaseInput: { ...DatabaseInput, Name } };
    try {
      await glue.send(new CreateDatabaseCommand(input));
    } catch (error) {
      if (!isNamed(error, 'AlreadyExistsException')) throw error;
      await glue.send(new UpdateDatabaseCommand({ ...input, Name }));
    }
    return { ref: Name, attributes: {} };
  },
});
