import { CreatePipeCommand, DescribePipeCommand } from '@aws-sdk/client-pipes';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { until } from '../until.ts';
import { cfnInteger } from '../values.ts';

/** Parameters of both stream sources. */
const streamParameters = {
  BatchSize: cfnInteger.optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
  MaximumBatchingWindowInSeconds: cfnInteger.optional(),
  MaximumRecordAgeInSeconds: cfnInteger.optional(),
  MaximumRetryAttempts: cfnInteger.optional(),
  OnPartialBatchItemFailure: z.literal('AUTOMATIC_BISECT').optional(),
  ParallelizationFactor: z.literal(1).optional(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
};

const NO_DELIVERY = 'log records are delivered to CloudWatch Logs only';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-pipes-pipe.html */
export const pipe = resourceType({
  type: 'AWS::Pipes::Pipe',
  nameProperty: 'Name',
  nameMaxLength: 64,
  attributes: ['Arn'],
  createLast: true,
  schema: z.strictObject({
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
  }),
  inert: {
    KmsKeyIdentifier: 'nothing is encrypted on this machine by the runtime',
    'LogConfiguration.FirehoseLogDestination': NO_DELIVERY,
    'LogConfiguration.S3LogDestination': NO_DELIVERY,
    Tags: 'tags change no behaviour',
  },
  async create({ physicalName }, properties, { clients, clock }) {
    const { Arn } = await clients.pipes.send(new CreatePipeCommand({ ...properties, Name: physicalName }));
    await until(clock, `Pipe ${physicalName}`, async () => {
      const { CurrentState, StateReason } = await clients.pipes.send(new DescribePipeCommand({ Name: physicalName }));
      if (CurrentState === 'CREATE_FAILED') throw new Error(`Pipe ${physicalName} did not stabilize: ${StateReason}`);
      return CurrentState === (properties.DesiredState ?? 'RUNNING') ? CurrentState : undefined;
    });
    return { ref: physicalName, attributes: { Arn: Arn ?? '' } };
  },
});
