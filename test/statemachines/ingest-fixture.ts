import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { BatchWriteItemCommand, CreateTableCommand, DescribeTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { CreateStreamCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { parseCounterKey } from '@tweet-pipes/kit/counter-key';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { eventIdOf, formatPosition, sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { Definition } from '@tweet-pipes/local-aws/states/definition/definition';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import type { TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import { createTaskRunner } from '@tweet-pipes/local-aws/states/integrations/task-runner';
import { type ExecutionResult, runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import { normalizationTables } from '../../infra/normalization-tables.ts';
import { readWorkflow } from '../../infra/workflow-definition.ts';
import { startTestEndpoint, type TestEndpoint } from '../../packages/local-aws/test/gateway/test-endpoint.ts';
import { HurriedClock } from './hurried-clock.ts';

/** The stores as the workflow leaves them, without what depends on the time (`updatedAt`). */
export interface Stores {
  counts: Record<string, number>;
  tweets: string[];
  deletions: string[];
  quarantine: Record<string, string>;
}

/** One record as the pipe's input template hands it to the workflow. */
export interface DeliveredRecord extends JsonObject {
  eventID: string;
  arrivedAt: number;
}

const STREAM = 'tweets-stream';
const BUCKET = 'archive';
/** The most that GetRecords gives. */
const PAGE_RECORDS = 1000;

export const tables = { hashtags: 'hashtags', tweets: 'tweets', deletions: 'deletions', shards: 'shards' };

/** An item that was removed from a table, as the archive would hold it, once. */
export interface Removal {
  table: 'hashtags' | 'tweets';
  key: string;
  /** The position of the record that brought the tweet; null for a counter. */
  record: string | null;
}

/** What the stack fills into the holes of the definition, with the options' defaults. */
const holes: Record<string, string> = {
  ...normalizationTables(),
  StreamName: STREAM,
  HashtagTable: tables.hashtags,
  TweetTable: tables.tweets,
  DeletionTable: tables.deletions,
  ShardTable: tables.shards,
  ArchiveBucket: BUCKET,
  TweetRetentionSeconds: '1000',
  DeletionRetentionSeconds: '2000',
};

/** Fills the holes of the definition or of one of its expressions, as the stack does. */
export function fillHoles(text: string, { counterItems = 1 } = {}): string {
  const filling: Record<string, string> = { ...holes, CounterItems: String(counterItems) };
  return text.replaceAll(/\$\{(\w+)\}/g, (hole, name: string) => filling[name] ?? hole);
}

/** The workflow's definition, its holes filled. */
export function ingestDefinition(options: { counterItems?: number } = {}): JsonObject {
  return JSON.parse(fillHoles(JSON.stringify(readWorkflow('ingest')), options));
}

/** Records of one shard in order, from `first` on; `tweets` are their payloads. */
export function delivered(tweets: (Json | undefined)[], first = 0, shard = 0): DeliveredRecord[] {
  return tweets.map((tweet, offset) => ({
    eventID: eventIdOf(position(first + offset, shard)),
    arrivedAt: 1_767_225_600.25 + first + offset,
    ...(tweet === undefined ? {} : { tweet }),
  }));
}

/** A sequence number as long as the stream's: 56 digits. */
export function sequence(n: number): string {
  return `4966${String(n).padStart(52, '0')}`;
}

/** The position of record `n` of a shard. */
export function position(n: number, shard = 0): string {
  return formatPosition(`shardId-${String(shard).padStart(12, '0')}`, sequence(n));
}

/** The key of a record's quarantine object. */
export function quarantineKey(position: string, folder = 'quarantine'): string {
  return `${folder}/${shardOf(position)}/${sequenceOf(position)}.json`;
}

export function tweet(id: string, ...hashtags: string[]): JsonObject {
  return { id_str: id, text: `tweet ${id}`, entities: { hashtags: hashtags.map((text) => ({ text })) } };
}

export function notice(id: string): JsonObject {
  return { delete: { status: { id_str: id } } };
}

/** The workflow on the real interpreter and the real engines, with stores that `clear` empties. */
export class IngestFixture {
  readonly #endpoint: TestEndpoint;
  /** By the number of items of a counter. */
  readonly #definitions = new Map<number, Definition>();
  readonly #prepare: (definition: Definition) => void;
  readonly #tasks: TaskRunner;
  readonly #clock = new HurriedClock();
  readonly #removals: Record<Removal['table'], StreamReader>;

  private constructor(endpoint: TestEndpoint, prepare: (definition: Definition) => void) {
    this.#endpoint = endpoint;
    this.#prepare = prepare;
    this.#removals = {
      hashtags: new StreamReader(endpoint.ownClients, tables.hashtags),
      tweets: new StreamReader(endpoint.ownClients, tables.tweets),
    };
    this.#tasks = createTaskRunner({ clients: () => endpoint.ownClients });
  }

  /** @param prepare may change the definition before it is run. */
  static async start(prepare: (definition: Definition) => void = () => {}): Promise<IngestFixture> {
    // Before anything runs that would keep a failed test's process alive.
    parseDefinition(JSON.stringify(ingestDefinition()));
    const endpoint = await startTestEndpoint();
    const { kinesis, s3 } = endpoint.ownClients;
    await kinesis.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: 2 }));
    await waitUntilStreamExists({ client: kinesis, maxWaitTime: 10, minDelay: 1 }, { StreamName: STREAM });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const fixture = new IngestFixture(endpoint, prepare);
    await fixture.#createTables();
    return fixture;
  }

  get dynamodb() {
    return this.#endpoint.ownClients.dynamodb;
  }

  stop(): Promise<void> {
    return this.#endpoint.stop();
  }

  /**
   * Runs the workflow once over a batch. `through` may fail, repeat or change its calls; `signal` ends the execution in
   * the middle. `counterItems` is the option with which it is deployed.
   */
  async deliver(
    batch: Json,
    through: (run: TaskRunner) => TaskRunner = (run) => run,
    { signal, counterItems = 1 }: { signal?: AbortSignal; counterItems?: number } = {},
  ): Promise<ExecutionResult> {
    return runExecution({
      definition: this.#definitionFor(counterItems),
      input: batch,
      runTask: through(this.#tasks),
      clock: this.#clock,
      random: seededRandom(1),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #definitionFor(counterItems: number): Definition {
    const known = this.#definitions.get(counterItems);
    if (known !== undefined) return known;
    const definition = parseDefinition(JSON.stringify(ingestDefinition({ counterItems })));
    this.#prepare(definition);
    this.#definitions.set(counterItems, definition);
    return definition;
  }

  /** What the stores hold now. */
  async stores(): Promise<Stores> {
    return {
      counts: await this.counts(),
      tweets: (await this.items(tables.tweets)).map((item) => String(item.id)).sort(),
      deletions: (await this.items(tables.deletions)).map((item) => String(item.id)).sort(),
      quarantine: await this.quarantineReasons(),
    };
  }

  /** By hashtag; of a counter on several items, the sum. */
  async counts(): Promise<Stores['counts']> {
    const counts = new Map<string, number>();
    for (const { hashtag: key, htCount } of await this.items(tables.hashtags)) {
      const { hashtag } = parseCounterKey(String(key));
      counts.set(hashtag, (counts.get(hashtag) ?? 0) + Number(htCount));
    }
    return Object.fromEntries([...counts].sort(byKey));
  }

  /** By the key of the quarantine object. */
  async quarantineReasons(): Promise<Stores['quarantine']> {
    const reasons = [...(await this.quarantine())].map(([key, { reason }]) => [key, String(reason)] as const);
    return Object.fromEntries(reasons.sort(byKey));
  }

  async items(table: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.dynamodb.send(
        new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start }),
      );
      items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
      start = page.LastEvaluatedKey;
    } while (start);
    return items;
  }

  /** Quarantine objects by key. */
  async quarantine(): Promise<Map<string, JsonObject>> {
    const objects = new Map<string, JsonObject>();
    for (const Key of await this.#quarantineKeys()) {
      const answer = await this.#endpoint.ownClients.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      objects.set(Key, JSON.parse((await answer.Body?.transformToString()) ?? ''));
    }
    return objects;
  }

  async #quarantineKeys(): Promise<string[]> {
    const listed = await this.#endpoint.ownClients.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    return (listed.Contents ?? []).map(({ Key }) => Key ?? '');
  }

  /** What was removed since the last `clear`, each once, read from the tables' own streams. */
  async removals(): Promise<Removal[]> {
    const removals = new Map<string, Removal>();
    for (const table of ['hashtags', 'tweets'] as const)
      for (const item of await this.#removals[table].removedItems()) {
        const record = item.record === undefined ? null : String(item.record);
        const removal = { table, key: String(item.hashtag ?? item.id), record };
        removals.set(JSON.stringify(Object.values(removal)), removal);
      }
    return [...removals.values()];
  }

  /** Empties all stores, and forgets what was removed. */
  async clear(): Promise<void> {
    const { s3 } = this.#endpoint.ownClients;
    for (const Key of await this.#quarantineKeys()) await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    for (const table of Object.values(tables)) {
      const key = keyOf(table);
      const keys = (await this.items(table)).map((item) => ({ [key]: { S: String(item[key]) } }));
      for (let from = 0; from < keys.length; from += 25) {
        const requests = keys.slice(from, from + 25).map((Key) => ({ DeleteRequest: { Key } }));
        await this.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
      }
    }
    await this.removals();
    for (const table of [tables.hashtags, tables.tweets])
      this.#endpoint.dynamodb.trimStreams({ table, belowSequence: '9'.repeat(18) });
  }

  async #createTables(): Promise<void> {
    for (const table of Object.values(tables)) {
      const key = keyOf(table);
      const isArchived = table === tables.hashtags || table === tables.tweets;
      await this.dynamodb.send(
        new CreateTableCommand({
          TableName: table,
          ...(isArchived ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'OLD_IMAGE' } } : {}),
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
          KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
        }),
      );
    }
  }
}

