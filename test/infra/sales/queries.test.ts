import { readFileSync } from 'node:fs';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateDatabaseCommand } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askAthena } from '@tweet-pipes/cli/lake/ask';
import { run } from '@tweet-pipes/cli/run';
import { compareOrders, type OrderItem } from '@tweet-pipes/cli/verification/compare-orders';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { generateChanges } from '@tweet-pipes/kit/orders/generate-changes';
import { type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import { itemOf } from '@tweet-pipes/kit/orders/put-changes';
import { type Random, seededRandom } from '@tweet-pipes/kit/random';
import { z } from 'zod';
import { readColumnTypes } from '../../../functions/flatten-orders/configuration.ts';
import { flattenOrder } from '../../../functions/flatten-orders/flatten-order.ts';
import { transformRecords } from '../../../functions/transformation/transform-records.ts';
import { type FakeTerminal, fakeTerminal } from '../../../packages/cli/test/fake-terminal.ts';
import { rowOf, sourceRecord, transformationOf } from '../../functions/transformation.ts';
import { type LocalLake, startLocalLake } from '../lake/local-lake.ts';

/** Rows of the table `sales`, and what each named query gives for them, worked out by hand. */
const { rows, queries } = z
  .object({
    rows: z.array(z.record(z.string(), z.unknown())),
    queries: z.array(
      z.object({ name: z.string(), sql: z.string().optional(), rows: z.array(z.array(z.string().nullable())) }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('queries.json', import.meta.url), 'utf8')));

const types = readColumnTypes({ COLUMN_TYPES: '{"price_minor":"bigint","quantity":"bigint"}' });

/** Hours in which records arrive, oldest first, of the last day. */
const hours = [5, 4, 3, 2, 1, 0].map((ago) =>
  new Date(Date.now() - ago * 3_600_000).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/'),
);
const [firstHour = ''] = hours;

let lake: LocalLake;
beforeAll(async () => {
  lake = await startLocalLake({ stack: 'SalesLake' });
});
afterAll(() => lake?.stop());

function ask(sql: string) {
  const { SalesWorkGroupName: workGroup = '', SalesDatabaseName: database = '' } = lake.outputs;
  return askAthena(lake.clients, { workGroup, database }, fakeTerminal(), sql);
}

async function command(terminal: FakeTerminal, ...args: string[]) {
  const exitCode = await run(args, { ...terminal, env: { ...terminal.env, AWS_ENDPOINT_URL: lake.endpoint } });
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

describe('over known rows', () => {
  beforeAll(async () => {
    await lake.putRows(firstHour, rows.slice(0, -4), 'known');
    await lake.putRows(hours[1] ?? '', rows.slice(-4), 'known');
  });

  it.each(queries.map((each): [string, typeof each] => [each.name, each]))('%s', async (name, given) => {
    const sql = given.sql ?? lake.queries.get(name) ?? '';
    const found = await ask(name === 'order_history' ? sql.replace('?', "'a'") : sql);
    expect(found.map((row) => Object.values(row))).toEqual(
      given.rows.map((row) => row.map((value) => (/^#\d$/.test(value ?? '') ? hours[Number(value?.slice(1))] : value))),
    );
  });

  it('are all views and named queries of the template', () => {
    const views = ['current_orders', 'sales_distinct'];
    expect(queries.map(({ name }) => name).sort()).toEqual([...views, ...lake.queries.keys()].sort());
  });
});

/** Events of the table's stream for changes, numbered as DynamoDB does, and the items that they leave. */
function streamOf(changes: readonly OrderChange[], firstSequence: bigint) {
  const items = new Map<string, OrderItem>();
  let sequence = firstSequence;
  const events = changes.map((change): JsonObject => {
    sequence += 1n + (sequence % 7n) ** 5n;
    const orderid = orderIdOf(change);
    const isKnown = items.has(orderid);
    if (change.kind === 'delete') items.delete(orderid);
    else items.set(orderid, itemOf(change.order));
    return {
      eventName: change.kind === 'delete' ? 'REMOVE' : isKnown ? 'MODIFY' : 'INSERT',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
        Keys: { orderid: { S: orderid } },
        ...(change.kind === 'delete' ? {} : { NewImage: JSON.parse(JSON.stringify(itemOf(change.order))) }),
        SequenceNumber: String(sequence),
      },
    };
  });
  return { events, items };
}

/** The events with copies and in another order: what a stream and a delivery at least once may make of them. */
function redelivered(events: readonly JsonObject[], random: Random): JsonObject[] {
  const copies = events.flatMap((event) => (random.next() < 0.2 ? [event, event] : [event]));
  return copies
    .map((event) => [random.next(), event] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, event]) => event);
}

/** The items that all generated changes leave. */
const allItems: OrderItem[] = [];

describe('after redeliveries in any order', () => {
  it('current_orders is the table, the history is complete, and revenue is exact', async () => {
    const paid = new Map<string, bigint>();
    let eventCount = 0;
    for (const seed of [1, 2, 3, 4]) {
      const random = seededRandom(seed);
      const changes: OrderChange[] = [];
      for (const change of generateChanges({ seed, updates: 0.5, deletes: 0.1 }, Date.now)) {
        changes.push(change);
        if (changes.length === 250) break;
      }
      // Numbers of 20 and of 21 digits, as a stream passes from one to the other.
      const { events, items } = streamOf(changes, 99_999_999_999_999_992_000n);
      const digits = events.map((event) => JSON.stringify(event).match(/SequenceNumber":"(\d+)/)?.[1]?.length);
      expect(new Set(digits)).toEqual(new Set([20, 21]));
      eventCount += events.length;
      allItems.push(...items.values());
      for (const change of changes) {
        if (change.kind !== 'update' || change.order.status !== 'paid') continue;
        const { currency, price_minor, quantity } = change.order;
        paid.set(currency, (paid.get(currency) ?? 0n) + BigInt(price_minor * quantity));
      }
      const records = redelivered(events, random).map((event, index) =>
        sourceRecord(JSON.stringify(event), `r${index}`),
      );
      const { records: answers, failed } = transformRecords(transformationOf(records), (source) =>
        flattenOrder(source, types),
      );
      expect(failed).toEqual([]);
      const flat = answers.map(rowOf).filter((row) => row !== undefined);
      for (const [index, hour] of hours.entries()) {
        await lake.putRows(
          hour,
          flat.filter((_, at) => at % hours.length === index),
          `seed-${seed}`,
        );
      }
    }
    const known = "orderid NOT IN ('a', 'b', 'c', 'd', 'e', 'f')";

    expect(compareOrders(allItems, await ask(`SELECT * FROM current_orders WHERE ${known}`))).toEqual([]);
    expect(await ask(`SELECT count(*) AS n FROM sales_distinct WHERE ${known}`)).toEqual([{ n: String(eventCount) }]);
    const revenue = await ask(lake.queries.get('revenue_by_product_and_hour') ?? '');
    const found = new Map<string, bigint>();
    for (const { currency, product, revenue_minor } of revenue) {
      if (String(product).startsWith('known')) continue;
      found.set(String(currency), (found.get(String(currency)) ?? 0n) + BigInt(String(revenue_minor)));
    }
    expect(found).toEqual(paid);
  });
});

describe('the commands', () => {
  const invoice = { orderid: 'v', price_minor: 100, status: 'paid', sequence: '9', deleted: false, change: 'insert' };

  it('refuse a lake that was named and is not there, and say what is', async () => {
    for (const args of [['query', '--sql', 'SELECT 1'], ['verify'], ['outputs'], ['redrive']]) {
      expect(await command(fakeTerminal(), ...args, '--lake-stack', 'Nope')).toMatchObject({
        exitCode: 1,
        out: '',
        err: expect.stringContaining('there is no stack Nope. These stacks are here: SalesLake. '),
      });
    }
  });

  it('verify the table of orders alone, with each difference named', async () => {
    const { dynamodb } = lake.clients;
    const TableName = lake.outputs.OrderTableName;
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'orderid', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'orderid', AttributeType: 'S' }],
      }),
    );
    for (const item of allItems) await dynamodb.send(new PutItemCommand({ TableName, Item: item }));
    const known = await ask("SELECT orderid FROM current_orders WHERE orderid IN ('a', 'b', 'c', 'd', 'e', 'f')");
    const removals = known.map(({ orderid }) => ({
      orderid,
      sequence: '9'.repeat(40),
      deleted: true,
      change: 'remove',
    }));
    await lake.putRows(firstHour, removals, 'removals');
    // Waits are short, and the time is over when a case says so.
    let skippedMs = 0;
    const clock = { now: () => systemClock.now() + skippedMs, sleep: () => systemClock.sleep(5) };
    const verify = (onWaiting: () => unknown = () => {}) => {
      const terminal = fakeTerminal();
      const err = (line: string) => {
        terminal.err(line);
        if (line.startsWith('Waiting for the sales lake: ')) void onWaiting();
      };
      return command({ ...terminal, err, clock }, 'verify', '--timeout', '600', '--json');
    };
    const skipTime = () => {
      skippedMs += 600_000;
    };

    expect(await verify()).toMatchObject({
      exitCode: 0,
      out: JSON.stringify({ ok: true, orders: { current: allItems.length }, differenceCount: 0, differences: [] }),
    });
    await lake.putRows(firstHour, [{ ...invoice, deleted: false }], 'surplus');
    const { exitCode, out } = await verify(skipTime);
    expect([exitCode, JSON.parse(out).differences]).toEqual([
      2,
      [{ store: 'orders', key: 'v', problem: 'must not be in current_orders' }],
    ]);
    const removal = { ...invoice, sequence: '91', deleted: true };
    expect(await verify(() => lake.putRows(firstHour, [removal], 'late'))).toMatchObject({ exitCode: 0 });
  });

  it("write no generated orders into a table of one's own, unless it is named", async () => {
    const { OrderGeneratorName: _, ...outputs } = lake.outputs;
    lake.publish('OwnLake', { ...outputs, OrderTableName: 'Invoices' });
    const generate = ['orders', 'generate', '--limit', '1', '--sales-stack', 'OwnLake'];

    expect(await command(fakeTerminal(), ...generate)).toMatchObject({
      exitCode: 1,
      err: 'OwnLake keeps the changes of a table of yours, Invoices, and generated orders would become items of it. To write them there all the same: --table Invoices',
    });
    expect(await command(fakeTerminal(), ...generate, '--table', 'Invoices')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('There is no table Invoices here'),
    });
  });

  it('say that the sales lake has the table that SQL in the lake of tweets misses', async () => {
    const { glue } = await lake.clients.lake();
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'tweets' } }));
    const names = ['LakeBucketName', 'LakeDeliveryStreamName', 'LakeCrawlerName'].map((name) => [name, 'unused']);
    lake.publish('TweetLake', {
      ...Object.fromEntries(names),
      LakeDatabaseName: 'tweets',
      WorkGroupName: lake.outputs.SalesWorkGroupName ?? '',
      ArchiveContent: 'full',
    });
    const count = ['query', '--sql', 'SELECT count(*) AS n FROM current_orders', '--json'];
    expect(await command(fakeTerminal(), ...count)).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/TABLE_NOT_FOUND[\s\S]*\nThe sales lake has current_orders: add --sales\.$/),
    });
    expect(await command(fakeTerminal(), ...count, '--sales')).toMatchObject({ exitCode: 0 });
  });
});
