import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { chromium, type Page } from 'playwright-core';

/** A view to photograph: its address behind `#/`, and what is done before. */
interface Shot {
  readonly name: string;
  readonly hash: string;
  readonly colorScheme?: 'dark';
  prepare?(page: Page): Promise<void>;
}

const SIZE = { width: 1_440, height: 960 };
const RECORDS = 1_200;

/**
 * Runs the stacks with the sample, and photographs each view of the console page in a Chromium. The pictures differ
 * from run to run in times and ids, so none is compared.
 *
 * @param folder where the PNG files go
 * @param executablePath of a Chromium
 * @returns paths of the pictures
 */
export async function photographConsole(folder: string, executablePath: string): Promise<string[]> {
  const data = await mkdtemp(join(tmpdir(), 'console-pictures-'));
  const runtime = await startWithSample(data);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    await mkdir(folder, { recursive: true });
    const paths: string[] = [];
    for (const { name, hash, colorScheme = 'light', prepare } of await shotsOf(runtime.endpoint)) {
      const page = await browser.newPage({ viewport: SIZE, colorScheme });
      await page.goto(`${runtime.endpoint}/_console#/${hash}`);
      await page.locator('main h1').waitFor();
      await page.locator('.loading').first().waitFor({ state: 'hidden' });
      await prepare?.(page);
      await page.waitForLoadState('networkidle').catch(() => {}); // A page that polls is never idle for long.
      const path = join(folder, `${name}.png`);
      await page.screenshot({ path });
      await page.close();
      paths.push(path);
    }
    return paths;
  } finally {
    await browser.close();
    await runtime.stop();
    await rm(data, { recursive: true });
  }
}

/** `npx tweet-pipes start` in a process of its own, with the inputs of executions logged. */
async function startWithSample(data: string): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const program = join(PROJECT_FOLDER, 'packages/cli/bin/tweet-pipes.mjs');
  const options = ['--port', '0', '--data', data, '--records', String(RECORDS), '-c', 'tweetPipes:executionData=true'];
  const child = spawn(process.execPath, [program, 'start', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const endpoint = /^Look inside: (\S+)\/_console$/.exec(line)?.[1];
    if (endpoint === undefined) continue;
    child.stdout.resume();
    return { endpoint, stop };
  }
  throw new Error('The stacks did not start; the lines above say why.');
}

async function shotsOf(endpoint: string): Promise<Shot[]> {
  const { tweet, execution } = await findSubjects(endpoint);
  const choose = (name: string) => async (page: Page) => {
    await page.locator('g.title', { has: page.locator('text.name', { hasText: new RegExp(`^${name}$`) }) }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.json-tree').waitFor();
  };
  return [
    { name: 'pipeline', hash: 'pipeline' },
    { name: 'pipes', hash: 'pipes' },
    { name: 'executions', hash: 'executions' },
    { name: 'execution', hash: execution, prepare: choose('ReadBatch') },
    { name: 'execution-dark', hash: execution, colorScheme: 'dark', prepare: choose('StoreTweets') },
    { name: 'execution-table', hash: `${execution}&tab=table` },
    { name: 'tweet', hash: `tweet/${tweet}` },
    { name: 'hashtags', hash: 'hashtags' },
    { name: 'quarantine', hash: 'quarantine' },
    { name: 'objects', hash: 'objects' },
    { name: 'queries', hash: 'queries' },
    { name: 'bill', hash: 'bill' },
  ];
}

/** A stored tweet, and the address of the execution that processed it. */
async function findSubjects(endpoint: string): Promise<{ tweet: string; execution: string }> {
  const clients = createClients({ endpoint });
  try {
    const { TweetTableName, WorkflowArn } = await readStackOutputs(clients, 'TweetPipes');
    const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName: TweetTableName, Limit: 1 }));
    const tweet = Items[0]?.id?.S ?? '';
    const query = new URLSearchParams({ workflow: WorkflowArn, minutes: '60', tweet });
    const answer = await fetch(`${endpoint}/_console/api/executions/matching?${query}`);
    const { arns }: { arns: string[] } = JSON.parse(await answer.text());
    return { tweet, execution: `executions/${encodeURIComponent(arns[0] ?? '')}?minutes=60` };
  } finally {
    clients.destroy();
  }
}
