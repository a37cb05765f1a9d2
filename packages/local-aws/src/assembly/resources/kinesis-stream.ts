import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  ResourceNotFoundException,
  type StreamDescriptionSummary,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { z } from 'zod';
import { ShapeDiffers } from '../errors.ts';
import { type LoadContext, resourceType } from '../resource-type.ts';
import { until } from '../until.ts';
import { cfnInteger } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html */
export const kinesisStream = resourceType({
  type: 'AWS::Kinesis::Stream',
  nameProperty: 'Name',
  nameMaxLength: 128,
  attributes: ['Arn'],
  schema: z.strictObject({
    Name: z.string().optional(),
    ShardCount: cfnInteger.optional(),
    RetentionPeriodHours: cfnInteger.optional(),
    StreamModeDetails: z.strictObject({ StreamMode: z.enum(['ON_DEMAND', 'PROVISIONED']) }).optional(),
  }),
  inert: {
    StreamEncryption: 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  async create({ logicalId, physicalName }, properties, { clients, clock, shardsPerOnDemandStream }) {
    const onDemand = properties.StreamModeDetails?.StreamMode === 'ON_DEMAND';
    const shards = onDemand ? shardsPerOnDemandStream : (properties.ShardCount ?? 1);
    const existing = await describe(clients, physicalName);
    if (existing === undefined) {
      await clients.kinesis.send(new CreateStreamCommand({ StreamName: physicalName, ShardCount: shards }));
    } else if (!onDemand && existing.OpenShardCount !== shards) {
      throw new ShapeDiffers(logicalId, physicalName, [
        `it has ${existing.OpenShardCount} open shards where the template says ShardCount ${shards}`,
      ]);
    }
    const stream = await until(clock, `Stream ${physicalName}`, async () => {
      const found = await describe(clients, physicalName);
      return found?.StreamStatus === 'ACTIVE' ? found : undefined;
    });
    const mode = onDemand ? 'ON_DEMAND' : 'PROVISIONED';
    if (stream.StreamModeDetails?.StreamMode !== mode) {
      const StreamModeDetails = { StreamMode: mode } as const;
      await clients.kinesis.send(new UpdateStreamModeCommand({ StreamARN: stream.StreamARN, StreamModeDetails }));
    }
    await setRetention(clients, physicalName, stream.RetentionPeriodHours ?? 24, properties.RetentionPeriodHours ?? 24);
    return { ref: physicalName, attributes: { Arn: stream.StreamARN ?? '' } };
  },
});

async function describe(clients: LoadContext['clients'], name: string): Promise<StreamDescriptionSummary | undefined> {
  try {
    const answer = await clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    return answer.StreamDescriptionSummary;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function setRetention(
  clients: LoadContext['clients'],
  name: string,
  found: number,
  wanted: number,
): Promise<void> {
  const change = { StreamName: name, RetentionPeriodHours: wanted };
  if (wanted > found) await clients.kinesis.send(new IncreaseStreamRetentionPeriodCommand(change));
  if (wanted < found) await clients.kinesis.send(new DecreaseStreamRetentionPeriodCommand(change));
}
