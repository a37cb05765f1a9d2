import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { StreamPipe, type StreamSource } from './stream-pipe.ts';

/**
 * The workflow's input for each record; docs/adr/0001 explains the arrival time. The pipe has no filter: one on `data`
 * would silently drop records that are not JSON, but they belong in the quarantine (AWS: "Event filtering in Amazon
 * EventBridge Pipes"). The record comes first: Pipes does not escape it, so a record that is a JSON string could
 * otherwise override its `eventID`.
 */
const inputTemplate = '{"tweet": <$.data>, "eventID": <$.eventID>, "arrivedAt": <$.approximateArrivalTimestamp>}';

/** What the pipe connects. */
export interface IngestPipeProps extends ConfiguredProps {
  stream: IStream;
  /** The Express workflow to start for each batch. */
  stateMachineArn: string;
}

/** The pipe "ingest": stream → workflow, synchronously, so that a batch whose workflow failed is delivered again. */
export class IngestPipe extends StreamPipe {
  constructor(scope: Construct, id: string, { stream, stateMachineArn, config }: IngestPipeProps) {
    super(scope, id, {
      config,
      name: 'ingest',
      description: 'Hands batches of tweets to the workflow.',
      source: kinesisSource(stream),
      batching: {
        size: config.ingestBatchSize,
        windowSeconds: config.ingestBatchWindowSeconds,
        recordAgeSeconds: config.ingestRecordAgeSeconds,
      },
      target: stateMachineArn,
      targetParameters: {
        inputTemplate,
        stepFunctionStateMachineParameters: { invocationType: 'REQUEST_RESPONSE' },
      },
      statements: [new PolicyStatement({ actions: ['states:StartSyncExecution'], resources: [stateMachineArn] })],
    });
  }
}

function kinesisSource(stream: IStream): StreamSource {
  return {
    arn: stream.streamArn,
    readActions: [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ],
    listAction: 'kinesis:ListStreams',
    parameters: (read) => ({ kinesisStreamParameters: read }),
  };
}
