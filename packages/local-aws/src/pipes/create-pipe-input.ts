import { z } from 'zod';
import { validationError } from './errors.ts';

/** `arn:aws:sqs:<region>:<account>:<name>` */
const deadLetterConfig = z.strictObject({ Arn: z.string().optional() });

const streamParameters = {
  BatchSize: z.int().min(1).max(10_000).optional(),
  DeadLetterConfig: deadLetterConfig.optional(),
  OnPartialBatchItemFailure: z.literal('AUTOMATIC_BISECT').optional(),
  MaximumBatchingWindowInSeconds: z.int().min(0).max(300).optional(),
  MaximumRecordAgeInSeconds: z
    .int()
    .refine((age) => age === -1 || (age >= 60 && age <= 604_800), 'must be -1 or 60 to 604800')
    .optional(),
  MaximumRetryAttempts: z.int().min(-1).max(10_000).optional(),
  ParallelizationFactor: z.int().optional(),
};

const kinesisParameters = z.strictObject({
  ...streamParameters,
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
  StartingPositionTimestamp: z
    .union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))])
    .optional(),
});

const dynamoDbParameters = z.strictObject({
  ...streamParameters,
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
});

const inputTemplate = z.string().max(8192);

const filterCriteria = z.strictObject({
  Filters: z
    .array(z.strictObject({ Pattern: z.string().max(4096) }))
    .max(5)
    .optional(),
});

/**
 * The members of CreatePipe that the local runtime supports, in API spelling:
 * https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html
 */
const createPipeInput = z.strictObject({
  Name: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[.\-_A-Za-z0-9]+$/)
    .refine((name) => name !== '.' && name !== '..', 'names a folder of the file system'),
  Description: z.string().max(512).optional(),
  DesiredState: z.enum(['RUNNING', 'STOPPED']).optional(),
  RoleArn: z.string().min(1).max(1600),
  Tags: z.record(z.string(), z.string()).optional(),
  KmsKeyIdentifier: z.string().optional(),
  Source: z.string().min(1).max(1600),
  SourceParameters: z.strictObject({
    FilterCriteria: filterCriteria.optional(),
    KinesisStreamParameters: kinesisParameters.optional(),
    DynamoDBStreamParameters: dynamoDbParameters.optional(),
  }),
  Enrichment: z.string().max(1600).optional(),
  EnrichmentParameters: z.strictObject({ InputTemplate: inputTemplate.optional() }).optional(),
  Target: z.string().min(1).max(1600),
  TargetParameters: z
    .strictObject({
      InputTemplate: inputTemplate.optional(),
      StepFunctionStateMachineParameters: z
        .strictObject({ InvocationType: z.enum(['REQUEST_RESPONSE', 'FIRE_AND_FORGET']).optional() })
        .optional(),
      KinesisStreamParameters: z.strictObject({ PartitionKey: z.string().max(256).optional() }).optional(),
      SqsQueueParameters: z
        .strictObject({
          MessageGroupId: z.string().max(100).optional(),
          MessageDeduplicationId: z.string().max(100).optional(),
        })
        .optional(),
    })
    .optional(),
  LogConfiguration: z
    .strictObject({
      Level: z.enum(['OFF', 'ERROR', 'INFO', 'TRACE']).optional(),
      IncludeExecutionData: z.array(z.literal('ALL')).optional(),
      CloudwatchLogsLogDestination: z.strictObject({ LogGroupArn: z.string() }).optional(),
      FirehoseLogDestination: z.strictObject({ DeliveryStreamArn: z.string() }).optional(),
      S3LogDestination: z
        .strictObject({
          BucketName: z.string(),
          BucketOwner: z.string(),
          OutputFormat: z.enum(['json', 'plain', 'w3c']).optional(),
          Prefix: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
});

export type CreatePipeInput = z.infer<typeof createPipeInput>;

/**
 * The members of UpdatePipe: those of CreatePipe, without the source and where reading it starts.
 * https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_UpdatePipe.html
 */
const updatePipeInput = createPipeInput.omit({ Source: true, Tags: true }).extend({
  Target: createPipeInput.shape.Target.optional(),
  SourceParameters: z
    .strictObject({
      FilterCriteria: filterCriteria.optional(),
      KinesisStreamParameters: z.strictObject(streamParameters).optional(),
      DynamoDBStreamParameters: z.strictObject(streamParameters).optional(),
    })
    .optional(),
});

export type UpdatePipeInput = z.infer<typeof updatePipeInput>;

/** Throws a ValidationException that names the invalid member. A member outside the schema is not supported here. */
export function parseCreatePipeInput(input: unknown): CreatePipeInput {
  return parsed(createPipeInput, input);
}

/** Throws as {@link parseCreatePipeInput}. */
export function parseUpdatePipeInput(input: unknown): UpdatePipeInput {
  return parsed(updatePipeInput, input);
}

function parsed<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue === undefined) throw validationError('', 'is not valid.');
  if (issue.code === 'unrecognized_keys') {
    throw validationError(
      memberPath([...issue.path, ...issue.keys.slice(0, 1)]),
      'is not supported by the local runtime.',
    );
  }
  throw validationError(memberPath(issue.path), `failed to satisfy constraint: ${issue.message}.`);
}

/** `SourceParameters.FilterCriteria.Filters.1.Pattern`: list indices start at 1, as on AWS. */
function memberPath(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? part + 1 : String(part))).join('.');
}
