import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { PageHandler } from '@tweet-pipes/local-aws';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import * as z from 'zod';
import { type App, startApp } from '../../../../test/e2e/app.ts';
import { hasChromium } from '../../../local-aws/test/gateway/browser.ts';
import type { ConsoleContext } from '../../src/console/console-context.ts';
import { createConsole } from '../../src/console/create-console.ts';

/** Says in a test's name that it was not run, and why. */
export const how = hasChromium ? 'in Chromium' : 'not run: no chromium is on PATH';

/** Would show up as an element, or as a title that a script has set. */
export const MARKUP =
  '<img src=x onerror="document.title=\'broken\'"><script>document.title="broken"</script>\u001b[31mred';

/** One runtime with tweets in it, and one browser, for all flows. */
export interface PageFixture {
  readonly app: App;
  /** The page's address, up to `#`. */
  readonly url: string;
  /** ARNs of executions: one that failed, and one with an input of about 200 KB. */
  readonly failed: string;
  readonly large: string;
  /**
   * Loads an address, for each flow in the same page: a page of its own takes half a second of processor time. Nothing
   * is left of the flow before. What the page logs as an error, or asks of others, is in `complaints`.
   */
  open(address?: string, viewport?: { readonly width: number; readonly height: number }): Promise<Page>;
  readonly complaints: string[];
  /** Lets the page's server be another process, as after a restart. */
  restartServer(): void;
  stop(): Promise<void>;
}

const tweet = (id: string, text: string) => ({
  id_str: id,
  text,
  entities: { hashtags: [{ text: 'sky' }, { text: `tag${id}` }] },
});

/** Starts all of it. Call it only where {@link hasChromium}. */
export async function startPageFixture(): Promise<PageFixture> {
  const browser = await launch();
  try {
    return await startWith(browser);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function startWith(browser: Browser): Promise<PageFixture> {
  let context: ConsoleContext | undefined;
  const complaints: string[] = [];
  const log = (line: string) => complaints.push(line);
  let handler: PageHandler = createConsole({ context: () => context, log });
  const app = await startApp({ executionData: true }, { pages: { '/_console': (request) => handler(request) } });
  const { runtime, outputs } = app;
  const clients = createClients({ endpoint: runtime.endpoint, accessKeyId: 'console' });
  context = {
    clients,
    clock: systemClock,
    place: 'local',
    endpoint: runtime.endpoint,
    region: 'us-east-1',
    stacks: runtime.stacks,
  };
  const records = [
    ...Array.from({ length: 30 }, (_, index) => tweet(String(1_000 + index), `Tweet ${index} ${MARKUP}`)),
    tweet('1000', 'a duplicate'),
    { delete: { status: { id_str: '1001' } } },
  ];
  await app.put(
    [...records.map((record) => JSON.stringify(record)), 'no tweet'].map((text) => ({ Data: Buffer.from(text) })),
  );
  const run = async (input: unknown) => {
    const { executionArn = '' } = await clients.sfn.send(
      new StartSyncExecutionCommand({ stateMachineArn: outputs.WorkflowArn, input: JSON.stringify(input) }),
    );
    return executionArn;
  };
  const failed = await run([{ no: 'record' }]);
  const eventID = 'shardId-000000000000:49600000000000000000000000000000000000000000000000000001';
  const filler = Array.from(
    { length: 4_000 },
    (_, index) => `word number ${index} of a long text, ${MARKUP.slice(0, 10)}`,
  );
  const large = await run([{ eventID, arrivedAt: 1_764_000_000, tweet: { id_str: '5000', text: 'long', filler } }]);
  await app.settled();
  const page = await watchedPage(browser, { endpoint: runtime.endpoint, complaints });
  return {
    app,
    url: `${runtime.endpoint}/_console`,
    failed,
    large,
    complaints,
    async open(address, viewport = { width: 1_400, height: 900 }) {
      await page.unrouteAll();
      await page.context().setOffline(false);
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      // From the page itself, another hash would not load it again; from another site, a new process would.
      await page.goto(`${runtime.endpoint}/_health`);
      if (address !== undefined) await page.goto(address);
      return page;
    },
    restartServer() {
      handler = createConsole({ context: () => context, log });
    },
    async stop() {
      await browser.close();
      clients.destroy();
      await app.stop();
    },
  };
}

/** A page that adds to `complaints` what it logs as an error, and what it asks of others than the endpoint. */
async function watchedPage(
  browser: Browser,
  { endpoint, complaints }: { endpoint: string; complaints: string[] },
): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(endpoint) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  return page;
}

async function launch(): Promise<Browser> {
  const executablePath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find(existsSync);
  return chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox', '--disable-gpu'] });
}

const findings = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
);

/** What axe finds against WCAG 2.2 AA and good practice, as texts. In the dark only colours differ. */
export async function findFaults(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  const rules = colorScheme === 'dark' ? 'runOnly: ["color-contrast"],' : '';
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    `axe.run(document, { ${rules} resultTypes: ["violations"] }).then((r) => r.violations)`,
  );
  return findings
    .parse(found)
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
