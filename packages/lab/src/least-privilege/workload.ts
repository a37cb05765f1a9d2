import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetCrawlersCommand } from '@aws-sdk/client-glue';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { startCrawl, waitForCrawl } from '@tweet-pipes/cli/lake/crawl';
import { run } from '@tweet-pipes/cli/run';
import { runSample } from '@tweet-pipes/cli/sample/run-sample';
import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import type { FastForwardClock } from '@tweet-pipes/kit/clock';
import type { Runtime } from '@tweet-pipes/local-aws';
import type { Outage } from './outage.ts';

const MINUTE_MS = 60_000;
/** Longer than between two runs of each schedule, which has a window of 15 minutes. */
const NEXT_RUNS_MS = 80 * MINUTE_MS;
/** Longer than a schedule tries again. */
const GIVEN_UP_MS = 65 * MINUTE_MS;
/** Enough for every scenario of the sample. */
const SAMPLE_RECORDS = 100;
const TIMEOUT_SECONDS = 120;

/** What the parts of the workload work on. */
export interface WorkloadContext {
  readonly runtime: Runtime;
  readonly clock: FastForwardClock;
  readonly outage: Outage;
  /** Hidden from the user: the sample writes much. */
  readonly terminal: Terminal;
  /** Another one at each run, so that tweets are new. */
  readonly seed: number;
  /** Ends a part that waits for what is denied. */
  readonly signal: AbortSignal;
}

/** Parts of the workload. Each needs what those before it did. */
export const partsInOrder = ['sample', 'crawls', 'removals', 'outage', 'schedules', 'redrive'] as const;

export type Part = (typeof partsInOrder)[number];

/** Everything that the roles of the stacks are for. A part ends when nothing is pending. Throws what goes wrong. */
export const parts: Readonly<Record<Part, (on: WorkloadContext) => Promise<void>>> = {
  async sample({ runtime, outage, seed, signal, terminal }) {
    // A redelivered batch asks what a first delivery does not.
    outage.loseNextAnswer(/^states\.StartSyncExecution/);
    const booted = { runtime, readySeconds: 0, signal, failure: () => undefined, npmId: undefined };
    const options = { seed, records: SAMPLE_RECORDS, timeout: TIMEOUT_SECONDS };
    const { differences } = await runSample(booted, options, terminal, terminal.clock.now());
    if (differences.length > 0)
      throw new Error(`The sample has ${differences.length} differences: ${JSON.stringify(differences[0])}.`);
  },

  async crawls(on) {
    await withClients(on, async (clients) => {
      const { glue } = await clients.lake();
      const { Crawlers = [] } = await glue.send(new GetCrawlersCommand({}));
      for (const { Name = '' } of Crawlers) {
        // The second finds tables and partitions that are there.
        for (let time = 0; time < 2; time++) {
          await startCrawl(glue, Name);
          await waitForCrawl(glue, Name, on.terminal, on.signal);
        }
      }
    });
    await settled(on);
  },

  /** The sample removes tweets only. */
  async removals(on) {
    await withClients(on, (clients) => removeItem(clients, outputsOf(on.runtime).HashtagTableName, 'hashtag'));
    await settled(on);
  },

  /** Whatever pipes and schedules call fails until they give up. */
  async outage(on) {
    on.outage.begin(/^lambda\.Invoke/, /^states\.StartSyncExecution/, /^kinesis\.PutRecord/);
    try {
      await withClients(on, (clients) => change(clients, outputsOf(on.runtime), on.seed));
      await settled(on);
      // Records grow old by what is skipped: nothing is without need.
      if (on.signal.aborted) return;
      on.clock.skip(NEXT_RUNS_MS);
      await settled(on);
      on.clock.skip(GIVEN_UP_MS);
      await settled(on);
    } finally {
      on.outage.end();
    }
  },

  async schedules(on) {
    // The result may hold rows of a deleted tweet, so the forgetting of tweets removes it.
    await command(on, 'query', '--sql', 'SELECT 1');
    // A function that runs over a skip would time out.
    await settled(on);
    on.clock.skip(NEXT_RUNS_MS);
    await settled(on);
  },

  async redrive(on) {
    await command(on, 'redrive', '--stop');
    await settled(on);
  },
};

/** Runs a command of the CLI against the endpoint. Throws unless it ends well. */
async function command({ runtime, terminal }: WorkloadContext, ...args: string[]): Promise<void> {
  const env = { AWS_ENDPOINT_URL: runtime.endpoint, AWS_REGION: 'us-east-1' };
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  const said: string[] = [];
  const err = (line: string) => void said.push(line);
  const exitCode = await run(args, { ...terminal, err, env: { ...env, ...keys } });
  if (exitCode !== 0) throw new Error([`${args.join(' ')} ended with exit code ${exitCode}.`, ...said].join('\n'));
}

/** A tweet, a change of an order, and the removal of items. */
async function change(clients: AwsClients, outputs: Readonly<Record<string, string>>, seed: number): Promise<void> {
  const { TweetStreamName, TweetTableName, HashtagTableName, OrderTableName } = outputs;
  const tweet = { id_str: String(9_000 + seed), text: '#outage', entities: { hashtags: [{ text: 'outage' }] } };
  await clients.kinesis.send(
    new PutRecordCommand({ StreamName: TweetStreamName, PartitionKey: 'k', Data: Buffer.from(JSON.stringify(tweet)) }),
  );
  await removeItem(clients, TweetTableName, 'id');
  await removeItem(clients, HashtagTableName, 'hashtag');
  const { Items: [order] = [] } = await clients.dynamodb.send(new ScanCommand({ TableName: OrderTableName, Limit: 1 }));
  if (order === undefined) throw new Error('There is no order to change.');
  const Item = { ...order, note: { S: `changed ${seed}` } };
  await clients.dynamodb.send(new PutItemCommand({ TableName: OrderTableName, Item }));
}

async function removeItem({ dynamodb }: AwsClients, TableName: string | undefined, key: string): Promise<void> {
  const { Items: [item] = [] } = await dynamodb.send(new ScanCommand({ TableName, Limit: 1 }));
  const value = item?.[key];
  if (value === undefined) throw new Error(`There is no item to remove in ${TableName}.`);
  await dynamodb.send(new DeleteItemCommand({ TableName, Key: { [key]: value } }));
}

async function withClients(on: WorkloadContext, work: (clients: AwsClients) => Promise<void>): Promise<void> {
  const clients = createClients({ endpoint: on.runtime.endpoint });
  try {
    await work(clients);
  } finally {
    clients.destroy();
  }
}

function outputsOf({ stacks }: Runtime): Readonly<Record<string, string>> {
  return Object.fromEntries(stacks.flatMap(({ outputs }) => Object.entries(outputs)));
}

async function settled({ runtime, signal }: WorkloadContext): Promise<void> {
  const limit = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  await runtime.whenIdle(AbortSignal.any([signal, limit]));
  if (limit.aborted && !signal.aborted) {
    throw new Error(`Still under way after ${TIMEOUT_SECONDS} s: ${JSON.stringify(await runtime.idle())}`);
  }
}