/** Reads the removed items of a table's stream, each once. */
class StreamReader {
  readonly #clients: AwsClients;
  readonly #table: string;
  #iterator: string | undefined;

  constructor(clients: AwsClients, table: string) {
    this.#clients = clients;
    this.#table = table;
  }

  async removedItems(): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    this.#iterator ??= await this.#oldest();
    for (;;) {
      const answer = await this.#clients.dynamodbStreams.send(
        new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: PAGE_RECORDS }),
      );
      this.#iterator = answer.NextShardIterator;
      const records = answer.Records ?? [];
      for (const { eventName, dynamodb } of records)
        if (eventName === 'REMOVE')
          items.push(unmarshall((dynamodb?.OldImage ?? {}) as Record<string, AttributeValue>));
      // The engine ends a page before its limit only at the end of the stream.
      if (records.length < PAGE_RECORDS) return items;
    }
  }

  async #oldest(): Promise<string | undefined> {
    const { dynamodb, dynamodbStreams } = this.#clients;
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: this.#table }));
    const StreamArn = Table?.LatestStreamArn;
    const { StreamDescription } = await dynamodbStreams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const options = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    return (await dynamodbStreams.send(new GetShardIteratorCommand(options))).ShardIterator;
  }
}

function keyOf(table: string): 'hashtag' | 'id' | 'shard' {
  if (table === tables.shards) return 'shard';
  return table === tables.hashtags ? 'hashtag' : 'id';
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
