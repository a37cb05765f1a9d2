import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import * as z from 'zod';
import { hasChromium } from '../../../local-aws/test/gateway/browser.ts';
import { findFaults, how, MARKUP, type PageFixture, startPageFixture } from './page-fixture.ts';
import { viewFlows } from './view-flows.ts';

let fixture: PageFixture;
beforeAll(async () => {
  if (hasChromium) fixture = await startPageFixture();
});
afterAll(() => fixture?.stop());

/** A flow in the browser. Where there is none, the name says so. */
function flow(name: string, run: () => Promise<void>): void {
  it(`${name} (${how})`, async () => {
    if (hasChromium) await run();
  });
}

const address = (hash: string) => `${fixture.url}${hash}`;
const execution = (arn: string) => `#/executions/${encodeURIComponent(arn)}`;
const state = (page: Page, name: string) =>
  page.locator('g.title').filter({ has: page.locator('text.name', { hasText: new RegExp(`^${name}$`) }) });
async function choose(page: Page, name: string): Promise<void> {
  await state(page, name).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name, exact: true }).waitFor();
}
/** The navigation has a link to every view. */
async function viewsOf(page: Page): Promise<string[]> {
  await page.locator('#navigation a').first().waitFor({ state: 'attached' });
  const links = await page.evaluate('[...document.querySelectorAll("#navigation a")].map((link) => link.hash)');
  const hashes = z.array(z.string().startsWith('#/')).parse(links);
  expect(hashes.length).toBeGreaterThan(7);
  return hashes;
}
/** Goes to a view and waits until it is drawn with its data. */
async function visit(page: Page, hash: string): Promise<void> {
  await page.goto(`${fixture.url}${hash}`);
  const key = hash.split(/[/?]/)[1];
  await page.locator(`#navigation a[aria-current="page"][href="#/${key}"]`).waitFor({ state: 'attached' });
  await page.locator('main h1').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'hidden' });
}

