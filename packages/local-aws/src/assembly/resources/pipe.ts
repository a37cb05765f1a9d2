import {
  CreatePipeCommand,
  DeletePipeCommand,
  DescribePipeCommand,
  type DescribePipeResponse,
  UpdatePipeCommand,
  type UpdatePipeRequest,
} from '@aws-sdk/client-pipes';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type LoadContext, resourceType } from '../resource-type.ts';
import { until } from '../until.ts';
import { cfnInteger, ONLY_HERE } from '../values.ts';

/** Parameters of both stream sources. */
const streamParameters = {
  BatchSize: cfnInteger.optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
  MaximumBatchingWindowInSeconds: cfnInteger.optional(),
  MaximumRecordAgeInSeconds: cfnInteger.optional(),
  MaximumRetryAttempts: cfnInteger.optional(),
  OnPartialBatchItemFailure: z.literal('AUTOMATIC_BISECT').optional(),
  ParallelizationFactor: z.literal(1, { error: `${ONLY_HERE} 1` }).optional(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
};

const NO_DELIVERY = 'log records are delivered to CloudWatch Logs only';

const schema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  DesiredState: z.enum(['RUNNING', 'STOPPED']).optional(),
  RoleArn: z.string(),
  Source: z.string(),
  SourceParameters: z
    .strictObject({
      FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) }).optional(),
      KinesisStreamParameters: z.strictObject(streamParameters).optional(),
      DynamoDBStreamParameters: z.strictObject(streamParameters).optional(),
    })
    .optional(),
  Enrichment: z.string().optional(),
  EnrichmentParameters: z.strictObject({ InputTemplate: z.string().optional() }).optional(),
  LogConfiguration: z
    .strictObject({
      Level: z.enum(['OFF', 'ERROR', 'INFO', 'TRACE']).default('OFF'),
      IncludeExecutionData: z.array(z.literal('ALL')).optional(),
      CloudwatchLogsLogDestination: z.strictObject({ LogGroupArn: z.string() }).optional(),
    })
    .optional(),
  Target: z.string(),
  TargetParameters: z
    .strictObject({
      InputTemplate: z.string().optional(),
      StepFunctionStateMachineParameters: z
        .strictObject({ InvocationType: z.enum(['REQUEST_RESPONSE', 'FIRE_AND_FORGET']).optional() })
        .optional(),
      KinesisStreamParameters: z.strictObject({ PartitionKey: z.string() }).optional(),
      SqsQueueParameters: z
        .strictObject({ MessageGroupId: z.string().optional(), MessageDeduplicationId: z.string().optional() })
        .optional(),
    })
    .optional(),
});
type Properties = z.infer<typeof schema>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-pipes-pipe.html */
export const pipe = resourceType({
  type: 'AWS::Pipes::Pipe',
  nameProperty: 'Name',
  nameMaxLength: 64,
  attributes: ['Arn'],
  createLast: true,
  schema,
  inert: {
    KmsKeyIdentifier: 'nothing is encrypted on this machine by the runtime',
    'LogConfiguration.FirehoseLogDestination': NO_DELIVERY,
    'LogConfiguration.S3LogDestination': NO_DELIVERY,
    Tags: 'tags change no behaviour',
  },
  createOnly: [
    'Source',
    'SourceParameters.KinesisStreamParameters.StartingPosition',
    'SourceParameters.DynamoDBStreamParameters.StartingPosition',
  ],
  deletedWithIt: 'its checkpoint',
  atRest: (properties) => ({ ...properties, DesiredState: 'STOPPED' }),
  exists: async ({ physicalName }, _properties, { clients }) => (await describe(physicalName, clients)) !== undefined,
  async create({ physicalName: Name }, properties, context) {
    const { clients } = context;
    const call = clients.pipes.send(new CreatePipeCommand({ ...properties, Name }));
    if ((await unlessError(call, 'ConflictException')) === undefined) {
      await whenSettled(Name, context);
      await clients.pipes.send(new UpdatePipeCommand(updateOf(Name, properties)));
    }
    const { CurrentState, StateReason, Arn = '' } = await whenSettled(Name, context);
    if (CurrentState !== (properties.DesiredState ?? 'RUNNING')) {
      throw new Error(`Pipe ${Name} did not stabilize: ${StateReason ?? `it is ${CurrentState}`}`);
    }
    return { ref: Name, attributes: { Arn } };
  },
  async delete({ ref: Name }, context) {
    const { clients, clock } = context;
    if ((await describe(Name, clients)) === undefined) return;
    await whenSettled(Name, context);
    await unlessError(clients.pipes.send(new DeletePipeCommand({ Name })), 'NotFoundException');
    await until(clock, `The deletion of pipe ${Name}`, async () =>
      (await describe(Name, clients)) === undefined ? true : undefined,
    );
  },
});

/** What makes an existing pipe as the properties say: what they leave out is removed by name. */
function updateOf(Name: string, properties: Properties): UpdatePipeRequest {
  const { Source: _, SourceParameters: source, EnrichmentParameters, TargetParameters, ...others } = properties;
  const { KinesisStreamParameters: kinesis, DynamoDBStreamParameters: dynamodb } = source ?? {};
  const changeable = ({ StartingPosition: _start, ...parameters }: NonNullable<typeof kinesis>) => parameters;
  return {
    ...others,
    Name,
    Description: properties.Description ?? '',
    DesiredState: properties.DesiredState ?? 'RUNNING',
    SourceParameters: {
      FilterCriteria: source?.FilterCriteria ?? { Filters: [] },
      ...(kinesis && { KinesisStreamParameters: changeable(kinesis) }),
      ...(dynamodb && { DynamoDBStreamParameters: changeable(dynamodb) }),
    },
    Enrichment: properties.Enrichment ?? '',
    EnrichmentParameters: { InputTemplate: '', ...EnrichmentParameters },
    TargetParameters: { InputTemplate: '', ...TargetParameters },
    LogConfiguration: properties.LogConfiguration ?? { Level: 'OFF' },
  };
}

async function describe(Name: string, { pipes }: LoadContext['clients']): Promise<DescribePipeResponse | undefined> {
  return unlessError(pipes.send(new DescribePipeCommand({ Name })), 'NotFoundException');
}

/** The pipe once it is between no two states. */
function whenSettled(Name: string, { clients, clock }: LoadContext): Promise<DescribePipeResponse> {
  return until(clock, `Pipe ${Name}`, async () => {
    const found = await describe(Name, clients);
    const isChanging = found?.CurrentState?.endsWith('ING') === true && found.CurrentState !== 'RUNNING';
    return isChanging ? undefined : found;
  });
}
