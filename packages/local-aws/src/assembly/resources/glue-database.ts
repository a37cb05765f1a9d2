import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type ResourceIdentity, resourceType } from '../resource-type.ts';
import { cfnString } from '../values.ts';

const schema = z.strictObject({
  CatalogId: z.string(),
  DatabaseName: z.string().optional(),
  DatabaseInput: z.strictObject({
    Name: z.string().optional(),
    Description: z.string().optional(),
    LocationUri: z.string().optional(),
    Parameters: z.record(z.string(), cfnString).optional(),
  }),
});
type Properties = z.infer<typeof schema>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-database.html */
export const glueDatabase = resourceType({
  type: 'AWS::Glue::Database',
  nameProperty: 'DatabaseName',
  namePath: 'DatabaseInput.Name',
  nameMaxLength: 255,
  lowerCaseName: true,
  attributes: [],
  schema,
  inert: {},
  createOnly: ['CatalogId', 'DatabaseInput.Name'],
  deletedWithIt: 'its tables; objects stay',
  async exists(identity, properties, { clients }) {
    const { glue } = await clients.lake();
    const { GetDatabaseCommand } = await import('@aws-sdk/client-glue');
    const command = new GetDatabaseCommand({ CatalogId: properties.CatalogId, Name: nameOf(identity, properties) });
    return (await unlessError(glue.send(command), 'EntityNotFoundException')) !== undefined;
  },
  async create(identity, properties, { clients }) {
    const { CatalogId, DatabaseInput } = properties;
    const Name = nameOf(identity, properties);
    const { glue } = await clients.lake();
    const { CreateDatabaseCommand, UpdateDatabaseCommand } = await import('@aws-sdk/client-glue');
    const input = { CatalogId, DatabaseInput: { ...DatabaseInput, Name } };
    const created = await unlessError(glue.send(new CreateDatabaseCommand(input)), 'AlreadyExistsException');
    if (created === undefined) await glue.send(new UpdateDatabaseCommand({ ...input, Name }));
    return { ref: Name, attributes: {} };
  },
  async delete({ ref: Name, properties: { CatalogId } }, { clients }) {
    const { glue } = await clients.lake();
    const { DeleteDatabaseCommand } = await import('@aws-sdk/client-glue');
    const command = new DeleteDatabaseCommand({ CatalogId: String(CatalogId), Name });
    await unlessError(glue.send(command), 'EntityNotFoundException');
  },
});

function nameOf({ physicalName }: ResourceIdentity, { DatabaseInput }: Properties): string {
  return (DatabaseInput.Name ?? physicalName).toLowerCase();
}
