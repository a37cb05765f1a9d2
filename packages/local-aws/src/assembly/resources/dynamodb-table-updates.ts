import { isDeepStrictEqual } from 'node:util';
import type { KeySchemaElement, Projection, TableDescription, UpdateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { CannotUpdate } from '../errors.ts';
import type { TableProperties } from './dynamodb-table-schema.ts';

type TableUpdate = Omit<UpdateTableCommandInput, 'TableName'>;

/**
 * The calls of UpdateTable, one after the other, by which a table becomes as a template says. None: it is so already.
 * Key and local indexes cannot change and are not looked at. Throws {@link CannotUpdate} for what CloudFormation
 * refuses of global indexes: more than one added or deleted, or one with another key or projection.
 */
export function tableUpdates(found: TableDescription, wanted: TableProperties): TableUpdate[] {
  return [...indexUpdates(found, wanted), ...capacityUpdates(found, wanted), ...streamUpdates(found, wanted)].concat(
    (found.DeletionProtectionEnabled ?? false) === wanted.DeletionProtectionEnabled
      ? []
      : { DeletionProtectionEnabled: wanted.DeletionProtectionEnabled },
  );
}

function capacityUpdates(found: TableDescription, wanted: TableProperties): TableUpdate[] {
  const { BillingMode, ProvisionedThroughput } = wanted;
  const foundMode = found.BillingModeSummary?.BillingMode ?? 'PROVISIONED';
  if (BillingMode === 'PAY_PER_REQUEST') return foundMode === BillingMode ? [] : [{ BillingMode }];
  const isSame =
    foundMode === BillingMode &&
    found.ProvisionedThroughput?.ReadCapacityUnits === ProvisionedThroughput?.ReadCapacityUnits &&
    found.ProvisionedThroughput?.WriteCapacityUnits === ProvisionedThroughput?.WriteCapacityUnits;
  return isSame ? [] : [{ BillingMode, ProvisionedThroughput }];
}

/** A stream with another view is another stream, with another ARN. */
function streamUpdates(found: TableDescription, { StreamSpecification: wanted }: TableProperties): TableUpdate[] {
  const { StreamEnabled = false, StreamViewType } = found.StreamSpecification ?? {};
  if (StreamEnabled ? StreamViewType === wanted?.StreamViewType : wanted === undefined) return [];
  return [
    ...(StreamEnabled ? [{ StreamSpecification: { StreamEnabled: false } }] : []),
    ...(wanted === undefined ? [] : [{ StreamSpecification: { StreamEnabled: true, ...wanted } }]),
  ];
}

const ONE_INDEX = 'Cannot perform more than one GSI creation or deletion in a single update';
const OTHER_INDEX =
  "Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. " +
  'You can create a new GSI with a different name';

function indexUpdates(found: TableDescription, wanted: TableProperties): TableUpdate[] {
  const { AttributeDefinitions } = wanted;
  const existing = new Map((found.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  const names = new Set(wanted.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName));
  for (const index of wanted.GlobalSecondaryIndexes) {
    const same = existing.get(index.IndexName);
    if (same !== undefined && !isDeepStrictEqual(indexShape(same), indexShape(index))) {
      throw new CannotUpdate(`${OTHER_INDEX} than ${index.IndexName}, and delete this one in a later update.`);
    }
  }
  const created = wanted.GlobalSecondaryIndexes.filter(({ IndexName }) => !existing.has(IndexName));
  const deleted = [...existing.keys()].filter((name) => name !== undefined && !names.has(name));
  const changes = [...created.map(({ IndexName }) => IndexName), ...deleted];
  if (changes.length > 1) throw new CannotUpdate(`${ONE_INDEX}: ${changes.join(', ')}. Make one update for each.`);
  return [
    ...created.map((Create) => ({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create }] })),
    ...deleted.map((IndexName) => ({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] })),
  ];
}

/** What cannot change of an index. */
export function indexShape(index: {
  KeySchema?: KeySchemaElement[] | undefined;
  Projection?: Projection | undefined;
}): object {
  const { ProjectionType = 'ALL', NonKeyAttributes = [] } = index.Projection ?? {};
  const keys = (index.KeySchema ?? []).map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`);
  return { keys: keys.sort(), ProjectionType, attributes: [...NonKeyAttributes].sort() };
}
