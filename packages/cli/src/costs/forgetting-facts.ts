import type { Template } from '@tweet-pipes/local-aws/assembly/template';
import { z } from 'zod';

/** What decides the price of forgetting, read from the templates. */
export interface ForgettingFacts {
  /** The name of the stack of the lake, which has the job. */
  stack: string;
  everyHours: number;
  memoryGigabytes: number;
  /** Whether archive rows of deleted tweets must keep no content, so that the archive is searched too. */
  searchesArchive: boolean;
  /** Days until the objects of a folder expire. */
  retentionDays: Readonly<Record<Folder, number>>;
}

/** A folder that is searched: three of the lake's bucket, two of the archive bucket. */
export type Folder = 'tweets/' | 'sentiment/' | 'errors/' | 'quarantine/' | 'deleted/';

/** The output by which the stack of the tweet lake is told from others: the option that forgetting follows. */
const LAKE_OUTPUT = 'ArchiveContent';
const MEGABYTES_PER_GIGABYTE = 1024;

const schedule = z.looseObject({
  ScheduleExpression: z.string().regex(/^rate\(\d+ hours?\)$/),
  Target: z.looseObject({ Arn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }) }),
});
const job = z.looseObject({ MemorySize: z.number() });
const bucket = z.looseObject({
  LifecycleConfiguration: z.looseObject({
    Rules: z.array(z.looseObject({ Prefix: z.string().optional(), ExpirationInDays: z.number().optional() })),
  }),
});
const archiveContent = z.object({ Value: z.enum(['full', 'keys']) });

/**
 * Reads the facts from the templates of a bill, of which `core` has the archive. Undefined without a lake, and where
 * the job is off. Throws ZodError when the lake is of another app.
 */
export function readForgettingFacts(
  templates: Readonly<Record<string, Template>>,
  core: Template,
): ForgettingFacts | undefined {
  const [lake] = Object.entries(templates).filter(([, { Outputs }]) => Object.hasOwn(Outputs, LAKE_OUTPUT));
  if (lake === undefined) return undefined;
  const [stack, template] = lake;
  const [found] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
  if (found === undefined) return undefined;
  const { ScheduleExpression, Target } = schedule.parse(found.Properties);
  const { MemorySize } = job.parse(template.Resources[Target.Arn['Fn::GetAtt'][0]]?.Properties);
  const [ofLake, ofArchive] = [expiries(template), expiries(core)];
  const days = (of: ReadonlyMap<string, number>, folder: Folder) => of.get(folder) ?? 0;
  return {
    stack,
    everyHours: Number(/\d+/.exec(ScheduleExpression)?.[0]),
    memoryGigabytes: MemorySize / MEGABYTES_PER_GIGABYTE,
    searchesArchive: archiveContent.parse(template.Outputs[LAKE_OUTPUT]).Value === 'keys',
    retentionDays: {
      'tweets/': days(ofLake, 'tweets/'),
      'sentiment/': days(ofLake, 'sentiment/'),
      'errors/': days(ofLake, 'errors/'),
      'quarantine/': days(ofArchive, 'quarantine/'),
      'deleted/': days(ofArchive, 'deleted/'),
    },
  };
}

/** Days by prefix, of all buckets of a template. */
function expiries({ Resources }: Template): Map<string, number> {
  return new Map(
    Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::S3::Bucket')
      .flatMap(({ Properties }) => bucket.parse(Properties).LifecycleConfiguration.Rules)
      .flatMap(({ Prefix, ExpirationInDays }) =>
        Prefix === undefined || ExpirationInDays === undefined ? [] : [[Prefix, ExpirationInDays]],
      ),
  );
}
