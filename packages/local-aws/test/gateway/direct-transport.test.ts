import { CreateTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ListShardsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { ConnectionCut } from '../../src/gateway/connection-cut.ts';
import { directTransport } from '../../src/gateway/direct-transport.ts';
import type { Call, Intercept } from '../../src/gateway/wire.ts';
import { startTestEndpoint, type TestEndpoint } from './test-endpoint.ts';

let aws: TestEndpoint;
let direct: AwsClients;
const calls: Call[] = [];
let intercept: Intercept;

function connect(options: { maxAttempts?: number; accessKeyId?: string } = {}): AwsClients {
  const transport = directTransport(aws.gateway.answer);
  return createClients({ endpoint: aws.endpoint, region: 'eu-central-1', maxAttempts: 1, transport, ...options });
}

beforeAll(async () => {
  aws = await startTestEndpoint({
    intercept: (call, forward) => {
      calls.push(call);
      return intercept(call, forward);
    },
  });
  direct = connect({ accessKeyId: 'somebody' });
});
beforeEach(() => {
  calls.length = 0;
  intercept = (_call, forward) => forward();
});
afterAll(async () => {
  direct?.destroy();
  await aws?.stop();
});

describe('calls without a socket', () => {
  it('bring the service, the region and the caller', async () => {
    await direct.sqs.send(new CreateQueueCommand({ QueueName: 'letters' }));
    expect(
      calls.map(({ service, operation, context }) => [service, operation, context.region, context.accessKeyId]),
    ).toEqual([['sqs', 'CreateQueue', 'eu-central-1', 'somebody']]);
  });

  it('carry objects whole, whatever their keys and bytes, and see what came over HTTP', async () => {
    const [Bucket, Key] = ['things', "a b/ü(1)*'!+&=?#.bin"];
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
    await direct.s3.send(new CreateBucketCommand({ Bucket }));
    await direct.s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes, Metadata: { from: 'here' } }));
    for (const { s3 } of [direct, aws.clients]) {
      const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToByteArray()).toEqual(bytes);
      expect(Metadata).toEqual({ from: 'here' });
    }
    const { Contents } = await direct.s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key.slice(0, 6) }));
    expect(Contents?.map((each) => each.Key)).toEqual([Key]);
  });

  it('answer as over HTTP, errors included', async () => {
    const QueueUrl = (await direct.sqs.send(new CreateQueueCommand({ QueueName: 'letters' }))).QueueUrl ?? '';
    expect(QueueUrl.startsWith(aws.endpoint)).toBe(true);
    await direct.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'grüße' }));
    const { Messages } = await aws.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['grüße']);

    await direct.dynamodb.send(
      new CreateTableCommand({
        TableName: 'counts',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    const put = (clients: AwsClients) =>
      clients.dynamodb
        .send(
          new PutItemCommand({
            TableName: 'counts',
            Item: { id: { S: '1' }, n: { N: '1' } },
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        )
        .catch((error: Error) => error.name);
    await put(direct);
    expect([await put(direct), await put(aws.clients)]).toEqual(Array(2).fill('ConditionalCheckFailedException'));
    const { Item } = await direct.dynamodb.send(new GetItemCommand({ TableName: 'counts', Key: { id: { S: '1' } } }));
    expect(Item?.n).toEqual({ N: '1' });
    for (const { kinesis } of [direct, aws.clients]) {
      await expect(kinesis.send(new ListShardsCommand({ StreamName: 'none' }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        $metadata: { httpStatusCode: 400 },
      });
    }
  });

  it('fail like a lost connection where one is cut, which an SDK tries again', async () => {
    intercept = async (_call, forward) => {
      if (calls.length < 3) throw new ConnectionCut();
      return forward();
    };
    const call = new CreateQueueCommand({ QueueName: 'letters' });
    await expect(direct.sqs.send(call)).rejects.toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' });
    const patient = connect({ maxAttempts: 3 });
    expect((await patient.sqs.send(call)).QueueUrl).toContain('letters');
    expect(calls).toHaveLength(3);
    patient.destroy();
  });

  it('end when they are aborted, before or while they run, and have their effect all the same', async () => {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const done = Promise.withResolvers<number>();
    intercept = async (_call, forward) => {
      reached.resolve();
      await gate.promise;
      const answer = await forward();
      done.resolve(answer.statusCode);
      return answer;
    };
    const call = new CreateQueueCommand({ QueueName: 'later' });
    await expect(direct.sqs.send(call, { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(calls).toHaveLength(0);

    const abort = new AbortController();
    const sent = direct.sqs.send(call, { abortSignal: abort.signal });
    await reached.promise;
    abort.abort();
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    gate.resolve();
    expect(await done.promise).toBe(200);
  });

  it('are cut when their clients are destroyed, and never begin afterwards', async () => {
    const reached = Promise.withResolvers<void>();
    intercept = () => {
      reached.resolve();
      return new Promise(() => {});
    };
    const clients = connect();
    const call = new CreateQueueCommand({ QueueName: 'letters' });
    const sent = clients.sqs.send(call);
    await reached.promise;
    clients.destroy();
    await expect(sent).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(clients.sqs.send(call)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(calls).toHaveLength(1);
  });
});
