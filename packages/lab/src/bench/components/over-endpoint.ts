import { ListDeliveryStreamsCommand, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { BenchStack } from '../stack.ts';
import type { Component } from './in-process.ts';
import { removals } from './removals.ts';

/** The flatten Lambda and Firehose as deployed, by the SDK over HTTP, one call after the other. */
export async function endpointComponents({ clients, outputs }: BenchStack): Promise<Component[]> {
  const { Functions = [] } = await clients.lambda.send(new ListFunctionsCommand({}));
  const FunctionName = Functions[0]?.FunctionName;
  const { DeliveryStreamNames = [] } = await clients.firehose.send(new ListDeliveryStreamsCommand({}));
  const DeliveryStreamName = DeliveryStreamNames[0];
  if (FunctionName === undefined || DeliveryStreamName === undefined) throw new Error('The stack has no archive.');
  const [events, rows] = [100, 500];
  const Payload = Buffer.from(JSON.stringify(removals(events, outputs.TweetTableName)));
  const row = {
    table: 'tweets',
    event_id: 'event',
    id: '1900000000000000000',
    text: 'A text about #counting and #measuring.',
  };
  const Records = Array.from({ length: rows }, () => ({ Data: Buffer.from(JSON.stringify(row)) }));
  return [
    {
      name: 'flatten Lambda, deployed',
      thing: 'event',
      isHere: false,
      things: events,
      async work() {
        const answer = await clients.lambda.send(new InvokeCommand({ FunctionName, Payload }));
        const text = Buffer.from(answer.Payload ?? []).toString('utf8');
        if (answer.FunctionError !== undefined || text.includes('"error"'))
          throw new Error(`The function did not flatten: ${text.slice(0, 300)}`);
      },
    },
    {
      name: 'Firehose PutRecordBatch',
      thing: 'record',
      isHere: false,
      things: rows,
      async work() {
        const { FailedPutCount } = await clients.firehose.send(
          new PutRecordBatchCommand({ DeliveryStreamName, Records }),
        );
        if (FailedPutCount !== 0) throw new Error(`${FailedPutCount} rows were refused.`);
      },
    },
  ];
}
