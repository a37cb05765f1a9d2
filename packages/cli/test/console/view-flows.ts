import { expect } from '@jest/globals';
import type { PipelineReading } from '@tweet-pipes/console/views/pipeline/api';
import type { Page } from 'playwright-core';
import { MARKUP, type PageFixture } from './page-fixture.ts';

/** A flow in the browser. */
type Flow = (name: string, run: () => Promise<void>) => void;

/** The flows of the views beside the executions. */
export function viewFlows(flow: Flow, fixture: () => PageFixture): void {
  const inPage = (name: string, hash: string, run: (page: Page) => Promise<void>) =>
    flow(name, async () => {
      const page = await fixture().open(`${fixture().url}#/${hash}`);
      await run(page);
    });

  inPage('says what is wrong at the top of the pipeline, and leads from a stage to its detail', '', async (page) => {
    const wrong = page.getByRole('region', { name: 'What is wrong' });
    await wrong
      .getByText(/not-json|could not be used/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Stream of tweets' }).first().click();
    await page.getByRole('heading', { name: 'Stream of tweets', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Ingest pipe' }).click();
    await page.getByText('Hands batches of tweets to the workflow.').waitFor();
  });

  inPage('folds all problems but the worst, so that the pipeline stays in sight', 'pipes', async (page) => {
    const problems = [1, 2, 3, 4].map((each) => ({ what: `part ${each}`, why: 'it failed', do: 'Repair it.' }));
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.route('**/_console/api/pipeline', async (route) => {
      const reading: PipelineReading = await (await route.fetch()).json();
      await route.fulfill({ json: { ...reading, status: { ...reading.status, problems } } });
    });
    await page.goto(`${fixture().url}#/`);
    const wrong = page.getByRole('region', { name: 'What is wrong' });
    await wrong.getByText('part 1').waitFor();
    await page.getByText(/As of \d\d:\d\d:\d\d\./).waitFor();
    const firstStage = page.getByRole('link', { name: 'Stream of tweets' }).first();
    expect((await firstStage.boundingBox())?.y).toBeLessThan(600);
    expect(await wrong.getByText('part 4').isVisible()).toBe(false);
    await wrong.getByText('3 more').focus();
    await page.keyboard.press('Enter');
    await wrong.getByText('part 4').waitFor();
  });

  inPage('stops and starts a pipe after asking', 'pipes', async (page) => {
    const card = page.getByRole('region', { name: 'Hashtag archive' });
    await card.getByRole('button', { name: 'Stop Hashtag archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await card.getByText('RUNNING', { exact: true }).waitFor();
    await card.getByRole('button', { name: 'Stop Hashtag archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop pipe' }).click();
    await card.getByText('STOPPED', { exact: true }).waitFor();
    await card.getByRole('button', { name: 'Start Hashtag archive' }).click();
    await card.getByText('RUNNING', { exact: true }).waitFor();
  });

  inPage('says what a redrive would do', 'pipes', async (page) => {
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText(/^Dry run of .*: everything is settled$/).waitFor();
    expect(await page.getByText(/the dead-letter queue is empty/).count()).toBe(3);
  });

  inPage('traces a tweet by its id', 'tweet', async (page) => {
    await page.getByLabel('Tweet id').fill('1000');
    await page.keyboard.press('Enter');
    await page.getByText('It is counted.').waitFor();
    await page.getByLabel('Tweet id').fill('999999');
    await page.getByRole('button', { name: 'Trace' }).click();
    await page.getByText('Nothing knows this tweet').waitFor();
  });

  inPage('shows the largest counters', 'hashtags', async (page) => {
    const first = page.getByRole('region', { name: 'Hashtags' }).locator('tbody tr').first();
    await first.getByText('#sky').waitFor();
    expect(await first.getByRole('cell').nth(2).textContent()).toBe('30');
    const share = await first.getByRole('cell').nth(3).locator('span').boundingBox();
    const row = await first.boundingBox();
    expect(share?.y).toBeGreaterThan(row?.y ?? Number.NaN);
    await page.getByRole('searchbox', { name: 'Find hashtags' }).fill('tag1007');
    await page.getByText('1 of').waitFor();
  });

  inPage('leads from a reason of the quarantine to the record', 'quarantine', async (page) => {
    const rows = page.getByRole('region', { name: 'Quarantined records' });
    await rows.getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Rows' }).waitFor();
    await page.locator('.json-tree').getByText('reason').waitFor();
  });

  inPage('shows the text of an archived tweet as text', 'objects?place=archive', async (page) => {
    const listing = page.getByRole('region', { name: 'Folders and objects' });
    await listing.getByRole('link', { name: 'deleted/' }).click();
    await listing.getByRole('link', { name: 'tweets/' }).click();
    // Year, month, day and hour.
    for (let depth = 0; depth < 4; depth += 1)
      await listing
        .getByRole('link', { name: /^\d+\/$/ })
        .first()
        .click();
    await listing
      .getByRole('link', { name: /\.jsonl\.gz$/ })
      .first()
      .click();
    await page
      .getByText(`Tweet 1 ${MARKUP.slice(0, 20)}`)
      .first()
      .waitFor();
    expect(await page.title()).not.toBe('broken');
    expect(await page.locator('main img, main script').count()).toBe(0);
  });

  inPage('explains each line of the bill', 'bill', async (page) => {
    await page
      .getByRole('region', { name: 'A million such records, line by line' })
      .getByText('Pipes: events behind the filters')
      .waitFor();
    await page
      .getByText('An event that passes the filter is one request for each started 64 KB, in every attempt.')
      .waitFor();
  });

  inPage('says how a lake comes to be there', 'queries', async (page) => {
    await page.getByText('There is no lake').waitFor();
  });
}
