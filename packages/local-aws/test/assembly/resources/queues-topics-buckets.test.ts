import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketMetricsConfigurationsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { s3Bucket } from '../../../src/assembly/resources/s3-bucket.ts';
import { snsSubscription } from '../../../src/assembly/resources/sns-subscription.ts';
import { snsTopic } from '../../../src/assembly/resources/sns-topic.ts';
import { sqsQueue } from '../../../src/assembly/resources/sqs-queue.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { ResourceFixture } from './resource-fixture.ts';

let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint();
});
afterAll(() => aws.stop());

let names = 0;
const nextName = (kind: string): string => {
  names += 1;
  return `${kind}-${names}`;
};

describe('AWS::SQS::Queue', () => {
  const queue = () => new ResourceFixture(sqsQueue, nextName('queue'), aws.clients);
  const attributesOf = async (QueueUrl: string) =>
    (await aws.clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes;
  const redrive = (maxReceiveCount: number) => ({
    RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead', maxReceiveCount },
  });
  const redriveText = '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":3}';

  it.each<[JsonObject, JsonObject, object]>([
    [{}, { VisibilityTimeout: '60', DelaySeconds: 1 }, { VisibilityTimeout: '60', DelaySeconds: '1' }],
    [{ MaximumMessageSize: 1024, ReceiveMessageWaitTimeSeconds: 2 }, {}, { MaximumMessageSize: '1048576' }],
    [{}, redrive(3), { RedrivePolicy: redriveText }],
    [redrive(2), redrive(3), { RedrivePolicy: redriveText }],
    [
      { FifoQueue: true, ContentBasedDeduplication: 'true' },
      { FifoQueue: 'true' },
      { FifoQueue: 'true', ContentBasedDeduplication: 'false' },
    ],
  ])('goes from %j to %j in place, with its messages', async (before, after, attributes) => {
    const mine = queue();
    const { ref: QueueUrl } = await mine.create({ ...before, DelaySeconds: 0 });
    const fifo = before.FifoQueue === undefined ? {} : { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    await aws.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept', ...fifo }));
    expect(await mine.update(after)).toMatchObject({ ref: QueueUrl });
    expect(await attributesOf(QueueUrl)).toMatchObject(attributes);
    const { Messages } = await aws.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toMatchObject([{ Body: 'kept' }]);
  });

  it('loses a redrive policy that the template loses', async () => {
    const mine = queue();
    const { ref } = await mine.create(redrive(3));
    await mine.update({});
    expect(await attributesOf(ref)).not.toHaveProperty('RedrivePolicy');
  });

  it('ends in .fifo when CloudFormation names it', async () => {
    const mine = new ResourceFixture(sqsQueue, 'q'.repeat(80), aws.clients);
    const { attributes } = await mine.create({ FifoQueue: true });
    expect(attributes.QueueName).toBe(`${'q'.repeat(75)}.fifo`);
    expect(await mine.exists()).toBe(true);
  });

  it('needs the suffix in a name that is given', async () => {
    await expect(queue().create({ FifoQueue: true, QueueName: 'plain' })).rejects.toThrow('.fifo');
  });

  it('is deleted with its messages, and gone already is no error', async () => {
    const mine = queue();
    const { ref: QueueUrl } = await mine.create({});
    await aws.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost' }));
    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.delete();
    await mine.create({});
    expect(await attributesOf(QueueUrl)).toMatchObject({ ApproximateNumberOfMessages: '0' });
  });
});

describe('AWS::SNS::Topic and AWS::SNS::Subscription', () => {
  const topic = () => new ResourceFixture(snsTopic, nextName('topic'), aws.clients);
  const queueArn = async () =>
    (await new ResourceFixture(sqsQueue, nextName('queue'), aws.clients).create({})).attributes.Arn ?? '';
  const subscription = () => new ResourceFixture(snsSubscription, nextName('subscription'), aws.clients);
  const sns = async () => (await aws.clients.observation()).sns;
  const attributesOf = async (SubscriptionArn: string) =>
    (await (await sns()).send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;

  it('keep their ARNs when they are created again, whatever the filter is', async () => {
    const mine = topic();
    const { ref: TopicArn } = await mine.create({});
    expect(await mine.create({})).toMatchObject({ ref: TopicArn });
    const properties = { TopicArn, Protocol: 'sqs', Endpoint: await queueArn(), FilterPolicy: { kind: ['a'] } };
    const subscribed = await subscription().create(properties);
    expect(await subscription().create(properties)).toEqual(subscribed);
    expect(await subscription().create({ ...properties, FilterPolicy: { kind: ['b'] } })).toEqual(subscribed);
  });

  it.each<[JsonObject, JsonObject, object]>([
    [{}, { RawMessageDelivery: 'true' }, { RawMessageDelivery: 'true' }],
    [{ RawMessageDelivery: true }, {}, { RawMessageDelivery: 'false' }],
    [{}, { FilterPolicy: { kind: ['a'] } }, { FilterPolicy: '{"kind":["a"]}' }],
    [{ FilterPolicy: '{"kind":["a"]}' }, {}, { FilterPolicy: '{}' }],
    [
      { FilterPolicy: { kind: ['a'] } },
      { FilterPolicy: { kind: ['a'] }, FilterPolicyScope: 'MessageBody' },
      { FilterPolicyScope: 'MessageBody' },
    ],
  ])('go from %j to %j in place', async (before, after, attributes) => {
    const { ref: TopicArn } = await topic().create({});
    const given = { TopicArn, Protocol: 'sqs', Endpoint: await queueArn() };
    const mine = subscription();
    const { ref } = await mine.create({ ...given, ...before });
    expect(await mine.update({ ...given, ...after })).toMatchObject({ ref });
    expect(await attributesOf(ref)).toMatchObject(attributes);
  });

  it('may be FIFO, and change the deduplication', async () => {
    const mine = topic();
    const { ref: TopicArn, attributes } = await mine.create({ FifoTopic: true });
    expect(attributes.TopicName).toMatch(/\.fifo$/);
    await mine.update({ FifoTopic: true, ContentBasedDeduplication: true });
    const found = await (await sns()).send(new GetTopicAttributesCommand({ TopicArn }));
    expect(found.Attributes).toMatchObject({ FifoTopic: 'true', ContentBasedDeduplication: 'true' });
    expect(await mine.exists()).toBe(true);
  });

  it('are deleted, a topic with its subscriptions, and gone already is no error', async () => {
    const mine = topic();
    const { ref: TopicArn } = await mine.create({});
    const first = subscription();
    await first.create({ TopicArn, Protocol: 'sqs', Endpoint: await queueArn() });
    const second = subscription();
    await second.create({ TopicArn, Protocol: 'email', Endpoint: 'a@example.org' });
    await first.delete();
    await first.delete();
    const listed = await (await sns()).send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(listed.Subscriptions).toHaveLength(1);
    expect(await mine.exists()).toBe(true);
    await mine.delete();
    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await second.delete();
  });
});

describe('AWS::S3::Bucket', () => {
  const filters = async (Bucket: string) =>
    (await aws.clients.s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }))).MetricsConfigurationList ?? [];

  it('gets and loses metrics in place, with its objects', async () => {
    const mine = new ResourceFixture(s3Bucket, nextName('bucket'), aws.clients);
    const { ref: Bucket } = await mine.create({ MetricsConfigurations: [{ Id: 'a' }, { Id: 'b', Prefix: 'x/' }] });
    await aws.clients.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
    await mine.update({ MetricsConfigurations: [{ Id: 'b', Prefix: 'y/' }, { Id: 'c' }] });
    expect(await filters(Bucket)).toMatchObject([{ Id: 'b', Filter: { Prefix: 'y/' } }, { Id: 'c' }]);
    const { Body } = await aws.clients.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await Body?.transformToString()).toBe('kept');
  });

  it('is deleted only when it is empty, and gone already is no error', async () => {
    const mine = new ResourceFixture(s3Bucket, nextName('bucket'), aws.clients);
    const { ref: Bucket } = await mine.create({ MetricsConfigurations: [{ Id: 'a' }] });
    await aws.clients.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await expect(mine.delete()).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await aws.clients.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await mine.delete();
    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.create({});
    expect(await filters(Bucket)).toEqual([]);
  });
});

