import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnBoolean, cfnInteger, cfnString } from '../values.ts';

const parameters = z.record(z.string(), cfnString);
const column = z.strictObject({ Name: z.string(), Type: z.string().optional(), Comment: z.string().optional() });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-table.html */
export const glueTable = resourceType({
  type: 'AWS::Glue::Table',
  nameProperty: 'Name',
  nameMaxLength: 255,
  lowerCaseName: true,
  attributes: [],
  schema: z.strictObject({
    CatalogId: z.string(),
    DatabaseName: z.string(),
    Name: z.string().optional(),
    TableInput: z.strictObject({
      Name: z.string().optional(),
      Description: z.string().optional(),
      Owner: z.string().optional(),
      Retention: cfnInteger.optional(),
      TableType: z.string().optional(),
      ViewOriginalText: z.string().optional(),
      ViewExpandedText: z.string().optional(),
      Parameters: parameters.optional(),
      PartitionKeys: z.array(column).optional(),
      StorageDescriptor: z
        .strictObject({
          Columns: z.array(column).optional(),
          Location: z.string().optional(),
          InputFormat: z.string().optional(),
          OutputFormat: z.string().optional(),
          Compressed: cfnBoolean.optional(),
          NumberOfBuckets: cfnInteger.optional(),
          StoredAsSubDirectories: cfnBoolean.optional(),
          Parameters: parameters.optional(),
          SerdeInfo: z
            .strictObject({
              Name: z.string().optional(),
              SerializationLibrary: z.string().optional(),
              Parameters: parameters.optional(),
            })
            .optional(),
        })
        .optional(),
    }),
  }),
  inert: {},
  async create({ physicalName }, { CatalogId, DatabaseName, TableInput }, { clients }) {
    const Name = (TableInput.Name ?? physicalName).toLowerCase();
    const { glue } = await clients.lake();
    const { CreateTableCommand, UpdateTableCommand } = await import('@aws-sdk/client-glue');
    const input = { CatalogId, DatabaseName, TableInput: { ...TableInput, Name } };
    try {
      await glue.send(new CreateTableCommand(input));
    } catch (error) {
      if (!isNamed(error, 'AlreadyExistsException')) throw error;
      await glue.send(new UpdateTableCommand(input));
    }
    return { ref: Name, attributes: {} };
  },
});
