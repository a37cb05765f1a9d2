import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html, "Name". */
const name = z
  .string()
  .regex(/^[0-9a-zA-Z\-_.]{1,64}$/, 'expected 1 to 64 letters, digits, hyphens, underscores or dots');

const target = z.strictObject({
  Arn: z.string().min(1),
  RoleArn: z.string().min(1),
  Input: z.string().min(1).optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .strictObject({
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
      MaximumRetryAttempts: z.int().min(0).max(185).default(185),
    })
    .default({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }),
  KinesisParameters: z.strictObject({ PartitionKey: z.string().min(1).max(256) }).optional(),
  SqsParameters: z.strictObject({ MessageGroupId: z.string().optional() }).optional(),
});

const flexibleTimeWindow = z
  .strictObject({ Mode: z.enum(['OFF', 'FLEXIBLE']), MaximumWindowInMinutes: z.int().min(1).max(1440).optional() })
  .refine(
    ({ Mode, MaximumWindowInMinutes }) => (Mode === 'FLEXIBLE') === (MaximumWindowInMinutes !== undefined),
    'MaximumWindowInMinutes belongs to the mode FLEXIBLE',
  );

const common = {
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
  FlexibleTimeWindow: flexibleTimeWindow,
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Description: z.string().max(512).optional(),
  KmsKeyArn: z.string().optional(),
  Target: target,
};

/** What a schedule does. Times in ISO 8601. */
const definition = z.strictObject({
  ...common,
  StartDate: z.iso.datetime().optional(),
  EndDate: z.iso.datetime().optional(),
});

/** The definition of a schedule, with AWS's defaults. */
export type ScheduleDefinition = z.output<typeof definition>;

/** A schedule as it is stored. Times are milliseconds since the epoch. */
export const storedSchedule = z.strictObject({
  name: z.string(),
  group: z.string(),
  arn: z.string(),
  definition,
  createdMs: z.number(),
  modifiedMs: z.number(),
  /** Every time up to this one is done with. */
  doneMs: z.number(),
  isComplete: z.boolean(),
});

/** A schedule as it is stored. */
export type StoredSchedule = z.output<typeof storedSchedule>;

/** A group as it is stored. */
export const storedGroup = z.strictObject({ name: z.string(), arn: z.string(), createdMs: z.number() });

/** A group as it is stored. */
export type StoredGroup = z.output<typeof storedGroup>;

const date = z.date().transform((value) => value.toISOString());
const reference = { Name: name, GroupName: name.default('default') };
const groupQuery = { Name: name, groupName: name.default('default'), clientToken: z.string().optional() };
const page = { NextToken: z.string().optional(), MaxResults: z.coerce.number().int().min(1).max(100).default(100) };

/** The inputs of the operations. */
export const inputs = {
  change: z.strictObject({
    ...common,
    ...reference,
    StartDate: date.optional(),
    EndDate: date.optional(),
    ClientToken: z.string().optional(),
  }),
  one: z.strictObject(groupQuery),
  list: z.strictObject({
    ...page,
    GroupName: name.optional(),
    NamePrefix: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).optional(),
  }),
  createGroup: z.strictObject({
    Name: name,
    ClientToken: z.string().optional(),
    Tags: z.array(z.looseObject({})).optional(),
  }),
  group: z.strictObject({ Name: name, clientToken: z.string().optional() }),
  listGroups: z.strictObject({ ...page, NamePrefix: z.string().optional() }),
};

/** Parses an input. Throws ValidationException with the path of each member that does not fit. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.map(String);
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${[...path, key].join('.')}: not supported by the local Scheduler`).join('; ')
      : `${path.join('.')}: ${issue.message}`;
  });
  throw new AwsError('ValidationException', problems.join('; '));
}
