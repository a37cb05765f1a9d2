import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { type DynamoDbEngine, startDynamoDb } from '../../src/engines/dynamodb-engine.ts';
import { type DynoxideFile, openDynoxideFile } from '../../src/engines/dynoxide-file.ts';
import { blockedPorts } from '../../src/engines/engine-address.ts';
import { GroupCommit } from '../../src/engines/group-commit.ts';
import type { ForwardedAnswer } from '../../src/engines/http-forward.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

/** Texts that could confuse a gateway that rewrites answers. */
const NASTY =
  '"userIdentity":{"type":"x"},"awsRegion":"dynoxide","TableArn":"arn:aws:dynamodb:dynoxide:1:table/x" dynoxide';

let folder: string;
let aws: TestEndpoint;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-aws-'));
  aws = await startTestEndpoint({ region: 'eu-central-1', dataFolder: folder });
});
afterAll(async () => {
  await aws.stop();
  await rm(folder, { recursive: true, force: true });
});

async function createTable(name: string): Promise<string> {
  const created = await aws.clients.dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  return created.TableDescription?.LatestStreamArn ?? '';
}
const put = (TableName: string, id: string, text = ''): Promise<unknown> =>
  aws.clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, text: { S: text } } }));

async function readStream(StreamArn: string): Promise<StreamRecord[]> {
  const described = await aws.clients.dynamodbStreams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = described.StreamDescription?.Shards?.[0]?.ShardId;
  const { ShardIterator } = await aws.clients.dynamodbStreams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return (await aws.clients.dynamodbStreams.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
}
const sequences = (records: StreamRecord[]): number[] =>
  records.map(({ dynamodb }) => Number(dynamodb?.SequenceNumber));

describe('answers', () => {
  it("carry the endpoint's region in every ARN, and no end on the open shard", async () => {
    const streamArn = await createTable('regions');
    expect(streamArn).toMatch(/^arn:aws:dynamodb:eu-central-1:000000000000:table\/regions\/stream\//);
    const table = await aws.clients.dynamodb.send(new DescribeTableCommand({ TableName: 'regions' }));
    expect(table.Table).toMatchObject({
      TableArn: 'arn:aws:dynamodb:eu-central-1:000000000000:table/regions',
      LatestStreamArn: streamArn,
    });
    for (let id = 1; id <= 10; id++) await put('regions', String(id));
    const listed = await aws.clients.dynamodbStreams.send(new ListStreamsCommand({ TableName: 'regions' }));
    expect(listed.Streams?.map((stream) => stream.StreamArn)).toEqual([streamArn]);
    const described = await aws.clients.dynamodbStreams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
    expect(described.StreamDescription?.StreamArn).toBe(streamArn);
    expect(described.StreamDescription?.Shards).toEqual([
      {
        ShardId: expect.stringMatching(/^shardId-0{19}1-[0-9a-f]{8}$/),
        SequenceNumberRange: { StartingSequenceNumber: '000000000000000000001' },
      },
    ]);
  });

  it('leave items as they are, in reads and in stream records', async () => {
    const streamArn = await createTable('nasty');
    await put('nasty', NASTY, NASTY);
    const Item = { id: { S: NASTY }, text: { S: NASTY } };
    const read = await aws.clients.dynamodb.send(new GetItemCommand({ TableName: 'nasty', Key: { id: { S: NASTY } } }));
    expect(read.Item).toEqual(Item);
    expect(await readStream(streamArn)).toMatchObject([
      { awsRegion: 'eu-central-1', eventName: 'INSERT', dynamodb: { NewImage: Item } },
    ]);
  });

  it('name an operation that the engine lacks', async () => {
    const call = aws.clients.dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'regions',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    await expect(call).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('dynamodb UpdateContinuousBackups is not supported'),
    });
  });

  it('give what tools ask first and the engine lacks', async () => {
    await createTable('asked');
    expect(await aws.clients.dynamodb.send(new DescribeLimitsCommand({}))).toMatchObject({
      AccountMaxReadCapacityUnits: 80_000,
      TableMaxWriteCapacityUnits: 40_000,
    });
    const backups = (TableName: string) =>
      aws.clients.dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect((await backups('asked')).ContinuousBackupsDescription).toEqual({
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    await expect(backups('none')).rejects.toMatchObject({ name: 'TableNotFoundException' });
  });

  it('have no old attributes for an update of a new item', async () => {
    const { dynamodb } = aws.clients;
    await createTable('old-items');
    const update = (id: string) =>
      dynamodb.send(
        new UpdateItemCommand({
          TableName: 'old-items',
          Key: { id: { S: id } },
          UpdateExpression: 'SET n = :n',
          ExpressionAttributeValues: { ':n': { N: '1' } },
          ReturnValues: 'ALL_OLD',
        }),
      );
    expect((await update('new')).Attributes).toBeUndefined();
    expect((await update('new')).Attributes).toEqual({ id: { S: 'new' }, n: { N: '1' } });
    await dynamodb.send(new PutItemCommand({ TableName: 'old-items', Item: { id: { S: 'bare' } } }));
    expect((await update('bare')).Attributes).toEqual({ id: { S: 'bare' } });
  });

  it('keep the errors of the engine', async () => {
    const call = aws.clients.dynamodb.send(new DescribeTableCommand({ TableName: 'missing' }));
    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } });
  });
});