describe('the key of a customer', () => {
  const keyOf = (id: string, isBucketKey = false) => ({
    arn: `arn:aws:kms:us-east-1:000000000000:key/${id}`,
    isBucketKey,
  });
  const bucketEncryption = (id: string, BucketKeyEnabled: boolean) => ({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: id } },
      ],
    },
  });

  it('of a queue follows its property', async () => {
    const name = nextName('queue');
    const mine = new ResourceFixture(sqsQueue, name, aws.clients);
    const arn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
    const keys = await mine.keysOf(arn, { KmsMasterKeyId: 'a' }, { KmsMasterKeyId: keyOf('b').arn }, {});
    expect(keys).toEqual([keyOf('a'), keyOf('b'), undefined, keyOf('a'), undefined]);
  });

  it('of a topic follows its property', async () => {
    const name = nextName('topic');
    const mine = new ResourceFixture(snsTopic, name, aws.clients);
    const arn = `arn:aws:sns:us-east-1:000000000000:${name}`;
    const keys = await mine.keysOf(arn, { KmsMasterKeyId: 'a' }, { KmsMasterKeyId: 'b' }, {});
    expect(keys).toEqual([keyOf('a'), keyOf('b'), undefined, keyOf('a'), undefined]);
  });

  it('of a bucket follows its property, for all that is in it', async () => {
    const name = nextName('bucket');
    const mine = new ResourceFixture(s3Bucket, name, aws.clients);
    const arn = `arn:aws:s3:::${name}/folder/k`;
    const keys = await mine.keysOf(arn, bucketEncryption('a', false), bucketEncryption('b', true), {});
    expect(keys).toEqual([keyOf('a'), keyOf('b', true), undefined, keyOf('a'), undefined]);
  });

  it.each(['alias/aws/sqs', 'alias/mine', 'arn:aws:kms:us-east-1:000000000000:alias/mine', ''])(
    'is none for %j',
    async (KmsMasterKeyId) => {
      const name = nextName('queue');
      const mine = new ResourceFixture(sqsQueue, name, aws.clients);
      const keys = await mine.keysOf(`arn:aws:sqs:us-east-1:000000000000:${name}`, { KmsMasterKeyId }, {}, {});
      expect(keys).toEqual([undefined, undefined, undefined, undefined, undefined]);
    },
  );
});
