import { z } from 'zod';
import { type LoadContext, type ResourceIdentity, resourceType } from '../resource-type.ts';
import { cfnBoolean } from '../values.ts';
import { dynamodbTable } from './dynamodb-table.ts';
import { dynamodbTableSchema, secondaryIndex } from './dynamodb-table-schema.ts';

const table = dynamodbTableSchema.shape;

const schema = z.strictObject({
  TableName: table.TableName,
  AttributeDefinitions: table.AttributeDefinitions,
  KeySchema: table.KeySchema,
  BillingMode: table.BillingMode,
  GlobalSecondaryIndexes: z.array(z.strictObject(secondaryIndex)).default([]),
  LocalSecondaryIndexes: table.LocalSecondaryIndexes,
  StreamSpecification: table.StreamSpecification,
  TimeToLiveSpecification: table.TimeToLiveSpecification,
  Replicas: z
    .array(
      z.strictObject({
        Region: z.string(),
        DeletionProtectionEnabled: cfnBoolean.default(false),
        SSESpecification: table.SSESpecification,
      }),
    )
    .length(1, 'there is one region here, and so one replica'),
});
type Properties = z.infer<typeof schema>;

const NO_LIMIT = 'tables have no limit of their own, and items have one with --like-aws';
const NO_BACKUPS = 'there are no backups; the data folder is yours to copy while nothing runs';
const NO_INSIGHTS = 'there are no contributor insights';
const NOT_ENCRYPTED = 'nothing is encrypted on this machine by the runtime';

/**
 * What the CDK's TableV2 writes. Here it is a table on demand in the one region that there is.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
 */
export const dynamodbGlobalTable = resourceType({
  type: 'AWS::DynamoDB::GlobalTable',
  nameProperty: 'TableName',
  nameMaxLength: 255,
  attributes: ['Arn', 'StreamArn'],
  schema,
  inert: {
    ReadOnDemandThroughputSettings: NO_LIMIT,
    ReadProvisionedThroughputSettings: NO_LIMIT,
    WarmThroughput: NO_LIMIT,
    WriteOnDemandThroughputSettings: NO_LIMIT,
    WriteProvisionedThroughputSettings: NO_LIMIT,
    SSESpecification: NOT_ENCRYPTED,
    'GlobalSecondaryIndexes[].ReadOnDemandThroughputSettings': NO_LIMIT,
    'GlobalSecondaryIndexes[].ReadProvisionedThroughputSettings': NO_LIMIT,
    'GlobalSecondaryIndexes[].WarmThroughput': NO_LIMIT,
    'GlobalSecondaryIndexes[].WriteOnDemandThroughputSettings': NO_LIMIT,
    'GlobalSecondaryIndexes[].WriteProvisionedThroughputSettings': NO_LIMIT,
    'Replicas[].ContributorInsightsSpecification': NO_INSIGHTS,
    'Replicas[].GlobalSecondaryIndexes': 'capacity and insights of indexes, which have no limit',
    'Replicas[].PointInTimeRecoverySpecification': NO_BACKUPS,
    'Replicas[].ReadOnDemandThroughputSettings': NO_LIMIT,
    'Replicas[].ReadProvisionedThroughputSettings': NO_LIMIT,
    'Replicas[].TableClass': 'a matter of price',
    'Replicas[].Tags': 'tags change no behaviour',
  },
  createOnly: ['KeySchema', 'LocalSecondaryIndexes'],
  alsoReplacedBy: 'another type of an attribute in `AttributeDefinitions`',
  deletedWithIt: 'its items, its indexes and its stream',
  standIns({ BillingMode = 'PROVISIONED' }): Readonly<Record<string, string>> {
    return BillingMode === 'PROVISIONED'
      ? { 'provisioned throughput': 'the table is on demand, and nothing is throttled' }
      : {};
  },
  alsoReplaces: (before, after) => dynamodbTable.replaces(asTable(before), asTable(after)),
  exists: (identity, properties, context) => dynamodbTable.exists(identity, asTable(properties), context),
  async create(identity, properties, context) {
    checkRegion(identity, properties);
    return dynamodbTable.create(identity, asTable(properties), context);
  },
  async update(existing, properties, context) {
    checkRegion(existing, properties);
    return dynamodbTable.update(existing, asTable(properties), context);
  },
  delete: (existing, context: LoadContext) => dynamodbTable.delete(existing, context),
});

/** The properties of an `AWS::DynamoDB::Table` that does the same. */
function asTable({ Replicas: [replica], ...shared }: Properties) {
  return {
    ...shared,
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: replica?.DeletionProtectionEnabled ?? false,
    ...(replica?.SSESpecification && { SSESpecification: replica.SSESpecification }),
  };
}

function checkRegion({ environment }: ResourceIdentity, { Replicas }: Properties): void {
  for (const { Region } of Replicas) {
    if (Region === environment.region) continue;
    throw new Error(`The endpoint has one region, ${environment.region}. A replica in ${Region} cannot be made.`);
  }
}
