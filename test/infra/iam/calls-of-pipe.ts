import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { assumes, type Call, callsOn, logs, resourcesOf } from './call.ts';
import { returnValue } from './physical.ts';

const stream = z.object({ DeadLetterConfig: z.object({ Arn: z.string() }) });
const pipeSchema = z.object({
  RoleArn: z.string(),
  Source: z.string(),
  SourceParameters: z.object({
    KinesisStreamParameters: stream.optional(),
    DynamoDBStreamParameters: stream.optional(),
  }),
  Enrichment: z.string().optional(),
  Target: z.string(),
  TargetParameters: z
    .object({
      StepFunctionStateMachineParameters: z.object({ InvocationType: z.literal('REQUEST_RESPONSE') }).optional(),
    })
    .optional(),
  LogConfiguration: z.object({ CloudwatchLogsLogDestination: z.object({ LogGroupArn: z.string() }) }).optional(),
});

/**
 * AWS: "Event source permissions for Amazon EventBridge Pipes", but for kinesis:SubscribeToShard: it is a permission on
 * a registered consumer, and a pipe whose source is the ARN of a stream has none.
 */
const reading: Record<string, readonly string[]> = {
  kinesis: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'],
  dynamodb: ['DescribeStream', 'GetRecords', 'GetShardIterator'],
};

/**
 * AWS: "Amazon EventBridge Pipes batching and concurrency": a pipe calls the batch API of Firehose and Kinesis even if
 * the batch size is 1.
 */
const sending: Record<string, readonly string[]> = {
  states: ['states:StartSyncExecution'],
  firehose: ['firehose:PutRecordBatch'],
  kinesis: ['kinesis:PutRecords'],
};

/** AWS: "Event enrichment in Amazon EventBridge Pipes". Both are called synchronously. */
const enriching: Record<string, readonly string[]> = {
  lambda: ['lambda:InvokeFunction'],
  states: ['states:StartSyncExecution'],
};

/** What each pipe calls: source, enrichment, target, dead-letter queue and log. */
export function callsOfPipes(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::Pipes::Pipe').flatMap(([id, properties]) => {
    const pipe = pipeSchema.parse(properties);
    const by = pipe.RoleArn;
    const source = serviceOf(pipe.Source);
    const { KinesisStreamParameters, DynamoDBStreamParameters } = pipe.SourceParameters;
    const deadLetters = [KinesisStreamParameters, DynamoDBStreamParameters].flatMap((parameters) =>
      parameters === undefined ? [] : [parameters.DeadLetterConfig.Arn],
    );
    const group = pipe.LogConfiguration?.CloudwatchLogsLogDestination.LogGroupArn;
    return [
      assumes(id, 'pipes', by, returnValue(template, id, 'Arn')),
      ...callsOn(
        `${id} source`,
        by,
        pipe.Source,
        known(reading, source).map((operation) => `${source}:${operation}`),
      ),
      ...callsOn(`${id} source`, by, '*', [`${source}:ListStreams`]),
      ...(pipe.Enrichment === undefined
        ? []
        : callsOn(`${id} enrichment`, by, pipe.Enrichment, known(enriching, serviceOf(pipe.Enrichment)))),
      ...callsOn(`${id} target`, by, pipe.Target, known(sending, serviceOf(pipe.Target))),
      ...deadLetters.flatMap((queue) => callsOn(`${id} dead letters`, by, queue, ['sqs:SendMessage'])),
      ...(group === undefined ? [] : logs(`${id} log`, by, group, ['logs:CreateLogStream', 'logs:PutLogEvents'])),
    ];
  });
}

function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}

function known(table: Record<string, readonly string[]>, service: string): readonly string[] {
  const actions = table[service];
  if (actions === undefined) throw new Error(`The proof does not know what a pipe calls on ${service}`);
  return actions;
}
