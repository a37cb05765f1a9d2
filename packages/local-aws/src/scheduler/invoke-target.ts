import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { AwsError } from '../gateway/aws-error.ts';
import { type ClientsOfSession, functionSession } from '../iam/worker-session.ts';
import { queueUrlOf } from '../pipes/queue-url.ts';
import type { ScheduleDefinition } from './shapes.ts';

/** Lambda invokes a function that failed twice more: after a minute, and after two (AWS: "Asynchronous invocation"). */
const functionRetriesMs = [60_000, 120_000];

/** The services that a schedule can call here, by the service in the ARN. */
const targetServices = ['lambda', 'sqs', 'states', 'kinesis'] as const;

/** A call of a target. */
export interface TargetCall {
  target: ScheduleDefinition['Target'];
  /** JSON text or any other. */
  payload: string;
  /** Resolves after so many milliseconds, or when `signal` aborts. */
  sleep(ms: number): Promise<void>;
  signal: AbortSignal;
}

/** Throws ValidationException for a target that the local runtime does not call. */
export function checkTarget({ Arn, KinesisParameters }: ScheduleDefinition['Target']): void {
  const service = serviceOf(Arn);
  if (!targetServices.some((known) => known === service)) {
    throw new AwsError(
      'ValidationException',
      `Provided Arn ${Arn} is of a target that the local Scheduler does not call. It calls ${targetServices.join(', ')}.`,
    );
  }
  if (service === 'kinesis' && KinesisParameters === undefined) {
    throw new AwsError('ValidationException', 'Target.KinesisParameters.PartitionKey is needed for a stream.');
  }
}

/** Who calls a target, and what follows from the call. */
export interface TargetClients {
  /** Of the schedule's role. */
  readonly clients: AwsClients;
  /** For what no right is needed for on AWS. */
  readonly ownClients: AwsClients;
  /** Of the role of a function. */
  readonly functionClients: ClientsOfSession;
}

/** Calls a target. Throws what the service answers, which Scheduler retries. */
export async function invokeTarget(by: TargetClients, call: TargetCall): Promise<void> {
  const { clients } = by;
  const { Arn, KinesisParameters, SqsParameters } = call.target;
  const abortSignal = call.signal;
  const name = Arn.slice(Arn.lastIndexOf(':') + 1);
  switch (serviceOf(Arn)) {
    case 'lambda':
      return invokeFunction(by, call);
    case 'sqs':
      return sendMessage(clients.sqs, Arn, call.payload, {
        MessageGroupId: SqsParameters?.MessageGroupId,
        abortSignal,
      });
    case 'states':
      await clients.sfn.send(new StartExecutionCommand({ stateMachineArn: Arn, input: call.payload }), { abortSignal });
      return;
    case 'kinesis':
      await clients.kinesis.send(
        new PutRecordCommand({
          StreamName: name.slice(name.indexOf('/') + 1),
          PartitionKey: KinesisParameters?.PartitionKey,
          Data: Buffer.from(call.payload),
        }),
        { abortSignal },
      );
  }
}

/** Sends a message to the queue with this ARN. */
export async function sendMessage(
  sqs: SQSClient,
  queueArn: string,
  body: string,
  options: {
    MessageGroupId?: string | undefined;
    attributes?: Readonly<Record<string, string>>;
    abortSignal: AbortSignal;
  },
): Promise<void> {
  const { abortSignal } = options;
  const attributes = Object.entries(options.attributes ?? {}).map(([name, StringValue]) => [
    name,
    { DataType: 'String', StringValue },
  ]);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrlOf(queueArn),
      MessageBody: body,
      MessageAttributes: Object.fromEntries(attributes),
      ...(options.MessageGroupId === undefined ? {} : { MessageGroupId: options.MessageGroupId }),
    }),
    { abortSignal },
  );
}

/**
 * Scheduler invokes a function asynchronously: its errors are Lambda's to retry, and what fails at each attempt goes to
 * the queue of the function. Here Scheduler does that.
 */
async function invokeFunction(
  { clients: { lambda }, ownClients, functionClients }: TargetClients,
  call: TargetCall,
): Promise<void> {
  const { target, payload, signal } = call;
  let failure = '';
  for (const waitMs of [0, ...functionRetriesMs]) {
    if (waitMs > 0) await call.sleep(waitMs);
    if (signal.aborted) return;
    const command = new InvokeCommand({ FunctionName: target.Arn, Payload: Buffer.from(payload) });
    const answer = await lambda.send(command, { abortSignal: signal });
    if (answer.FunctionError === undefined) return;
    failure = Buffer.from(answer.Payload ?? []).toString();
  }
  const {
    DeadLetterConfig,
    Role = '',
    FunctionName = '',
  } = await ownClients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: target.Arn }));
  const queue = DeadLetterConfig?.TargetArn;
  if (queue === undefined) return;
  const { sqs } = functionClients(functionSession({ role: Role, name: FunctionName }));
  const attributes = { ErrorCode: '200', ErrorMessage: failure.slice(0, 1024) };
  await sendMessage(sqs, queue, payload, { attributes, abortSignal: signal });
}

function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}
