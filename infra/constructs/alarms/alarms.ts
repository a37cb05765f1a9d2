import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import type { RemovalArchive } from '../removal-archive.ts';
import type { StreamPipe } from '../stream-pipe.ts';
import { addAlarm } from './add-alarm.ts';
import { bucketAlarms } from './bucket-alarms.ts';
import { errorRowAlarm } from './error-row-alarm.ts';
import { pipeAlarms } from './pipe-alarms.ts';
import { archiveSignals, ingestSignals } from './pipe-signals.ts';
import { rowDeliveryAlarms } from './row-delivery-alarms.ts';

/** What the alarms watch, and the topic that they notify. */
export interface AlarmsProps extends ConfiguredProps {
  topic: ITopic;
  stream: IStream;
  stateMachineArn: string;
  ingest: StreamPipe;
  flatten: IFunction;
  /** By the name that its alarms begin with, such as `TweetArchive`. */
  archives: Readonly<Record<string, RemovalArchive>>;
  bucket: IBucket;
}

/** The alarms; docs/runbook.md says under the name of each what to do. Why these: docs/adr/0032. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { topic, stream, stateMachineArn, ingest, flatten, archives, bucket, config } = props;
    const definitions = [
      ...pipeAlarms(ingestSignals(ingest, stream, stateMachineArn)),
      ...Object.entries(archives).flatMap(([name, archive]) => [
        ...pipeAlarms(archiveSignals(name, archive, flatten)),
        ...rowDeliveryAlarms(name, archive.deliveryStream, config.archiveBufferSeconds),
      ]),
      errorRowAlarm(flatten),
      ...bucketAlarms(bucket),
    ];
    this.alarms = definitions.map((definition) => addAlarm(this, definition, topic));
  }
}
