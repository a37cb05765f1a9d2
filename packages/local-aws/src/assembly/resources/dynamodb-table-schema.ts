import { z } from 'zod';
import { cfnBoolean, cfnInteger } from '../values.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const throughput = z.strictObject({ ReadCapacityUnits: cfnInteger, WriteCapacityUnits: cfnInteger });
/** What every secondary index has. */
export const secondaryIndex = {
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.strictObject({
    ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).optional(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
};

/**
 * The properties of a table that have an effect.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
 */
export const dynamodbTableSchema = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  BillingMode: z.enum(['PROVISIONED', 'PAY_PER_REQUEST']).default('PROVISIONED'),
  ProvisionedThroughput: throughput.optional(),
  GlobalSecondaryIndexes: z
    .array(z.strictObject({ ...secondaryIndex, ProvisionedThroughput: throughput.optional() }))
    .default([]),
  LocalSecondaryIndexes: z.array(z.strictObject(secondaryIndex)).default([]),
  StreamSpecification: z
    .strictObject({ StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) })
    .optional(),
  SSESpecification: z.strictObject({ KMSMasterKeyId: z.string().optional() }).optional(),
  TimeToLiveSpecification: z
    .strictObject({ AttributeName: z.string().optional(), Enabled: cfnBoolean })
    .refine(({ AttributeName, Enabled }) => !Enabled || AttributeName !== undefined, 'AttributeName is missing')
    .optional(),
  DeletionProtectionEnabled: cfnBoolean.default(false),
});

/** The properties of a table, with defaults. */
export type TableProperties = z.infer<typeof dynamodbTableSchema>;
