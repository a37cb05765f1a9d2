import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnString, onlyHere } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-crawler.html */
export const glueCrawler = resourceType({
  type: 'AWS::Glue::Crawler',
  nameProperty: 'Name',
  nameMaxLength: 255,
  attributes: [],
  schema: z.strictObject({
    Name: z.string().optional(),
    Role: z.string(),
    DatabaseName: z.string(),
    // The defaults of AWS. UpdateCrawler keeps what a call leaves out.
    Description: z.string().default(''),
    TablePrefix: z.string().default(''),
    Targets: z.strictObject({ S3Targets: z.array(z.strictObject({ Path: cfnString })) }),
    SchemaChangePolicy: z
      .strictObject({
        UpdateBehavior: z.enum(['LOG', 'UPDATE_IN_DATABASE']).default('UPDATE_IN_DATABASE'),
        DeleteBehavior: z
          .enum(['LOG', 'DELETE_FROM_DATABASE', 'DEPRECATE_IN_DATABASE'])
          .default('DEPRECATE_IN_DATABASE'),
      })
      .default({ UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DEPRECATE_IN_DATABASE' }),
    RecrawlPolicy: z.strictObject({ RecrawlBehavior: onlyHere('CRAWL_EVERYTHING').optional() }).optional(),
    Configuration: z.string().default('{"Version":1.0}'),
  }),
  inert: {
    CrawlerSecurityConfiguration: 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  deletedWithIt: 'its past crawls; the tables that it made stay',
  async exists({ physicalName: Name }, _properties, { clients }) {
    const { glue } = await clients.lake();
    const { GetCrawlerCommand } = await import('@aws-sdk/client-glue');
    return (await unlessError(glue.send(new GetCrawlerCommand({ Name })), 'EntityNotFoundException')) !== undefined;
  },
  async create({ physicalName }, properties, { clients }) {
    const { glue } = await clients.lake();
    const { CreateCrawlerCommand, UpdateCrawlerCommand } = await import('@aws-sdk/client-glue');
    const input = { ...properties, Name: physicalName };
    const created = await unlessError(glue.send(new CreateCrawlerCommand(input)), 'AlreadyExistsException');
    if (created === undefined) await glue.send(new UpdateCrawlerCommand(input));
    return { ref: physicalName, attributes: {} };
  },
  /** Throws `CrawlerRunningException`. */
  async delete({ ref: Name }, { clients }) {
    const { glue } = await clients.lake();
    const { DeleteCrawlerCommand } = await import('@aws-sdk/client-glue');
    await unlessError(glue.send(new DeleteCrawlerCommand({ Name })), 'EntityNotFoundException');
  },
});
