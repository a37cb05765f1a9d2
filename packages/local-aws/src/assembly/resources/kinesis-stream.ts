import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  type StreamDescriptionSummary,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type CreatedResource, type LoadContext, resourceType } from '../resource-type.ts';
import { until } from '../until.ts';
import { cfnInteger } from '../values.ts';

const schema = z.strictObject({
  Name: z.string().optional(),
  ShardCount: cfnInteger.optional(),
  RetentionPeriodHours: cfnInteger.default(24),
  StreamEncryption: z.strictObject({ KeyId: z.string() }).optional(),
  StreamModeDetails: z.strictObject({ StreamMode: z.enum(['ON_DEMAND', 'PROVISIONED']) }).optional(),
});
type Properties = z.infer<typeof schema>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html */
export const kinesisStream = resourceType({
  type: 'AWS::Kinesis::Stream',
  nameProperty: 'Name',
  nameMaxLength: 128,
  attributes: ['Arn'],
  schema,
  inert: {
    'StreamEncryption.EncryptionType': 'nothing is encrypted on this machine by the runtime',
    DesiredShardLevelMetrics: 'metrics are those of streams',
    WarmThroughputMiBps: 'streams have no limit, and shards have one with --like-aws',
    Tags: 'tags change no behaviour',
  },
  deletedWithIt: 'its records and its consumers',
  encryptionKey: ({ StreamEncryption }) => ({ id: StreamEncryption?.KeyId }),
  exists: async ({ physicalName }, _properties, { clients }) => (await describe(clients, physicalName)) !== undefined,
  async create({ physicalName }, properties, context) {
    const { clients, shardsPerOnDemandStream } = context;
    if ((await describe(clients, physicalName)) === undefined) {
      const ShardCount = isOnDemand(properties) ? shardsPerOnDemandStream : (properties.ShardCount ?? 1);
      const command = new CreateStreamCommand({ StreamName: physicalName, ShardCount });
      // The SDK repeats a call whose answer was lost, and the first may have had its effect.
      await unlessError(clients.kinesis.send(command), 'ResourceInUseException');
    }
    return bringUp(physicalName, properties, context);
  },
  update: (existing, properties, context) => bringUp(existing.ref, properties, context),
  async delete({ ref: StreamName }, { clients: { kinesis } }) {
    const command = new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true });
    await unlessError(kinesis.send(command), 'ResourceNotFoundException');
  },
});

function isOnDemand({ StreamModeDetails }: Properties): boolean {
  return StreamModeDetails?.StreamMode === 'ON_DEMAND';
}

/** Makes of a stream what the properties say. Its records stay. */
async function bringUp(name: string, properties: Properties, context: LoadContext): Promise<CreatedResource> {
  const { kinesis } = context.clients;
  const stream = await whenActive(name, context);
  const { StreamARN: Arn = '', OpenShardCount } = stream;
  const StreamMode = isOnDemand(properties) ? 'ON_DEMAND' : 'PROVISIONED';
  if (stream.StreamModeDetails?.StreamMode !== StreamMode) {
    await kinesis.send(new UpdateStreamModeCommand({ StreamARN: Arn, StreamModeDetails: { StreamMode } }));
  }
  const TargetShardCount = isOnDemand(properties) ? undefined : properties.ShardCount;
  if (TargetShardCount !== undefined && TargetShardCount !== OpenShardCount) {
    const change = { StreamName: name, TargetShardCount, ScalingType: 'UNIFORM_SCALING' } as const;
    await kinesis.send(new UpdateShardCountCommand(change));
    await whenActive(name, context);
  }
  await setRetention(context.clients, name, stream.RetentionPeriodHours ?? 24, properties.RetentionPeriodHours);
  return { ref: name, attributes: { Arn } };
}

function whenActive(name: string, { clients, clock }: LoadContext): Promise<StreamDescriptionSummary> {
  return until(clock, `Stream ${name}`, async () => {
    const found = await describe(clients, name);
    return found?.StreamStatus === 'ACTIVE' ? found : undefined;
  });
}

async function describe(
  { kinesis }: LoadContext['clients'],
  StreamName: string,
): Promise<StreamDescriptionSummary | undefined> {
  const call = kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  return (await unlessError(call, 'ResourceNotFoundException'))?.StreamDescriptionSummary;
}

async function setRetention(
  { kinesis }: LoadContext['clients'],
  StreamName: string,
  found: number,
  RetentionPeriodHours: number,
): Promise<void> {
  const change = { StreamName, RetentionPeriodHours };
  if (RetentionPeriodHours > found) await kinesis.send(new IncreaseStreamRetentionPeriodCommand(change));
  if (RetentionPeriodHours < found) await kinesis.send(new DecreaseStreamRetentionPeriodCommand(change));
}
