import type { Browser, Page } from 'playwright-core';
import { measureProcesses, sumOverProcesses } from '../long-run/footprint.ts';
import type { Measurements } from '../measurements.ts';
import type { BenchStack } from '../stack.ts';
import type { BenchContext } from '../subject.ts';
import { MeasuredPage } from './browser.ts';
import { fillCounters, fillExecutions } from './fill.ts';
import { runSixtyStates, STATES } from './sixty-states.ts';

/** {@link openExecutions} waits for a number of five digits. */
const EXECUTIONS = 10_000;
/** Page heights by which the list of executions is scrolled. */
const SCROLLS = 20;
/** A million counters on a busy machine take minutes. */
const patienceMs = 600_000;

/** Times the page in a browser, with much to show. The stack's workflow is another one afterwards. */
export async function measurePage(
  browser: Browser,
  stack: BenchStack,
  results: Measurements,
  { rounds, counters, doing, signal }: BenchContext,
): Promise<void> {
  doing(`${EXECUTIONS} executions`);
  await fillExecutions(stack, EXECUTIONS - 1, signal);
  const machine = await runSixtyStates(stack);
  for (let round = 1; round <= rounds; round += 1) {
    doing(`page ${round} of ${rounds}`);
    signal.throwIfAborted();
    await using parts = new AsyncDisposableStack();
    const measured = parts.adopt(await MeasuredPage.open(browser), (each) => each.close());
    measured.page.setDefaultTimeout(patienceMs);
    const address = `${stack.runtime.endpoint}/_console`;
    add(results, 'page ready', await measured.time((page) => openPipeline(page, address)));
    add(results, `graph of ${STATES} states`, await measured.time((page) => openGraph(page, machine)));
    add(results, `list of ${EXECUTIONS} executions`, await measured.time(openExecutions));
    const scrolled = await measured.time(scrollExecutions);
    results.add('a screen further in that list, main thread', 'ms', scrolled.threadMs / SCROLLS);
  }
  doing(`${counters} counters`);
  await fillCounters(stack, counters, signal);
  await measureCounters(browser, stack, results, counters);
}

function add(
  results: Measurements,
  name: string,
  { milliseconds, threadMs }: Awaited<ReturnType<MeasuredPage['time']>>,
) {
  results.add(name, 'ms', milliseconds);
  results.add(`${name}, main thread`, 'ms', threadMs);
}

/** Until the stages of the pipeline stand there with their figures. */
async function openPipeline(page: Page, address: string): Promise<void> {
  await page.goto(`${address}#/`);
  await page.getByText(/As of \d\d:\d\d:\d\d\./).waitFor();
}

/** Until every state has its place, of an execution whose history the server has not read. */
async function openGraph(page: Page, executionArn: string): Promise<void> {
  await show(page, `executions/${encodeURIComponent(executionArn)}`);
  await page
    .locator('g.title')
    .nth(STATES - 1)
    .waitFor();
}

/** Until the list has them all, and the few that the stack ran before. */
async function openExecutions(page: Page): Promise<void> {
  await show(page, 'executions');
  await page.getByText(/\(1\d,\d{3}\)/).waitFor();
}

async function scrollExecutions(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const area = document.querySelector('.table-area');
    for (let n = 0; n < ${SCROLLS}; n += 1) {
      area.scrollBy(0, area.clientHeight);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  })()`);
}

/** The view of the hashtags from its first look at a table that no page has read, until all counters are read. */
async function measureCounters(browser: Browser, stack: BenchStack, results: Measurements, counters: number) {
  await using parts = new AsyncDisposableStack();
  const { page } = parts.adopt(await MeasuredPage.open(browser), (each) => each.close());
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${stack.runtime.endpoint}/_console#/pipeline`);
  await page.locator('main h1').waitFor();
  const before = await measureProcesses(stack.runtime.pid);
  const startMs = performance.now();
  await show(page, 'hashtags');
  const rows = page.getByRole('region', { name: 'Hashtags' }).locator('tbody tr');
  await rows.first().waitFor();
  results.add('counters: until the first are shown', 'ms', performance.now() - startMs);
  await page.getByText(/^Of [\d,]+ counters, read at/).waitFor();
  const after = await measureProcesses(stack.runtime.pid);
  const perMillion = 1_000_000 / counters;
  const used = (part: 'runtime' | 'dynamodb') => (after.cpuSeconds[part] - before.cpuSeconds[part]) * perMillion;
  results.add('a million counters: until all are read', 's', ((performance.now() - startMs) / 1000) * perMillion);
  results.add('a million counters: processor time of the runtime', 's', used('runtime'));
  results.add('a million counters: of its engine', 's', used('dynamodb'));
  const grownBy = sumOverProcesses(after.resident) - sumOverProcesses(before.resident);
  results.add(`memory more after ${counters.toLocaleString('en-US')} counters`, 'MB', grownBy);
}

async function show(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/${hash}`)}`);
}
