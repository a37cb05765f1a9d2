import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type TableDescription,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { CannotUpdate, ShapeDiffers } from '../errors.ts';
import { type CreatedResource, type LoadContext, resourceType } from '../resource-type.ts';
import { until } from '../until.ts';
import { dynamodbTableSchema, type TableProperties } from './dynamodb-table-schema.ts';
import { indexShape, tableUpdates } from './dynamodb-table-updates.ts';

const NO_INSIGHTS = 'there are no contributor insights';
const NOT_ENCRYPTED = 'nothing is encrypted on this machine by the runtime';
const NO_LIMIT = 'tables have no limit of their own, and items have one with --like-aws';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
export const dynamodbTable = resourceType({
  type: 'AWS::DynamoDB::Table',
  nameProperty: 'TableName',
  nameMaxLength: 255,
  attributes: ['Arn', 'StreamArn'],
  schema: dynamodbTableSchema,
  inert: {
    PointInTimeRecoverySpecification: 'there are no backups; the data folder is yours to copy while nothing runs',
    'SSESpecification.SSEEnabled': NOT_ENCRYPTED,
    'SSESpecification.SSEType': NOT_ENCRYPTED,
    ContributorInsightsSpecification: NO_INSIGHTS,
    'GlobalSecondaryIndexes[].ContributorInsightsSpecification': NO_INSIGHTS,
    TableClass: 'a matter of price',
    OnDemandThroughput: NO_LIMIT,
    WarmThroughput: NO_LIMIT,
    'GlobalSecondaryIndexes[].OnDemandThroughput': NO_LIMIT,
    'GlobalSecondaryIndexes[].WarmThroughput': NO_LIMIT,
    Tags: 'tags change no behaviour',
  },
  createOnly: ['KeySchema', 'LocalSecondaryIndexes'],
  alsoReplacedBy: 'another type of an attribute in `AttributeDefinitions`',
  deletedWithIt: 'its items, its indexes and its stream',
  encryptionKey: ({ SSESpecification }) => ({ id: SSESpecification?.KMSMasterKeyId }),
  standIns({ BillingMode = 'PROVISIONED' }): Readonly<Record<string, string>> {
    return BillingMode === 'PROVISIONED'
      ? { 'provisioned throughput': 'it is described, and nothing is throttled' }
      : {};
  },
  alsoReplaces: (before, after) =>
    after.AttributeDefinitions.some(({ AttributeName, AttributeType }) =>
      before.AttributeDefinitions.some(
        (old) => old.AttributeName === AttributeName && old.AttributeType !== AttributeType,
      ),
    ),
  exists: async ({ physicalName }, _properties, { clients }) => (await describe(clients, physicalName)) !== undefined,
  async create({ logicalId, physicalName }, properties, context) {
    const found = await describe(context.clients, physicalName);
    if (found === undefined) await createTable(physicalName, properties, context);
    else {
      const differences = compare(found, properties);
      if (differences.length > 0) throw new ShapeDiffers(logicalId, physicalName, differences);
    }
    return bringUp(physicalName, properties, context);
  },
  update: (existing, properties, context) => bringUp(existing.ref, properties, context),
  async delete({ ref: TableName }, { clients, clock }) {
    await unlessError(clients.dynamodb.send(new DeleteTableCommand({ TableName })), 'ResourceNotFoundException');
    await until(clock, `The deletion of table ${TableName}`, async () =>
      (await describe(clients, TableName)) === undefined ? true : undefined,
    );
  },
});

async function createTable(
  TableName: string,
  {
    TimeToLiveSpecification: _ttl,
    SSESpecification: _key,
    StreamSpecification: stream,
    ...properties
  }: TableProperties,
  { clients }: LoadContext,
): Promise<void> {
  const { GlobalSecondaryIndexes: global, LocalSecondaryIndexes: local, ...rest } = properties;
  const command = new CreateTableCommand({
    ...rest,
    TableName,
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(stream !== undefined && { StreamSpecification: { StreamEnabled: true, ...stream } }),
  });
  // The SDK repeats a call whose answer was lost, and the first may have had its effect.
  await unlessError(clients.dynamodb.send(command), 'ResourceInUseException');
}

/** Makes of a table what the properties say, as far as it can change. */
async function bringUp(name: string, wanted: TableProperties, context: LoadContext): Promise<CreatedResource> {
  let table = await whenActive(name, context);
  for (const update of tableUpdates(table, wanted)) {
    await context.clients.dynamodb.send(new UpdateTableCommand({ TableName: name, ...update }));
    table = await whenActive(name, context);
  }
  await setTimeToLive(name, wanted.TimeToLiveSpecification, context.clients);
  const { TableArn: Arn = '', LatestStreamArn: StreamArn } = table;
  return { ref: name, attributes: { Arn, ...(StreamArn !== undefined && { StreamArn }) } };
}

async function describe(
  { dynamodb }: LoadContext['clients'],
  TableName: string,
): Promise<TableDescription | undefined> {
  const call = dynamodb.send(new DescribeTableCommand({ TableName }));
  return (await unlessError(call, 'ResourceNotFoundException'))?.Table;
}

function whenActive(name: string, { clients, clock }: LoadContext): Promise<TableDescription> {
  return until(clock, `Table ${name}`, async () => {
    const found = await describe(clients, name);
    const indexes = found?.GlobalSecondaryIndexes ?? [];
    const isActive = found?.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE');
    return isActive ? found : undefined;
  });
}

/** What cannot change of a table. */
function compare(found: TableDescription, wanted: TableProperties): string[] {
  const keys = (schema: TableDescription['KeySchema'], types: TableDescription['AttributeDefinitions']) =>
    (schema ?? [])
      .map((key) => {
        const type = types?.find(({ AttributeName }) => AttributeName === key.AttributeName)?.AttributeType;
        return `${key.KeyType} ${key.AttributeName} (${type})`;
      })
      .join(', ');
  const is = keys(found.KeySchema, found.AttributeDefinitions);
  const should = keys(wanted.KeySchema, wanted.AttributeDefinitions);
  return [
    ...(is === should ? [] : [`its key is ${is} where the template says ${should}`]),
    ...(isDeepStrictEqual(localIndexes(found), localIndexes(wanted))
      ? []
      : ['its local secondary indexes are not those of the template']),
  ];
}

function localIndexes({ LocalSecondaryIndexes = [] }: Pick<TableDescription, 'LocalSecondaryIndexes'>): object {
  return new Map(LocalSecondaryIndexes.map((index) => [index.IndexName, indexShape(index)]));
}

async function setTimeToLive(
  TableName: string,
  wanted: TableProperties['TimeToLiveSpecification'],
  { dynamodb }: LoadContext['clients'],
): Promise<void> {
  const { TimeToLiveDescription: found } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  const isOn = found?.TimeToLiveStatus === 'ENABLED' || found?.TimeToLiveStatus === 'ENABLING';
  const wantedAttribute = wanted?.Enabled ? wanted.AttributeName : undefined;
  const foundAttribute = isOn ? found?.AttributeName : undefined;
  if (wantedAttribute === foundAttribute) return;
  if (wantedAttribute !== undefined && foundAttribute !== undefined) {
    throw new CannotUpdate(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${foundAttribute}. ` +
        `Leave TimeToLiveSpecification out in one update of ${TableName}, and set ${wantedAttribute} in a later one.`,
    );
  }
  const TimeToLiveSpecification = {
    AttributeName: wantedAttribute ?? foundAttribute,
    Enabled: wantedAttribute !== undefined,
  };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}