describe('streams', () => {
  it('can be read from any record on by the names that the API gives', async () => {
    const [streamArn, otherArn] = [await createTable('resumed'), await createTable('resumed-other')];
    for (let id = 1; id <= 11; id++) await put('resumed', String(id));
    await put('resumed-other', '1');
    const records = await readStream(streamArn);
    const numbers = records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
    expect(numbers).toEqual(numbers.toSorted());
    const { StreamDescription } = await aws.clients.dynamodbStreams.send(
      new DescribeStreamCommand({ StreamArn: streamArn }),
    );
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const { ShardIterator } = await aws.clients.dynamodbStreams.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId,
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        SequenceNumber: numbers[8],
      }),
    );
    const rest = await aws.clients.dynamodbStreams.send(new GetRecordsCommand({ ShardIterator }));
    expect(sequences(rest.Records ?? [])).toEqual([10, 11]);
    // The same record has the same id at every reading, and no other record of any table has it.
    expect(rest.Records?.[0]?.eventID).toBe(records[9]?.eventID);
    const ids = [...records, ...(await readStream(otherArn))].map(({ eventID }) => eventID);
    expect(new Set(ids).size).toBe(12);
  });

  it('end after their last page', async () => {
    const StreamArn = await createTable('paged');
    const describeFrom = async (ExclusiveStartShardId?: string) => {
      const command = new DescribeStreamCommand({ StreamArn, Limit: 1, ExclusiveStartShardId });
      const { StreamDescription } = await aws.clients.dynamodbStreams.send(command);
      return StreamDescription?.Shards ?? [];
    };
    const [only] = await describeFrom();
    expect(await describeFrom(only?.ShardId)).toEqual([]);
  });

  it('refuse the shard of another table', async () => {
    const [streamArn, otherArn] = [await createTable('shard-a'), await createTable('shard-b')];
    const { StreamDescription } = await aws.clients.dynamodbStreams.send(
      new DescribeStreamCommand({ StreamArn: otherArn }),
    );
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const call = aws.clients.dynamodbStreams.send(
      new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('are indexed, so that a write does not scan them', () => {
    const database = new DatabaseSync(join(folder, 'dynamodb.sqlite'), { readOnly: true });
    // The engine's own query at every write.
    const plan = database
      .prepare(
        "EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = 'x'",
      )
      .all();
    database.close();
    expect(JSON.stringify(plan)).toContain('USING COVERING INDEX');
  });

  it('lose what lies below a sequence number, of that table only, and go on counting', async () => {
    const [trimmed, other] = [await createTable('trimmed'), await createTable('other')];
    for (let id = 1; id <= 12; id++) await put('trimmed', String(id));
    await put('other', '1');
    // As numbers: in text '9' is above '10'.
    expect(aws.dynamodb.trimStreams({ table: 'trimmed', belowSequence: '10' })).toBe(9);
    expect(sequences(await readStream(trimmed))).toEqual([10, 11, 12]);
    expect(sequences(await readStream(other))).toEqual([1]);
    expect(aws.dynamodb.trimStreams({ table: 'trimmed', belowSequence: '999' })).toBe(2);
    await put('trimmed', '13');
    expect(sequences(await readStream(trimmed))).toEqual([12, 13]);
    expect(aws.dynamodb.trimStreams({ table: 'never-was', belowSequence: '5' })).toBe(0);
    for (let id = 14; id <= 20; id++) await put('trimmed', String(id));
    const keep = [
      { from: '000000000000000000013', to: '000000000000000000014' },
      { from: '17', to: '17' },
    ];
    expect(aws.dynamodb.trimStreams({ table: 'trimmed', belowSequence: '20', keep })).toBe(5);
    expect(sequences(await readStream(trimmed))).toEqual([13, 14, 17, 20]);
    expect(() => aws.dynamodb.trimStreams({ table: 'trimmed', belowSequence: 'LATEST' })).toThrow(
      'Not a sequence number',
    );
  });
});

it('removes expired items when told to sweep, and the stream says that TTL did it', async () => {
  const streamArn = await createTable('expiring');
  await aws.clients.dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: 'expiring',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
    }),
  );
  const item = (id: string, expiresAt: number): Promise<unknown> =>
    aws.clients.dynamodb.send(
      new PutItemCommand({ TableName: 'expiring', Item: { id: { S: id }, expiresAt: { N: String(expiresAt) } } }),
    );
  const nowSeconds = Math.floor(systemClock.now() / 1000);
  await item('future', nowSeconds + 3_600);
  expect(await aws.dynamodb.sweepTtl()).toBe(false);
  await item('past', nowSeconds - 60);
  expect(await aws.dynamodb.sweepTtl()).toBe(true);
  const removed = (await readStream(streamArn)).filter(({ eventName }) => eventName === 'REMOVE');
  expect(removed).toMatchObject([
    {
      userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
      dynamodb: { Keys: { id: { S: 'past' } } },
    },
  ]);
});

