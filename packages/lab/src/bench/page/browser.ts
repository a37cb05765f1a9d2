import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Starts the Chromium of PATH without a window. Undefined where there is none. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find(existsSync);
  if (executablePath === undefined) return undefined;
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

/** What Chromium's tools tell about a page. */
type ReadMetrics = () => Promise<{ metrics: { name: string; value: number }[] }>;

/** A page in a profile of its own, without anything in its cache. */
export class MeasuredPage {
  readonly page: Page;
  readonly #metrics: ReadMetrics;

  private constructor(page: Page, metrics: ReadMetrics) {
    this.page = page;
    this.#metrics = metrics;
  }

  static async open(browser: Browser): Promise<MeasuredPage> {
    const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new MeasuredPage(page, () => session.send('Performance.getMetrics'));
  }

  /** Milliseconds that something takes, and those of processor time of the page's main thread. */
  async time(work: (page: Page) => Promise<void>): Promise<{ milliseconds: number; threadMs: number }> {
    const [startMs, usedMs] = [performance.now(), await this.#threadMs()];
    await work(this.page);
    return { milliseconds: performance.now() - startMs, threadMs: (await this.#threadMs()) - usedMs };
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async #threadMs(): Promise<number> {
    const { metrics } = await this.#metrics();
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  }
}
