import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { ShapeDiffers } from '../errors.ts';
import { type LoadContext, resourceType } from '../resource-type.ts';
import { until } from '../until.ts';
import { cfnBoolean } from '../values.ts';

const schema = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })),
  // Provisioned capacity would have no effect: nothing is throttled by it.
  BillingMode: z.literal('PAY_PER_REQUEST'),
  StreamSpecification: z
    .strictObject({ StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) })
    .optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: cfnBoolean }).optional(),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
export const dynamodbTable = resourceType({
  type: 'AWS::DynamoDB::Table',
  nameProperty: 'TableName',
  nameMaxLength: 255,
  attributes: ['Arn', 'StreamArn'],
  schema,
  inert: {
    PointInTimeRecoverySpecification: 'there are no backups; the data folder is yours to copy while nothing runs',
    SSESpecification: 'nothing is encrypted on this machine by the runtime',
    DeletionProtectionEnabled: 'no stack is deleted locally',
    ContributorInsightsSpecification: 'there are no contributor insights',
    TableClass: 'a matter of price',
    WarmThroughput: 'tables have no limit of their own, and items have one with --like-aws',
    Tags: 'tags change no behaviour',
  },
  async create({ logicalId, physicalName }, properties, { clients, clock }) {
    const existing = await describe(clients, physicalName);
    if (existing === undefined) {
      const stream = properties.StreamSpecification;
      await clients.dynamodb.send(
        new CreateTableCommand({
          TableName: physicalName,
          AttributeDefinitions: properties.AttributeDefinitions,
          KeySchema: properties.KeySchema,
          BillingMode: properties.BillingMode,
          ...(stream === undefined ? {} : { StreamSpecification: { StreamEnabled: true, ...stream } }),
        }),
      );
    } else {
      const differences = compare(existing, properties);
      if (differences.length > 0) throw new ShapeDiffers(logicalId, physicalName, differences);
    }
    const table = await until(clock, `Table ${physicalName}`, async () => {
      const found = await describe(clients, physicalName);
      return found?.TableStatus === 'ACTIVE' ? found : undefined;
    });
    await setTimeToLive(logicalId, physicalName, properties.TimeToLiveSpecification, clients);
    return {
      ref: physicalName,
      attributes: {
        Arn: table.TableArn ?? '',
        ...(table.LatestStreamArn === undefined ? {} : { StreamArn: table.LatestStreamArn }),
      },
    };
  },
});

async function describe(clients: LoadContext['clients'], name: string): Promise<TableDescription | undefined> {
  try {
    return (await clients.dynamodb.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function compare(found: TableDescription, wanted: z.infer<typeof schema>): string[] {
  const keys = (schema: TableDescription['KeySchema'], types: TableDescription['AttributeDefinitions']) =>
    (schema ?? [])
      .map((key) => {
        const type = types?.find(({ AttributeName }) => AttributeName === key.AttributeName)?.AttributeType;
        return `${key.KeyType} ${key.AttributeName} (${type})`;
      })
      .join(', ');
  const rows: [property: string, found: string, wanted: string][] = [
    ['its key', keys(found.KeySchema, found.AttributeDefinitions), keys(wanted.KeySchema, wanted.AttributeDefinitions)],
    [
      'its StreamViewType',
      found.StreamSpecification?.StreamViewType ?? 'none',
      wanted.StreamSpecification?.StreamViewType ?? 'none',
    ],
  ];
  return rows
    .filter(([, is, should]) => is !== should)
    .map(([property, is, should]) => `${property} is ${is} where the template says ${should}`);
}

async function setTimeToLive(
  logicalId: string,
  name: string,
  wanted: { AttributeName: string; Enabled: boolean } | undefined,
  { dynamodb }: LoadContext['clients'],
): Promise<void> {
  const { TimeToLiveDescription: found } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }));
  const enabled = found?.TimeToLiveStatus === 'ENABLED' || found?.TimeToLiveStatus === 'ENABLING';
  const wantedAttribute = wanted?.Enabled ? wanted.AttributeName : undefined;
  const foundAttribute = enabled ? found?.AttributeName : undefined;
  if (wantedAttribute === foundAttribute) return;
  if (wantedAttribute !== undefined && foundAttribute !== undefined) {
    // AWS also requires to disable TTL first, and then to wait up to an hour.
    throw new ShapeDiffers(logicalId, name, [
      `its TTL attribute is ${foundAttribute} where the template says ${wantedAttribute}`,
    ]);
  }
  await dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: {
        AttributeName: wantedAttribute ?? foundAttribute,
        Enabled: wantedAttribute !== undefined,
      },
    }),
  );
}
