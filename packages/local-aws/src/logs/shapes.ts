import { z } from 'zod';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
const groupName = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[.\-_/#A-Za-z0-9]+$/, 'it must hold letters, digits and . - _ / # only');
const streamName = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^:*]*$/, 'it must not hold : or *');
/** A name, or an ARN with or without `:*`. */
const identifier = z.string().min(1).max(2048);
const group = { logGroupName: groupName.optional(), logGroupIdentifier: identifier.optional() };
const token = z.string().min(1).optional();
const page = (most: number) => z.int().min(1).max(most).default(most);
const timeMs = z.int().min(0);

/** Days. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html */
export const inputs = {
  CreateLogGroup: z.strictObject({
    logGroupName: groupName,
    logGroupClass: z
      .literal('STANDARD', { error: 'only STANDARD is supported by the local CloudWatch Logs' })
      .optional(),
    /** Neither has an effect. */
    kmsKeyId: z.string().optional(),
    tags: z.record(z.string(), z.string()).optional(),
    deletionProtectionEnabled: z.boolean().default(false),
  }),
  PutLogGroupDeletionProtection: z.strictObject({
    logGroupIdentifier: identifier,
    deletionProtectionEnabled: z.boolean(),
  }),
  DeleteLogGroup: z.strictObject({ logGroupName: groupName }),
  CreateLogStream: z.strictObject({ logGroupName: groupName, logStreamName: streamName }),
  DeleteLogStream: z.strictObject({ logGroupName: groupName, logStreamName: streamName }),
  PutRetentionPolicy: z.strictObject({
    logGroupName: groupName,
    retentionInDays: z
      .int()
      .refine((days) => RETENTION_DAYS.includes(days), { error: `it must be one of ${RETENTION_DAYS.join(', ')}` }),
  }),
  DeleteRetentionPolicy: z.strictObject({ logGroupName: groupName }),
  PutLogEvents: z.strictObject({
    logGroupName: groupName,
    logStreamName: streamName,
    logEvents: z
      .array(z.strictObject({ timestamp: timeMs, message: z.string().min(1) }))
      .min(1)
      .max(10_000),
    sequenceToken: z.string().optional(),
    entity: z.looseObject({}).optional(),
  }),
  DescribeLogGroups: z.strictObject({
    logGroupNamePrefix: groupName.optional(),
    logGroupNamePattern: z.string().max(512).optional(),
    logGroupIdentifiers: z.array(identifier).min(1).max(50).optional(),
    logGroupClass: z.string().optional(),
    includeLinkedAccounts: z.literal(false).optional(),
    nextToken: token,
    limit: page(50),
  }),
  DescribeLogStreams: z.strictObject({
    ...group,
    logStreamNamePrefix: streamName.optional(),
    orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
    descending: z.boolean().default(false),
    nextToken: token,
    limit: page(50),
  }),
  GetLogEvents: z.strictObject({
    ...group,
    logStreamName: streamName,
    startTime: timeMs.optional(),
    endTime: timeMs.optional(),
    nextToken: token,
    limit: page(10_000),
    startFromHead: z.boolean().default(false),
    unmask: z.boolean().optional(),
  }),
  FilterLogEvents: z.strictObject({
    ...group,
    logStreamNames: z.array(streamName).min(1).max(100).optional(),
    logStreamNamePrefix: streamName.optional(),
    startTime: timeMs.optional(),
    endTime: timeMs.optional(),
    filterPattern: z.string().max(1024).default(''),
    nextToken: token,
    limit: page(10_000),
    startFromHead: z.boolean().default(true),
    interleaved: z.boolean().optional(),
    unmask: z.boolean().optional(),
  }),
  StartQuery: z.strictObject({
    logGroupName: groupName.optional(),
    logGroupNames: z.array(groupName).min(1).max(50).optional(),
    logGroupIdentifiers: z.array(identifier).min(1).max(50).optional(),
    queryLanguage: z.literal('CWLI', { error: 'only CWLI is supported by the local CloudWatch Logs' }).optional(),
    startTime: timeMs,
    endTime: timeMs,
    queryString: z.string().max(10_000),
    limit: z.int().min(1).max(10_000).optional(),
  }),
  GetQueryResults: z.strictObject({ queryId: z.string().min(1).max(256) }),
  StopQuery: z.strictObject({ queryId: z.string().min(1).max(256) }),
  DescribeQueries: z.strictObject({
    logGroupName: groupName.optional(),
    status: z.string().optional(),
    queryLanguage: z.string().optional(),
    maxResults: page(1000),
    nextToken: token,
  }),
} as const;

/** The group that an input names by its name or its ARN. */
export interface GroupReference {
  logGroupName?: string | undefined;
  logGroupIdentifier?: string | undefined;
}
