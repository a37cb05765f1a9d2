import { type AttributeValue, DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { FastForwardClock, systemClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { Call, Intercept } from '@tweet-pipes/local-aws';
import { AwsError } from '@tweet-pipes/local-aws/gateway/aws-error';
import { deadLetterBody } from '@tweet-pipes/local-aws/pipes/dead-letter';
import { kinesisRecord } from '@tweet-pipes/local-aws/pipes/sources/kinesis-source';
import { type App, startApp } from '../../../../test/e2e/app.ts';
import { until } from '../../../kit/test/until.ts';
import type { RecoveryContext } from '../../src/recovery/context.ts';
import { describePipe } from '../../src/recovery/pipe.ts';
import { readCounterItems } from '../../src/tables/counter-items.ts';

/** A crash of the recovering program: from this call on all of its calls fail. */
export interface Crash {
  /** The call at which it happens, from 1. */
  call: number;
  /** Whether that call still takes effect. */
  when: 'before' | 'after';
}

/** The whole app with ways to break it, and the context of a recovery. */
export class RecoveryFixture {
  readonly app: App;
  /** The runtime's. */
  readonly clock: FastForwardClock;
  /** Calls that a test makes fail at the endpoint, with an error that is not retried. */
  #failing: (call: Call) => boolean = () => false;
  readonly notes: string[] = [];

  private constructor(app: App, clock: FastForwardClock, holder: { intercept: Intercept }) {
    this.app = app;
    this.clock = clock;
    holder.intercept = async (call, forward) => {
      if (this.#failing(call)) throw new AwsError('AccessDeniedException', 'made to fail', { statusCode: 400 });
      return forward();
    };
  }

  /** @param counterItem the item of each hashtag on which the shard counts */
  static async start({ counterItem = 0 } = {}): Promise<RecoveryFixture> {
    const holder: { intercept: Intercept } = { intercept: (_call, forward) => forward() };
    const clock = new FastForwardClock();
    const app = await startApp(
      { shards: 1, maximumRetryAttempts: 0, ingestBatchWindowSeconds: 0, archiveBatchWindowSeconds: 0 },
      { intercept: (call, forward) => holder.intercept(call, forward), log: () => {}, clock },
    );
    const fixture = new RecoveryFixture(app, clock, holder);
    await fixture.putItem(app.outputs.ShardTableName, {
      shard: { S: 'shardId-000000000000' },
      counterItem: { N: String(counterItem) },
    });
    return fixture;
  }

  stop(): Promise<void> {
    return this.app.stop();
  }

  /** Does work while the calls of this description fail. */
  async whileFailing<T>(failing: (call: Call) => boolean, work: () => Promise<T>): Promise<T> {
    this.#failing = failing;
    try {
      return await work();
    } finally {
      this.#failing = () => false;
    }
  }

  /** The context of a recovery; with `crash` it crashes at that call. `calls()` is the number of calls made. */
  context(crash?: Crash): RecoveryContext & { calls(): number; crashed(): boolean; end(): void } {
    let calls = 0;
    let crashed = false;
    const clients = createClients({ endpoint: this.app.runtime.endpoint });
    const call = async (work: () => Promise<unknown>): Promise<unknown> => {
      calls += 1;
      const isIt = calls === crash?.call;
      if (isIt) crashed = true;
      if (isIt && crash?.when === 'after') await work();
      if (crashed) throw new Crashed();
      return work();
    };
    return {
      clients: watched(clients, call),
      stack: this.app.outputs,
      clock: systemClock,
      random: seededRandom(1),
      signal: new AbortController().signal,
      note: (line) => void this.notes.push(line),
      calls: () => calls,
      crashed: () => crashed,
      end: () => clients.destroy(),
    };
  }

  async stopIngest(): Promise<void> {
    await this.app.clients.pipes.send(new StopPipeCommand({ Name: this.app.outputs.IngestPipeName }));
    await this.untilPipe('STOPPED');
  }

  async startIngest(): Promise<void> {
    await this.app.clients.pipes.send(new StartPipeCommand({ Name: this.app.outputs.IngestPipeName }));
    await this.untilPipe('RUNNING');
  }

  async pipeState(): Promise<string> {
    return (await describePipe(this.app.clients, this.app.outputs.IngestPipeName)).state;
  }

  async untilPipe(state: string): Promise<void> {
    await until(async () => (await this.pipeState()) === state, { what: `the ingest pipe is ${state}`, everyMs: 20 });
  }

  /** Sends a dead letter as the ingest pipe does, for a record that is in the stream. */
  async pointTo(
    position: string,
    options: { until?: string; count?: number; minutesAgo?: number } = {},
  ): Promise<void> {
    const shardId = shardOf(position);
    const pipe = await describePipe(this.app.clients, this.app.outputs.IngestPipeName);
    const record = (SequenceNumber: string) =>
      kinesisRecord({ SequenceNumber, Data: undefined, PartitionKey: 'k' }, shardId, {
        arn: pipe.sourceArn,
        region: 'us-east-1',
        roleArn: '',
      });
    const records = Array.from({ length: options.count ?? 1 }, () => record(sequenceOf(position)));
    if (options.until !== undefined) records.push(record(sequenceOf(options.until)));
    const body = deadLetterBody({
      pipeArn: 'arn:aws:pipes:us-east-1:000000000000:pipe/ingest',
      source: { kind: 'kinesis', arn: pipe.sourceArn },
      shardId,
      condition: 'RetryAttemptsExhausted',
      records,
      nowMs: Date.now() - (options.minutesAgo ?? 60) * 60_000,
    });
    await this.sendDeadLetter(JSON.stringify(body));
  }

  async sendDeadLetter(MessageBody: string): Promise<void> {
    await this.app.clients.sqs.send(new SendMessageCommand({ QueueUrl: await this.#queueUrl(), MessageBody }));
  }

  /** Empties the ingest pipe's dead-letter queue. */
  async purge(): Promise<void> {
    await this.app.clients.sqs.send(new PurgeQueueCommand({ QueueUrl: await this.#queueUrl() }));
  }

  async #queueUrl(): Promise<string | undefined> {
    const { deadLetterArn } = await describePipe(this.app.clients, this.app.outputs.IngestPipeName);
    const QueueName = deadLetterArn.split(':').at(-1);
    return (await this.app.clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  }

  async put(...records: (Json | Uint8Array)[]): Promise<string[]> {
    return this.app.put(
      records.map((record) => ({ Data: record instanceof Uint8Array ? record : Buffer.from(JSON.stringify(record)) })),
    );
  }

  async putItem(TableName: string, Item: Record<string, AttributeValue>): Promise<void> {
    await this.app.clients.dynamodb.send(new PutItemCommand({ TableName, Item }));
  }

  async item(TableName: string, key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
    const Key = Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }]));
    const { Item } = await this.app.clients.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : unmarshall(Item);
  }

  async count(hashtag: string): Promise<unknown> {
    const { clients, outputs } = this.app;
    const items = await readCounterItems({ clients, clock: systemClock, table: outputs.HashtagTableName, hashtag });
    const counts = [...items.values()].map(({ htCount }) => unmarshall({ htCount: htCount ?? { N: '0' } }).htCount);
    return counts.length < 2 ? counts[0] : counts.reduce((sum, count) => sum + count, 0);
  }

  async tweet(id: string): Promise<Record<string, unknown> | undefined> {
    return this.item(this.app.outputs.TweetTableName, { id });
  }

  /** What the stream of the table of tweets still holds of a tweet: `INSERT` and so on. */
  async streamEvents(id: string): Promise<string[]> {
    const { dynamodb, dynamodbStreams } = this.app.clients;
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: this.app.outputs.TweetTableName }));
    const StreamArn = Table?.LatestStreamArn;
    const { StreamDescription } = await dynamodbStreams.send(new DescribeStreamCommand({ StreamArn }));
    const events: string[] = [];
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const { ShardIterator } = await dynamodbStreams.send(
        new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records = [] } = await dynamodbStreams.send(new GetRecordsCommand({ ShardIterator }));
      for (const { eventName = '', dynamodb } of Records) if (dynamodb?.Keys?.id?.S === id) events.push(eventName);
    }
    return events;
  }

  async tombstone(id: string): Promise<Record<string, unknown> | undefined> {
    return this.item(this.app.outputs.DeletionTableName, { id });
  }

  /** The object of a record under a folder of the bucket, or undefined. */
  async object(position: string, prefix = 'quarantine/'): Promise<Record<string, unknown> | undefined> {
    const { s3 } = this.app.clients;
    const Bucket = this.app.outputs.ArchiveBucketName;
    const Key = `${prefix}${shardOf(position)}/${sequenceOf(position)}.json`;
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
    if (KeyCount === 0) return undefined;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return JSON.parse((await Body?.transformToString()) ?? '');
  }
}

/** The same clients, each of whose calls goes through `call`. */
function watched(clients: AwsClients, call: (work: () => Promise<unknown>) => Promise<unknown>): AwsClients {
  return new Proxy(clients, {
    get(all, name) {
      const client: unknown = Reflect.get(all, name, all);
      if (typeof client !== 'object' || client === null) return client;
      return new Proxy(client, {
        get(target, member) {
          const value: unknown = Reflect.get(target, member, target);
          if (typeof value !== 'function') return value;
          const method = value.bind(target);
          return member === 'send' ? (...args: unknown[]) => call(() => method(...args)) : method;
        },
      });
    },
  });
}

/** What the crashed program's calls end with. */
class Crashed extends Error {
  override readonly name = 'Crashed';
}

export function tweet(id: string, ...hashtags: string[]) {
  return { id_str: id, text: `tweet ${id}`, entities: { hashtags: hashtags.map((text) => ({ text })) } };
}

export function notice(id: string) {
  return { delete: { status: { id_str: id } } };
}