describe('looking for expired items', () => {
  const table = `ttl.'"`;
  let file: DatabaseSync;
  let opened: DynoxideFile;
  beforeAll(async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'local-aws-')), 'dynamodb.sqlite');
    file = new DatabaseSync(path);
    file.exec('CREATE TABLE _tables (table_name TEXT, ttl_attribute TEXT, ttl_enabled INTEGER)');
    file.exec(`CREATE TABLE "ttl.'""" (pk TEXT, item_json TEXT)`);
    file.prepare('INSERT INTO _tables VALUES (?, ?, 1)').run(table, "at.'s");
    opened = openDynoxideFile(path);
  });
  afterAll(() => {
    opened.close();
    file.close();
  });
  const put = (item: object) => file.prepare(`INSERT INTO "ttl.'""" VALUES ('', ?)`).run(JSON.stringify(item));

  it('finds what is due by an index, whatever table and attribute are called', () => {
    put({ "at.'s": { N: '1e3' } });
    put({ "at.'s": { S: '5' }, other: { N: '5' } });
    put({});
    expect([999, 1_000, 1_001].map((nowSeconds) => opened.expired(nowSeconds).size)).toEqual([0, 1, 1]);
    const [index] = file.prepare("SELECT sql FROM sqlite_master WHERE type = 'index'").all();
    expect(index?.sql).toContain('item_json ->>');
  });

  it('asks the engine where it cannot know', () => {
    file.prepare('UPDATE _tables SET ttl_attribute = ?').run('a"b');
    expect(opened.expired(0).size).toBe(1);
    file.exec('UPDATE _tables SET ttl_enabled = 0');
    expect(opened.expired(Number.MAX_SAFE_INTEGER).size).toBe(0);
  });
});