describe('the console page', () => {
  flow('has no fault that axe finds, in any view, light and dark', async () => {
    const page = await fixture.open(address('#/'));
    const tabs = ['graph', 'table', 'events'].map((tab) => `${execution(fixture.failed)}?tab=${tab}`);
    for (const href of [...(await viewsOf(page)), ...tabs]) {
      await visit(page, href);
      for (const colorScheme of ['light', 'dark'] as const) {
        expect({ href, colorScheme, faults: await findFaults(page, colorScheme) }).toEqual({
          href,
          colorScheme,
          faults: [],
        });
      }
    }
  });

  flow('fits 360 pixels, in any view', async () => {
    const page = await fixture.open(address('#/'), { width: 360, height: 800 });
    for (const href of [...(await viewsOf(page)), execution(fixture.large)]) {
      await visit(page, href);
      expect({ href, width: await page.evaluate('document.documentElement.scrollWidth') }).toEqual({
        href,
        width: 360,
      });
    }
  });

  flow('leads to the failed execution, its state and its cause', async () => {
    const page = await fixture.open(address('#/executions'));
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed');
    await page.getByRole('region', { name: 'Executions table' }).getByRole('link').click();
    await page.getByText('BatchMalformed').first().waitFor();
    await choose(page, 'RejectBatch');
    expect(await state(page, 'RejectBatch').getAttribute('aria-label')).toMatch(/^RejectBatch Fail.*, Failed$/);
    expect(await state(page, 'StoreTweets').getAttribute('aria-label')).toMatch(/, did not run$/);
    await page.getByRole('tab', { name: 'Table view' }).click();
    await page.getByRole('button', { name: 'ReadBatch', exact: true }).click();
    await page.getByRole('heading', { name: 'ReadBatch' }).waitFor();
    await page.getByRole('tab', { name: 'Event view' }).click();
    await page.getByRole('searchbox', { name: 'Find events' }).fill('ExecutionFailed');
    await page.getByRole('button', { name: 'ExecutionFailed' }).click();
    await page.locator('.json-tree').getByText('BatchMalformed').waitFor();
  });

  flow('shows the names of all states in the table view in full', async () => {
    const page = await fixture.open(address(`${execution(fixture.failed)}?tab=table`));
    await page.getByRole('button', { name: 'ReadBatch', exact: true }).waitFor();
    await page.goto(address(`${execution(fixture.large)}?tab=table`));
    await page.getByRole('button', { name: 'AdvanceHighWaterMark', exact: true }).waitFor();
    const isCut =
      '[...document.querySelectorAll(".tree-cell > *")].filter((each) => each.scrollWidth > each.clientWidth)';
    expect(await page.evaluate(`${isCut}.map((each) => each.textContent)`)).toEqual([]);
  });

  flow('finds the execution that got a tweet, and shows its text as text', async () => {
    const page = await fixture.open(address('#/executions?tweet=1007'));
    await page.getByRole('region', { name: 'Executions table' }).getByRole('link').first().click();
    await page.locator('.json-tree').getByRole('button', { name: /tweet/ }).nth(7).click();
    const shown = await page.locator('.json-string', { hasText: 'onerror' }).first().textContent();
    expect(shown).toBe(JSON.stringify(`Tweet 7 ${MARKUP}`));
    expect(await page.title()).not.toBe('broken');
    expect(await page.locator('main img, main script').count()).toBe(0);
  });

  flow('picks one iteration of a Map', async () => {
    const page = await fixture.open(address('#/executions?tweet=1007'));
    await page.getByRole('region', { name: 'Executions table' }).getByRole('link').first().click();
    await choose(page, 'CountGroup');
    const picker = page.getByRole('combobox', { name: 'Iteration' });
    await picker.selectOption({ index: 1 });
    await page.getByText('One iteration of CountGroup').waitFor();
    expect(await state(page, 'AddCount').getAttribute('aria-label')).not.toContain('×');
  });

  flow('stays quick with an input of 200 KB', async () => {
    const page = await fixture.open(address(execution(fixture.large)));
    await page.getByText(/^\d{3}\.\d KB$/).waitFor();
    const tree = page.locator('.json-tree');
    await tree.getByRole('button', { name: /^tweet/ }).click();
    await tree.getByRole('button', { name: /^filler/ }).click();
    await tree.getByRole('button', { name: /^Show 100 more of 4,000/ }).waitFor();
    expect(await tree.locator('.json-line').count()).toBeLessThan(150);
  });

  flow('starts an execution again after asking', async () => {
    const page = await fixture.open(address(execution(fixture.failed)));
    await page.getByRole('button', { name: 'Start again with this input' }).click();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Start again with this input' }).click();
    await page.getByRole('button', { name: 'Start execution' }).click();
    await page.waitForURL(
      (url) => url.hash.startsWith('#/executions/') && !url.hash.includes(encodeURIComponent(fixture.failed)),
    );
    await page.locator('.key-values').getByText('Failed').waitFor();
  });

  flow('works by keyboard alone', async () => {
    const page = await fixture.open(address('#/executions'));
    await page.locator('td a').first().waitFor();
    const focused = () => page.evaluate('document.activeElement?.textContent?.trim()');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to content');
    await page.keyboard.press('Enter');
    const isExecution = 'document.activeElement?.matches("td a") ?? false';
    for (let presses = 0; presses < 40 && !(await page.evaluate(isExecution)); presses += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Graph view' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Table view');
    await page.keyboard.press('ArrowLeft');
    await state(page, 'AnyRecords').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'AnyRecords' }).waitFor();
    await state(page, 'BatchDone').focus();
    const inSight = 'document.activeElement.getBoundingClientRect().bottom < innerHeight';
    expect(await page.evaluate(inSight)).toBe(true);
  });

  flow('says what it does not find', async () => {
    const missing = fixture.failed.replace(/[^:]+:[^:]+$/, 'none:0');
    const page = await fixture.open(address(execution(missing)));
    await page.getByText(/has no event of this execution.*trimmed/).waitFor();
    await page.goto(address(execution('arn:aws:nothing')));
    await page.getByText(/is not the ARN of an execution/).waitFor();
    await page.goto(address(execution(fixture.failed)));
    await page.getByText('BatchMalformed').first().waitFor();
    await page.goto(address(execution('arn:aws:nothing')));
    await page.getByText(/is not the ARN of an execution/).waitFor();
    expect(await page.getByText('BatchMalformed').count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Details' }).count()).toBe(0);
    await page.goto(address('#/nothing'));
    await page.getByText('There is no such view').waitFor();
  });

  flow('says that the endpoint is away, reconnects, and notices a restart', async () => {
    const page = await fixture.open(address('#/executions'));
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByText(/The endpoint is away since/).waitFor();
    fixture.restartServer();
    await page.context().setOffline(false);
    await page.getByText(/The runtime was started again/).waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByText(/The runtime was started again/).count()).toBe(0);
  });

  flow('lists 10,000 executions with few rows in the document', async () => {
    const executions = Array.from({ length: 10_000 }, (_, index) => ({
      arn: `arn:aws:states:us-east-1:000000000000:express:W:run-${index}:1`,
      startMs: Date.now() - index * 10,
      endMs: Date.now(),
      status: index % 100 === 0 ? 'failed' : 'succeeded',
      ...(index % 100 === 0 ? { error: 'States.Timeout' } : {}),
    }));
    const page = await fixture.open();
    await page.route('**/_console/api/executions?*', (route) =>
      route.fulfill({
        json: {
          ...{ logging: { level: 'ALL', hasData: false }, version: 'a.1', isWhole: true, executions, states: [] },
          ...{ searched: { fromMs: 0, isComplete: true }, isCapped: false },
        },
      }),
    );
    await page.goto(address('#/executions'));
    await page.getByText('(10,000)').waitFor();
    const area = page.getByRole('region', { name: 'Executions table' });
    await page.evaluate('document.querySelector(".table-area").scrollTo(0, 1e9)');
    await area.getByText('run-9999').waitFor();
    expect(await area.locator('tr').count()).toBeLessThan(80);
    await page.getByRole('combobox', { name: 'Error' }).selectOption('States.Timeout');
    await page.getByText('(100)').waitFor();
    await page.getByRole('button', { name: 'Duration' }).click();
  });

  viewFlows(flow, () => fixture);

  flow('complains of nothing, and asks nothing of others', async () => {
    expect(fixture.complaints).toEqual([]);
  });
});
