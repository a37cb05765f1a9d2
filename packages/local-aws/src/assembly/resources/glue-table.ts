import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type ResourceIdentity, resourceType } from '../resource-type.ts';
import { cfnBoolean, cfnInteger, cfnString } from '../values.ts';

const parameters = z.record(z.string(), cfnString);
const column = z.strictObject({ Name: z.string(), Type: z.string().optional(), Comment: z.string().optional() });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-table.html */
export const glueTable = resourceType({
  type: 'AWS::Glue::Table',
  nameProperty: 'Name',
  namePath: 'TableInput.Name',
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
  createOnly: ['CatalogId', 'DatabaseName', 'TableInput.Name'],
  deletedWithIt: 'its partitions; objects stay',
  async exists(identity, { CatalogId, DatabaseName, TableInput }, { clients }) {
    const { glue } = await clients.lake();
    const { GetTableCommand } = await import('@aws-sdk/client-glue');
    const command = new GetTableCommand({ CatalogId, DatabaseName, Name: nameOf(identity, TableInput) });
    return (await unlessError(glue.send(command), 'EntityNotFoundException')) !== undefined;
  },
  async create(identity, { CatalogId, DatabaseName, TableInput }, { clients }) {
    const Name = nameOf(identity, TableInput);
    const { glue } = await clients.lake();
    const { CreateTableCommand, UpdateTableCommand } = await import('@aws-sdk/client-glue');
    const input = { CatalogId, DatabaseName, TableInput: { ...TableInput, Name } };
    const created = await unlessError(glue.send(new CreateTableCommand(input)), 'AlreadyExistsException');
    if (created === undefined) await glue.send(new UpdateTableCommand(input));
    return { ref: Name, attributes: {} };
  },
  async delete({ ref: Name, properties: { CatalogId, DatabaseName } }, { clients }) {
    const { glue } = await clients.lake();
    const { DeleteTableCommand } = await import('@aws-sdk/client-glue');
    const table = { CatalogId: String(CatalogId), DatabaseName: String(DatabaseName), Name };
    await unlessError(glue.send(new DeleteTableCommand(table)), 'EntityNotFoundException');
  },
});

function nameOf({ physicalName }: ResourceIdentity, { Name }: { Name?: string | undefined }): string {
  return (Name ?? physicalName).toLowerCase();
}
