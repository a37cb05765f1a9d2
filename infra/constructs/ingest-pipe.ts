import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { StreamPipe, type StreamSource } from './stream-pipe.ts';

/**
 * What the workflow gets for each record. There is no filter: one that touches `data` would silently drop records that
 * are not JSON, which this way reach the workflow and its quarantine (AWS: "Event filtering in Amazon EventBridge
 * Pipes"; docs/adr/0001 for the arrival time). The record comes first: Pipes escapes nothing, and a record that is a
 * JSON string could otherwise give itself another record's id.
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
