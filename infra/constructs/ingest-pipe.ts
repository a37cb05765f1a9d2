import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { pipeLogs } from './pipe-logs.ts';
import { actingFor, ServiceRole } from './service-role.ts';
import { acknowledgeResourceWildcard } from './wildcard-acknowledgements.ts';

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
export class IngestPipe extends Construct {
  readonly pipe: CfnPipe;
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, { stream, stateMachineArn, config }: IngestPipeProps) {
    super(scope, id);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { config });
    const logs = pipeLogs(this, 'ingest', config);
    const role = new ServiceRole(this, 'Role', {
      assumedBy: actingFor(this, 'pipes', 'pipe/*'),
      statements: [
        new PolicyStatement({
          actions: [
            'kinesis:DescribeStream',
            'kinesis:DescribeStreamSummary',
            'kinesis:GetRecords',
            'kinesis:GetShardIterator',
            'kinesis:ListShards',
          ],
          resources: [stream.streamArn],
        }),
        new PolicyStatement({ actions: ['kinesis:ListStreams'], resources: ['*'] }),
        new PolicyStatement({ actions: ['states:StartSyncExecution'], resources: [stateMachineArn] }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetterQueue.queueArn] }),
        ...logs.statements,
      ],
    });
    acknowledgeResourceWildcard(
      role,
      'ListStreams knows no resource, and AWS names it among what a pipe needs to read its source.',
    );

    this.pipe = new CfnPipe(this, 'Pipe', {
      description: 'Hands batches of tweets to the workflow.',
      roleArn: role.roleArn,
      source: stream.streamArn,
      sourceParameters: {
        kinesisStreamParameters: {
          startingPosition: 'TRIM_HORIZON',
          batchSize: config.ingestBatchSize,
          maximumBatchingWindowInSeconds: config.ingestBatchWindowSeconds,
          // More would break the order within a shard, which counting relies on (docs/adr/0011).
          parallelizationFactor: 1,
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          maximumRetryAttempts: config.maximumRetryAttempts,
          maximumRecordAgeInSeconds: config.ingestRecordAgeSeconds,
          deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
        },
      },
      target: stateMachineArn,
      targetParameters: {
        inputTemplate,
        stepFunctionStateMachineParameters: { invocationType: 'REQUEST_RESPONSE' },
      },
      logConfiguration: logs.logConfiguration,
    });
  }
}
