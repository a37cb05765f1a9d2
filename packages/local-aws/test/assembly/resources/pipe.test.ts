import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  DescribePipeCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-pipes';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import { until } from '../../../../kit/test/until.ts';
import { pipe } from '../../../src/assembly/resources/pipe.ts';
import { unmetered } from '../../../src/meter/meter.ts';
import { createPipesService, type PipesService } from '../../../src/pipes/service.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { ResourceFixture } from './resource-fixture.ts';

let aws: TestEndpoint;
let pipes: PipesService;
let dataFolder: string;

const arnOf = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const QUEUES = ['first', 'second.fifo', 'dead-letters'];

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'pipe-type-'));
  pipes = createPipesService({
    ...{ clients: () => aws.clients, clock: systemClock, random: systemRandom, meter: unmetered },
    ...{ dataFolder, region: 'us-east-1', accountId: '000000000000' },
  });
  aws = await startTestEndpoint({ dataFolder, services: [pipes] });
  for (const StreamName of ['readings', 'others']) {
    await aws.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  }
  for (const QueueName of QUEUES) {
    const Attributes = QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    await aws.clients.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  }
});

afterAll(async () => {
  await pipes.stop();
  await aws.stop();
  await rm(dataFolder, { recursive: true });
});

const properties: JsonObject = {
  RoleArn: 'arn:aws:iam::000000000000:role/pipe',
  Source: arnOf('kinesis', 'stream/readings'),
  SourceParameters: { KinesisStreamParameters: { StartingPosition: 'TRIM_HORIZON' } },
  Target: arnOf('sqs', 'first'),
};

const put = (text: string) =>
  aws.clients.kinesis.send(
    new PutRecordCommand({ StreamName: 'readings', PartitionKey: 'k', Data: Buffer.from(JSON.stringify({ text })) }),
  );

async function received(queue: string): Promise<string[]> {
  const QueueUrl = `${aws.endpoint}/000000000000/${queue}`;
  const { Messages = [] } = await aws.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => Body);
}

const idle = () => until(async () => (await pipes.pending()).length === 0);
const describePipe = (Name: string) => aws.clients.pipes.send(new DescribePipeCommand({ Name }));

describe('AWS::Pipes::Pipe', () => {
  it('is created, kept, changed in place where it was, and deleted', async () => {
    const mine = new ResourceFixture(pipe, 'mine', aws.clients);
    expect(await mine.exists(properties)).toBe(false);
    const created = await mine.create({ ...properties, TargetParameters: { InputTemplate: '<$.data.text>' } });
    expect(created).toEqual({ ref: 'mine', attributes: { Arn: arnOf('pipes', 'pipe/mine') } });
    expect(await mine.create({ ...properties, TargetParameters: { InputTemplate: '<$.data.text>' } })).toEqual(created);
    expect(await mine.exists()).toBe(true);
    await put('one');
    await idle();
    expect(await received('first')).toEqual(['"one"']);

    const updated = await mine.update({
      ...properties,
      RoleArn: 'arn:aws:iam::000000000000:role/other',
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: '{"data":{"text":["two"]}}' }] },
        KinesisStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          MaximumRetryAttempts: 1,
          DeadLetterConfig: { Arn: arnOf('sqs', 'dead-letters') },
        },
      },
      Target: arnOf('sqs', 'second.fifo'),
      TargetParameters: {
        InputTemplate: '{"text": <$.data.text>}',
        SqsQueueParameters: { MessageGroupId: '$.partitionKey', MessageDeduplicationId: '$.eventID' },
      },
      LogConfiguration: { Level: 'TRACE' },
    });
    expect(updated).toEqual(created);
    await put('dropped');
    await put('two');
    await idle();
    expect([await received('first'), await received('second.fifo')]).toEqual([[], ['{"text":"two"}']]);

    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.delete();
  });

  it('loses in an update what its properties no longer have', async () => {
    const mine = new ResourceFixture(pipe, 'shrinking', aws.clients);
    await mine.create({
      ...properties,
      Description: 'what it does',
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: '{"partitionKey":["k"]}' }] },
        KinesisStreamParameters: { StartingPosition: 'TRIM_HORIZON', BatchSize: 3 },
      },
      DesiredState: 'STOPPED',
      TargetParameters: { InputTemplate: '<$.data.text>' },
      LogConfiguration: { Level: 'TRACE', IncludeExecutionData: ['ALL'] },
    });
    await mine.update(properties);
    const { Description, SourceParameters, TargetParameters, CurrentState, LogConfiguration } =
      await describePipe('shrinking');
    expect({ Description, SourceParameters, TargetParameters, CurrentState, LogConfiguration }).toEqual({
      Description: undefined,
      SourceParameters: { KinesisStreamParameters: { StartingPosition: 'TRIM_HORIZON' } },
      TargetParameters: {},
      CurrentState: 'RUNNING',
      LogConfiguration: { Level: 'OFF' },
    });
    await mine.delete();
  });

  it('says why an update failed, and goes on as it was', async () => {
    const mine = new ResourceFixture(pipe, 'failing', aws.clients);
    await mine.create(properties);
    const KinesisStreamParameters = {
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: 1,
      DeadLetterConfig: { Arn: arnOf('sqs', 'missing') },
    };
    await expect(mine.update({ ...properties, SourceParameters: { KinesisStreamParameters } })).rejects.toThrow(
      /Pipe failing did not stabilize: .*sqs:.*:missing/,
    );
    await mine.update(properties);
    await mine.delete();
  });

  it('takes and loses tags', async () => {
    const mine = new ResourceFixture(pipe, 'tagged', aws.clients);
    await mine.create(properties);
    const resourceArn = arnOf('pipes', 'pipe/tagged');
    await aws.clients.pipes.send(new TagResourceCommand({ resourceArn, tags: { a: '1', b: '2', c: '3' } }));
    await aws.clients.pipes.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'c'] }));
    const { tags } = await aws.clients.pipes.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual({ b: '2' });
    await mine.delete();
  });

  it('begins anew after it was deleted', async () => {
    const mine = new ResourceFixture(pipe, 'again', aws.clients);
    for (let times = 1; times <= 2; times += 1) {
      await mine.create({ ...properties, TargetParameters: { InputTemplate: '"<$.data.text>"' } });
      await idle();
      expect((await received('first')).length).toBeGreaterThan(0);
      await mine.delete();
    }
  });
});
