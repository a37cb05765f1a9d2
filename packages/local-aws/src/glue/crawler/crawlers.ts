import { join } from 'node:path';
import type { Clock } from '@tweet-pipes/kit/clock';
import { messageOf, sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { DurableFile, readDurable } from '../../durable-file.ts';
import { AwsError } from '../../gateway/aws-error.ts';
import {
  allowEverything,
  type ClientsOfSession,
  type DecideForSession,
  type WorkerSession,
} from '../../iam/worker-session.ts';
import type { Meter } from '../../meter/meter.ts';
import type { Catalog } from '../catalog.ts';
import { CrawlFailed, crawl } from './crawl.ts';
import { type CrawlerDefinition, crawlerDefinition } from './definition.ts';
import { type Demand, updateCatalog } from './update-catalog.ts';

const run = z.strictObject({
  status: z.enum(['SUCCEEDED', 'CANCELLED', 'FAILED']),
  startedMs: z.number(),
  endedMs: z.number(),
  error: z.string().optional(),
});
const crawler = z.strictObject({
  definition: crawlerDefinition,
  createdMs: z.number(),
  updatedMs: z.number(),
  /** Counts the updates from 1, as AWS does. */
  version: z.int(),
  /** The latest crawls, the last one at the end. */
  runs: z.array(run),
  /** Since the crawler was made. */
  tables: z.strictObject({ created: z.int(), updated: z.int(), deleted: z.int() }),
  /** Of a crawl that runs. A runtime that starts again finds it where the last one was killed. */
  startedMs: z.number().optional(),
});
const file = z.strictObject({ version: z.literal(1), crawlers: z.array(crawler) });

/** A crawler with what it did. */
export type Crawler = z.infer<typeof crawler>;

/** https://docs.aws.amazon.com/glue/latest/webapi/API_Crawler.html */
export type CrawlerState = 'READY' | 'RUNNING' | 'STOPPING';

/** Crawls whose times are kept. */
const MOST_RUNS = 25;
/** The least duration and number of units that AWS bills for a crawl, https://aws.amazon.com/glue/pricing/ */
const LEAST_BILLED_SECONDS = 600;
const UNITS = 2;

/** What crawlers need. */
export interface CrawlersOptions {
  dataFolder: string;
  clock: Clock;
  catalog: Catalog;
  /** Called at each crawl, since the endpoint starts after this service is created. */
  clients: ClientsOfSession;
  /** Default: every role may do everything. */
  decide?: DecideForSession;
  /** In ARNs. */
  region: string;
  /** Twelve digits. */
  accountId: string;
  meter: Meter;
}

/** The crawlers, kept in `<data folder>/glue/crawlers.json`, and the crawls that run. */
export class Crawlers {
  readonly #options: CrawlersOptions;
  readonly #crawlers = new Map<string, Crawler>();
  readonly #running = new Map<string, { controller: AbortController; ended: Promise<void>; state: CrawlerState }>();
  readonly #file: DurableFile;

  private constructor(options: CrawlersOptions, path: string) {
    this.#options = options;
    this.#file = new DurableFile(path, () => ({ version: 1, crawlers: [...this.#crawlers.values()] }));
  }

  /** Reads the crawlers. A crawl that the end of the runtime cut off has failed. Throws `DataFolderError`. */
  static async open(options: CrawlersOptions): Promise<Crawlers> {
    const path = join(options.dataFolder, 'glue', 'crawlers.json');
    const crawlers = new Crawlers(options, path);
    for (const each of (await readDurable(path, file))?.crawlers ?? []) {
      crawlers.#crawlers.set(each.definition.Name, each);
      if (each.startedMs !== undefined) {
        crawlers.#end(each, 'FAILED', 'The local runtime ended before the crawl. Start it again.');
      }
    }
    return crawlers;
  }

  /** In the order of their names. */
  get all(): Crawler[] {
    return [...this.#crawlers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
  }

  /** Throws EntityNotFoundException. */
  crawler(name: string): Crawler {
    const found = this.#crawlers.get(name);
    if (found === undefined) {
      throw new AwsError('EntityNotFoundException', `Crawler entity with name ${name} does not exist`);
    }
    return found;
  }

  state({ definition }: Crawler): CrawlerState {
    return this.#running.get(definition.Name)?.state ?? 'READY';
  }

  /** Of the crawl that runs; else 0. */
  elapsedMs({ startedMs }: Crawler): number {
    return startedMs === undefined ? 0 : this.#options.clock.now() - startedMs;
  }

  /** Throws AlreadyExistsException. */
  async create(definition: CrawlerDefinition): Promise<void> {
    const { Name } = definition;
    if (this.#crawlers.has(Name)) throw new AwsError('AlreadyExistsException', `Crawler ${Name} already exists`);
    const nowMs = this.#options.clock.now();
    const tables = { created: 0, updated: 0, deleted: 0 };
    this.#crawlers.set(Name, { definition, createdMs: nowMs, updatedMs: nowMs, version: 1, runs: [], tables });
    await this.#file.save();
  }

  /** Throws EntityNotFoundException, CrawlerRunningException. */
  async update(name: string, definition: CrawlerDefinition): Promise<void> {
    const found = this.crawler(name);
    this.#refuseRunning(name);
    Object.assign(found, { definition, updatedMs: this.#options.clock.now(), version: found.version + 1 });
    await this.#file.save();
  }

  /** Its tables stay. Throws EntityNotFoundException, CrawlerRunningException. */
  async delete(name: string): Promise<void> {
    this.crawler(name);
    this.#refuseRunning(name);
    this.#crawlers.delete(name);
    await this.#file.save();
  }

  /** Throws EntityNotFoundException, CrawlerRunningException. */
  async start(name: string): Promise<void> {
    const found = this.crawler(name);
    this.#refuseRunning(name);
    const controller = new AbortController();
    found.startedMs = this.#options.clock.now();
    const running = { controller, state: 'RUNNING' as CrawlerState, ended: Promise.resolve() };
    this.#running.set(name, running);
    try {
      await this.#file.save();
    } catch (error) {
      this.#running.delete(name);
      delete found.startedMs;
      throw error;
    }
    running.ended = this.#run(found, controller.signal, running);
  }

  /** Throws EntityNotFoundException, CrawlerNotRunningException, CrawlerStoppingException. */
  cancel(name: string): void {
    this.crawler(name);
    const running = this.#running.get(name);
    if (running === undefined)
      throw new AwsError('CrawlerNotRunningException', `Crawler with name ${name} isn't running`);
    if (running.state === 'STOPPING') {
      throw new AwsError('CrawlerStoppingException', `Crawler with name ${name} is already stopping`);
    }
    running.state = 'STOPPING';
    running.controller.abort();
  }

  /** Ends the crawls that run, which then are cancelled. */
  async stop(): Promise<void> {
    for (const { controller } of this.#running.values()) controller.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
    await this.#file.save();
  }

  #refuseRunning(name: string): void {
    if (!this.#running.has(name)) return;
    throw new AwsError('CrawlerRunningException', `Crawler with name ${name} has already started`);
  }

  async #run(found: Crawler, signal: AbortSignal, running: { state: CrawlerState }): Promise<void> {
    const { catalog, clock, clients } = this.#options;
    const { definition } = found;
    const session = crawlerSession(definition, this.#options);
    const demand = demandOf(definition, session, this.#options);
    try {
      const targets = await crawl(clients(session).s3, definition, signal);
      signal.throwIfAborted();
      running.state = 'STOPPING';
      demand('GetDatabase');
      const database = catalog.database(definition.DatabaseName);
      const changes = updateCatalog(database, { crawler: definition, targets, demand, nowMs: clock.now() });
      await catalog.save();
      for (const each of ['created', 'updated', 'deleted'] as const) found.tables[each] += changes[each];
      this.#end(found, 'SUCCEEDED');
    } catch (error) {
      if (signal.aborted) this.#end(found, 'CANCELLED', 'The crawl was stopped.');
      else this.#end(found, 'FAILED', error instanceof CrawlFailed ? messageOf(error) : sentence(error));
    }
    // A disk that is full shows at the next call, which saves too.
    await this.#file.save().catch(() => {});
    this.#running.delete(definition.Name);
  }

  #end(found: Crawler, status: Crawler['runs'][number]['status'], error?: string): void {
    const { clock, meter } = this.#options;
    const { startedMs = clock.now(), runs, definition } = found;
    const endedMs = clock.now();
    runs.push({ status, startedMs, endedMs, ...(error !== undefined && { error }) });
    runs.splice(0, runs.length - MOST_RUNS);
    delete found.startedMs;
    const seconds = Math.max(LEAST_BILLED_SECONDS, Math.ceil((endedMs - startedMs) / 1000));
    meter.of(definition.Name).add('crawlerUnitSeconds', seconds * UNITS);
  }
}

/** Glue names the sessions of crawlers so, in the messages of live ones that others reported. */
const SESSION_NAME = 'AWS-Crawler';

/** https://docs.aws.amazon.com/glue/latest/dg/cross-service-confused-deputy-prevention.html */
function crawlerSession(
  { Name, Role }: CrawlerDefinition,
  { region, accountId }: Pick<CrawlersOptions, 'region' | 'accountId'>,
): WorkerSession {
  const arn = `arn:aws:glue:${region}:${accountId}:crawler/${Name}`;
  return {
    roleArn: Role.startsWith('arn:') ? Role : `arn:aws:iam::${accountId}:role/${Role}`,
    principal: 'glue.amazonaws.com',
    sessionName: SESSION_NAME,
    context: { 'aws:SourceArn': arn, 'aws:SourceAccount': accountId },
  };
}

/** Throws CrawlFailed for what the crawler's role may not do in the catalog. */
function demandOf(
  { DatabaseName }: CrawlerDefinition,
  session: WorkerSession,
  { decide = allowEverything, region, accountId }: CrawlersOptions,
): Demand {
  return (action, table) => {
    const below = table === undefined ? [] : [`table/${DatabaseName}/${table}`];
    for (const resource of ['catalog', `database/${DatabaseName}`, ...below]) {
      const arn = `arn:aws:glue:${region}:${accountId}:${resource}`;
      const decision = decide(session, { action: `glue:${action}`, resource: arn });
      if (decision.isAllowed) continue;
      throw new CrawlFailed(
        `${decision.sentence} (Service: AWSGlue; Status Code: 400; Error Code: AccessDeniedException)`,
      );
    }
  };
}