describe('writes that are committed together', () => {
  const sent: string[] = [];
  const call = async (operation: string, body: Buffer): Promise<ForwardedAnswer> => {
    sent.push(operation);
    const answer = await fetch(aws.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/dynamodb/aws4_request, Signature=00',
      },
      body: new Uint8Array(body),
    });
    return { statusCode: answer.status, headers: {}, body: Buffer.from(await answer.arrayBuffer()) };
  };
  const group = new GroupCommit(call);
  const alone = (operation: string, body: Buffer) =>
    call(operation, Buffer.from(JSON.stringify({ ...JSON.parse(body.toString()), ReturnConsumedCapacity: 'TOTAL' })));
  const bodyOf = (input: object) => Buffer.from(JSON.stringify(input));
  /** Adds to a counter unless it has seen as much. Some are refused, and some have items of 2 KB. */
  const count = (table: string, id: number, seen: number) =>
    bodyOf({
      TableName: table,
      Key: { id: { S: String(id) } },
      UpdateExpression: 'ADD htCount :one SET seen = :seen, note = :note',
      ConditionExpression: 'attribute_not_exists(seen) OR seen < :seen',
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':seen': { N: String(seen) },
        ':note': { S: id % 7 === 0 ? 'x'.repeat(1_100) : '' },
      },
    });
  const insert = (table: string, id: number) => ({
    Statement: `INSERT INTO "${table}" VALUE {'id': ?, 'text': ?}`,
    Parameters: [{ S: `tweet ${id}` }, { S: 'x'.repeat(500 * (id % 4)) }],
  });
  const ids = Array.from({ length: 12 }, (_, index) => index);
  const seenOf = (id: number, round: number) => (id % 5 === 0 ? 1 : round);

  it('leave the same items, answers, units and stream records as single ones', async () => {
    const streams = [await createTable('single'), await createTable('together')];
    const answers: unknown[][] = [[], []];
    const units = [0, 0];
    const take = (side: 0 | 1, table: string, { statusCode, body }: ForwardedAnswer) => {
      const { ConsumedCapacity, ...answer } = JSON.parse(body.toString().replaceAll(table, 'table'));
      for (const each of [ConsumedCapacity ?? []].flat()) units[side] = (units[side] ?? 0) + each.CapacityUnits;
      answers[side]?.push([statusCode, answer]);
    };
    const inserts = (table: string, from: number) =>
      bodyOf({ Statements: [0, 1, 2, 3].map((index) => insert(table, from + index)) });
    for (const round of [1, 2, 3]) {
      for (const id of ids) take(0, 'single', await alone('UpdateItem', count('single', id, seenOf(id, round))));
      // The inserts of the third round are refused: two of their tweets are stored.
      const from = [0, 4, 6][round - 1] ?? 0;
      take(0, 'single', await alone('BatchExecuteStatement', inserts('single', from)));
      const updates = ids.map((id) => count('together', id, seenOf(id, round)));
      const done = await Promise.all(
        updates.map((body) => group.carryOut('UpdateItem', body, () => alone('UpdateItem', body))),
      );
      for (const answer of done) take(1, 'together', answer);
      const statements = inserts('together', from);
      const stored = await group.carryOut('BatchExecuteStatement', statements, () =>
        alone('BatchExecuteStatement', statements),
      );
      take(1, 'together', stored);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(units[1]).toBe(units[0]);
    // Two rounds of updates: those that may be counted go together again without those that are refused.
    expect(sent.filter((operation) => operation === 'TransactWriteItems')).toHaveLength(4);
    expect(sent.filter((operation) => operation === 'ExecuteTransaction')).toHaveLength(3);
    const [single = [], together = []] = await Promise.all(streams.map(readStream));
    // In the order of the stream for each item, as far as it is the writes' order.
    const facts = (records: StreamRecord[]) =>
      Map.groupBy(
        records.map(
          ({ eventName, dynamodb: { SequenceNumber: _, ApproximateCreationDateTime: _at, ...change } = {} }) => ({
            eventName,
            ...change,
          }),
        ),
        ({ Keys }) => Keys?.id?.S,
      );
    expect(facts(together)).toEqual(facts(single));
  });

  it('are refused where single ones are', async () => {
    await createTable('refused');
    const write = (operation: string, input: object) => {
      const body = bodyOf(input);
      return group.carryOut(operation, body, () => alone(operation, body));
    };
    const remove = (id: string, more = {}) =>
      write('UpdateItem', { TableName: 'refused', Key: { id: { S: id } }, UpdateExpression: 'REMOVE note', ...more });
    await remove('a');
    const values = { ExpressionAttributeValues: {} };
    const removals = await Promise.all([remove('b', values), remove('c', values)]);
    expect(removals.map(({ statusCode }) => statusCode)).toEqual([400, 400]);
    const Statements = Array.from({ length: 26 }, (_, id) => insert('refused', id));
    expect((await write('BatchExecuteStatement', { Statements })).statusCode).toBe(400);
  });
});

/** The engine's arguments, as any user of this machine can read them. */
function engineArguments(): string {
  const programs = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return programs.find((line) => line.includes(' serve ') && line.includes(folder)) ?? '';
}

