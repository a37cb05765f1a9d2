import { z } from 'zod';

const name = z.string().min(1).max(255);
const only = <T extends string>(value: T) =>
  z.literal(value, { error: ({ input }) => `${String(input)} is not supported by the local Glue` });
const none = (what: string) => z.array(z.unknown()).max(0, `${what} are not supported by the local Glue`).optional();

/** https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html */
const configuration = z.strictObject({
  Version: z.literal(1),
  Grouping: z.strictObject({ TableGroupingPolicy: only('CombineCompatibleSchemas').optional() }).optional(),
});

const configurationText = z.string().superRefine((text, context) => {
  const parsed = configuration.safeParse(jsonOf(text));
  if (parsed.success) return;
  for (const issue of parsed.error.issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const message = keys.length > 0 ? `${keys.join(', ')}: not supported by the local Glue` : issue.message;
    context.addIssue({ code: 'custom', message: `${issue.path.map(String).join('.')} ${message}`.trim() });
  }
});

/** What a crawler crawls and does, https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html */
export const crawlerDefinition = z.strictObject({
  Name: name,
  Role: z.string().min(1),
  DatabaseName: name.toLowerCase(),
  Description: z.string().max(2048).optional(),
  Targets: z.strictObject({
    S3Targets: z
      .array(
        z.strictObject({
          Path: z.string().regex(/^s3:\/\/[^/]+/, 'not a path in S3, such as s3://bucket/folder/'),
          Exclusions: none('Exclusions'),
        }),
      )
      .min(1),
  }),
  TablePrefix: z.string().max(128).toLowerCase().optional(),
  Classifiers: none('Classifiers'),
  SchemaChangePolicy: z
    .strictObject({
      UpdateBehavior: z.enum(['LOG', 'UPDATE_IN_DATABASE']).default('UPDATE_IN_DATABASE'),
      DeleteBehavior: z.enum(['LOG', 'DELETE_FROM_DATABASE', 'DEPRECATE_IN_DATABASE']).default('DEPRECATE_IN_DATABASE'),
    })
    .default({ UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DEPRECATE_IN_DATABASE' }),
  RecrawlPolicy: z
    .strictObject({ RecrawlBehavior: only('CRAWL_EVERYTHING').default('CRAWL_EVERYTHING') })
    .default({ RecrawlBehavior: 'CRAWL_EVERYTHING' }),
  LineageConfiguration: z.strictObject({ CrawlerLineageSettings: only('DISABLE') }).optional(),
  Configuration: configurationText.optional(),
});
export type CrawlerDefinition = z.infer<typeof crawlerDefinition>;

/** Whether files of one format make one table whatever their columns are. */
export function combinesSchemas({ Configuration }: CrawlerDefinition): boolean {
  const parsed = configuration.safeParse(jsonOf(Configuration ?? '{"Version":1.0}'));
  return parsed.success && parsed.data.Grouping?.TableGroupingPolicy === 'CombineCompatibleSchemas';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
