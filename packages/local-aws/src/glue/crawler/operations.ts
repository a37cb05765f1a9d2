import { z } from 'zod';
import type { Operation } from '../../gateway/local-service.ts';
import { parseInput } from '../errors.ts';
import { pageOf } from '../page.ts';
import type { Crawler, CrawlerState, Crawlers } from './crawlers.ts';
import { crawlerDefinition } from './definition.ts';

const name = z.string().min(1).max(255);
const page = { NextToken: z.string().optional(), MaxResults: z.int().min(1).max(1000).optional() };
const tags = z.record(z.string(), z.string()).optional();
const inputs = {
  Create: crawlerDefinition.extend({ Tags: tags }),
  Update: z.looseObject({ Name: name }),
  One: z.strictObject({ Name: name }),
  Page: z.strictObject(page),
  List: z.strictObject({ ...page, Tags: z.record(z.string(), z.string()).optional() }),
  Several: z.strictObject({ CrawlerNames: z.array(name).max(100) }),
  Metrics: z.strictObject({ ...page, CrawlerNameList: z.array(name).max(100).optional() }),
};
const PAGE = 100;

/**
 * The operations of crawlers. `crawlers` gives them once they are read. Answers to changes come when these are on disk.
 * https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-crawling.html
 */
export function crawlerOperations(crawlers: () => Crawlers): Readonly<Record<string, Operation>> {
  const operation =
    <T>(schema: z.ZodType<T>, run: (input: T, crawlers: Crawlers) => object | Promise<object>): Operation =>
    async (input) =>
      run(parseInput(schema, input), crawlers());
  const done = async (work: Promise<void> | void): Promise<object> => {
    await work;
    return {};
  };
  const described = (found: Crawler, all: Crawlers) => describeCrawler(found, all.state(found), all.elapsedMs(found));

  return {
    CreateCrawler: operation(inputs.Create, ({ Tags: _, ...definition }, all) => done(all.create(definition))),
    UpdateCrawler: operation(inputs.Update, (changes, all) => {
      const { definition } = all.crawler(changes.Name);
      return done(all.update(changes.Name, parseInput(crawlerDefinition, { ...definition, ...changes })));
    }),
    DeleteCrawler: operation(inputs.One, ({ Name }, all) => done(all.delete(Name))),
    StartCrawler: operation(inputs.One, ({ Name }, all) => done(all.start(Name))),
    StopCrawler: operation(inputs.One, ({ Name }, all) => done(all.cancel(Name))),
    GetCrawler: operation(inputs.One, ({ Name }, all) => ({ Crawler: described(all.crawler(Name), all) })),
    GetCrawlers: operation(inputs.Page, (input, all) => {
      const { items, ...rest } = pageOf(all.all, input, PAGE);
      return { Crawlers: items.map((found) => described(found, all)), ...rest };
    }),
    BatchGetCrawlers: operation(inputs.Several, ({ CrawlerNames }, all) => {
      const known = all.all.filter(({ definition }) => CrawlerNames.includes(definition.Name));
      const names = new Set(known.map(({ definition }) => definition.Name));
      return {
        Crawlers: known.map((found) => described(found, all)),
        CrawlersNotFound: CrawlerNames.filter((each) => !names.has(each)),
      };
    }),
    ListCrawlers: operation(inputs.List, ({ Tags: _, ...input }, all) => {
      const { items, ...rest } = pageOf(all.all, input, PAGE);
      return { CrawlerNames: items.map(({ definition }) => definition.Name), ...rest };
    }),
    GetCrawlerMetrics: operation(inputs.Metrics, ({ CrawlerNameList, ...input }, all) => {
      const asked = CrawlerNameList === undefined ? all.all : CrawlerNameList.map((each) => all.crawler(each));
      const { items, ...rest } = pageOf(asked, input, PAGE);
      return { CrawlerMetricsList: items.map(metricsOf), ...rest };
    }),
  };
}

function describeCrawler(found: Crawler, State: CrawlerState, CrawlElapsedTime: number): object {
  const { definition, createdMs, updatedMs, version, runs } = found;
  const last = runs.at(-1);
  return {
    Classifiers: [],
    LineageConfiguration: { CrawlerLineageSettings: 'DISABLE' },
    LakeFormationConfiguration: { UseLakeFormationCredentials: false, AccountId: '' },
    ...definition,
    State,
    CrawlElapsedTime,
    CreationTime: new Date(createdMs),
    LastUpdated: new Date(updatedMs),
    Version: version,
    ...(last && {
      LastCrawl: {
        Status: last.status,
        StartTime: new Date(last.startedMs),
        ...(last.error !== undefined && { ErrorMessage: last.error }),
      },
    }),
  };
}

function metricsOf({ definition, runs, tables }: Crawler): object {
  const seconds = runs.map(({ startedMs, endedMs }) => (endedMs - startedMs) / 1000);
  const sorted = [...seconds].sort((a, b) => a - b);
  return {
    CrawlerName: definition.Name,
    TimeLeftSeconds: 0,
    StillEstimating: false,
    LastRuntimeSeconds: seconds.at(-1) ?? 0,
    MedianRuntimeSeconds: sorted[Math.floor(sorted.length / 2)] ?? 0,
    TablesCreated: tables.created,
    TablesUpdated: tables.updated,
    TablesDeleted: tables.deleted,
  };
}