describe('starting and ending', () => {
  const options = (dataFolder: string): Parameters<typeof startDynamoDb>[0] => ({
    dataFolder,
    region: 'us-east-1',
    random: systemRandom,
    clock: systemClock,
    meter: unmetered,
  });

  it('keeps items over a restart and can be stopped twice', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'local-aws-'));
    const first = await startTestEndpoint({ dataFolder });
    await first.clients.dynamodb.send(
      new CreateTableCommand({
        TableName: 'kept',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await first.clients.dynamodb.send(new PutItemCommand({ TableName: 'kept', Item: { id: { S: '1' } } }));
    await first.dynamodb.stop();
    await first.stop();
    const second = await startTestEndpoint({ dataFolder });
    const read = await second.clients.dynamodb.send(new GetItemCommand({ TableName: 'kept', Key: { id: { S: '1' } } }));
    expect(read.Item).toEqual({ id: { S: '1' } });
    await second.stop();
    await rm(dataFolder, { recursive: true });
  });

  it('listens only where no web page can call it, and keeps its token out of its arguments', () => {
    const [, host, port] = /--host (\S+) --port (\d+)/.exec(engineArguments()) ?? [];
    expect(host).toMatch(/^(127\.[\d.]+|\[::1\])$/);
    expect(blockedPorts).toContain(Number(port));
    expect(engineArguments()).not.toMatch(/token|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('takes no request to sweep without its token, nor from a page that has it', async () => {
    const [, toolPort] = /--mcp-port (\d+)/.exec(engineArguments()) ?? [];
    const url = `http://127.0.0.1:${toolPort}/mcp`;
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sweep_ttl","arguments":{}}}';
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const without = await fetch(url, { method: 'POST', headers, body });
    expect(without.status).toBe(401);
    const foreign = await fetch(url, { method: 'POST', headers: { ...headers, origin: 'http://evil.example' }, body });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    expect(foreign.status).toBeGreaterThanOrEqual(401);
  });

  it('says what to do about a damaged file', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'local-aws-'));
    await writeFile(join(dataFolder, 'dynamodb.sqlite'), 'no database '.repeat(1_000));
    await expect(startDynamoDb(options(dataFolder))).rejects.toThrow(
      /did not start on .*dynamodb\.sqlite: .*not a valid SQLite database.*--fresh/s,
    );
    await rm(dataFolder, { recursive: true });
  });

  it('uses DYNAMODB_ENDPOINT instead of its own engine', async () => {
    const environment = { DYNAMODB_ENDPOINT: `${aws.endpoint}/` };
    const engine = await startDynamoDb({ ...options('/nowhere'), environment });
    const [service] = engine.services;
    const call = {
      service: 'dynamodb',
      operation: 'ListTables',
      request: {
        method: 'POST',
        url: '/',
        headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
        body: Buffer.from('{}'),
      },
      context: { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: 'k' },
    };
    const answer = await service?.handle(call);
    expect(JSON.parse(answer?.body.toString() ?? '')).toMatchObject({
      TableNames: expect.arrayContaining(['trimmed']),
    });
    expect(engine.trimStreams({ table: 'trimmed', belowSequence: '999' })).toBe(0);
    await engine.sweepTtl();
    await engine.stop();
    await expect(
      startDynamoDb({ ...options('/nowhere'), environment: { DYNAMODB_ENDPOINT: 'not a url' } }),
    ).rejects.toThrow('DYNAMODB_ENDPOINT is not a URL');
  });

  it('answers a retryable error once the engine is gone', async () => {
    const gone: DynamoDbEngine = await startDynamoDb({
      ...options('/nowhere'),
      environment: { DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' },
    });
    const [service] = gone.services;
    const context = { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: 'k' };
    const request = { method: 'POST', url: '/', headers: {}, body: Buffer.from('{}') };
    const call = service?.handle({ service: 'dynamodb', operation: 'ListTables', request, context });
    await expect(call).rejects.toMatchObject({ name: 'InternalServerError', statusCode: 500 });
    await gone.stop();
  });
});

it('deletes make REMOVE records with the old image', async () => {
  const streamArn = await createTable('removed');
  await put('removed', '1', 'ж');
  await aws.clients.dynamodb.send(new DeleteItemCommand({ TableName: 'removed', Key: { id: { S: '1' } } }));
  const last = (await readStream(streamArn)).at(-1);
  expect(last).toMatchObject({ eventName: 'REMOVE', dynamodb: { OldImage: { id: { S: '1' }, text: { S: 'ж' } } } });
  expect(last?.userIdentity).toBeUndefined();
});
