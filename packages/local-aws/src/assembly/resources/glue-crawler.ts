import { isNamed } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnString } from '../values.ts';

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
    Description: z.string().optional(),
    TablePrefix: z.string().optional(),
    Targets: z.strictObject({ S3Targets: z.array(z.strictObject({ Path: cfnString })) }),
    SchemaChangePolicy: z
      .strictObject({
        UpdateBehavior: z.enum(['LOG', 'UPDATE_IN_DATABASE']).optional(),
        DeleteBehavior: z.enum(['LOG', 'DELETE_FROM_DATABASE', 'DEPRECATE_IN_DATABASE']).optional(),
      })
      .optional(),
    RecrawlPolicy: z.strictObject({ RecrawlBehavior: z.enum(['CRAWL_EVERYTHING']).optional() }).optional(),
    Configuration: z.string().optional(),
  }),
  inert: {
    CrawlerSecurityConfiguration: 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  async create({ physicalName }, properties, { clients }) {
    const { glue } = await clients.lake();
    const { CreateCrawlerCommand, UpdateCrawlerCommand } = await import('@aws-sdk/client-glue');
    const input = { ...properties, Name: physicalName };
    try {
      await glue.send(new CreateCrawlerCommand(input));
    } catch (error) {
      if (!isNamed(error, 'AlreadyExistsException')) throw error;
      await glue.send(new UpdateCrawlerCommand(input));
    }
    return { ref: physicalName, attributes: {} };
  },
});
