import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { deployed } from '../../iam/physical.ts';
import { ofType, synthesize } from '../../synthesis.ts';

const template = deployed(synthesize({ queryScanLimitMebibytes: 500 }, 'TweetLake'));
const queries = Object.values(ofType(template, 'AWS::Athena::NamedQuery')).map((query) =>
  z
    .object({
      Name: z.string(),
      Description: z.string(),
      Database: z.string(),
      WorkGroup: z.string(),
      QueryString: z.string(),
    })
    .parse(query),
);
const [bucket = ''] = Object.keys(ofType(template, 'AWS::S3::Bucket'));
const [workGroup = ''] = Object.keys(ofType(template, 'AWS::Athena::WorkGroup'));

describe('the workgroup', () => {
  it('says for every client where results go, that they are encrypted, and how much is scanned', () => {
    expect(Object.values(ofType(template, 'AWS::Athena::WorkGroup'))).toEqual([
      {
        Name: 'TweetLake',
        Description: 'Queries of the tweet lake.',
        RecursiveDeleteOption: true,
        WorkGroupConfiguration: {
          EnforceWorkGroupConfiguration: true,
          PublishCloudWatchMetricsEnabled: true,
          RequesterPaysEnabled: false,
          BytesScannedCutoffPerQuery: 524_288_000,
          EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
          ResultConfiguration: {
            OutputLocation: `s3://${bucket.toLowerCase()}/query-results/`,
            EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
          },
        },
      },
    ]);
  });
});

describe('the named queries', () => {
  it('are these, in the database and the workgroup of the lake', () => {
    expect(queries.map(({ Name }) => Name)).toEqual([
      'audit',
      'authors',
      'co_occurring_hashtags',
      'deletions',
      'hashtags_by_hour',
      'languages',
      'rising_hashtags',
    ]);
    const [database = ''] = Object.keys(ofType(template, 'AWS::Glue::Database'));
    for (const { Database, WorkGroup } of queries) {
      expect([Database, WorkGroup]).toEqual([database.toLowerCase(), workGroup]);
    }
  });

  it('are two more, if the lake asks for sentiment', () => {
    const more = ofType(synthesize({ sentiment: 'comprehend' }, 'TweetLake'), 'AWS::Athena::NamedQuery');
    const names = Object.values(more).map(({ Name }) => String(Name));

    expect(names.filter((name) => !queries.some(({ Name }) => Name === name))).toEqual([
      'most_divided_hashtags',
      'sentiment_by_hashtag',
    ]);
  });

  it.each(queries.map((query): [string, typeof query] => [query.Name, query]))('%s says what it gives', (_, query) => {
    expect(query.Description).toMatch(/^[A-Z].*\.$/);
    // AWS: "CreateNamedQuery".
    expect(query.Description.length).toBeLessThanOrEqual(1024);
    expect(query.QueryString).toMatch(/^-- /);
    expect(query.QueryString).not.toContain(';');
  });

  it('scan the last 24 hours, but for the two that ask about everything', () => {
    const everything = queries.filter(({ QueryString }) => {
      const reads = QueryString.match(/FROM tweets\b/g)?.length ?? 0;
      return (QueryString.match(/datehour >= /g)?.length ?? 0) < reads;
    });

    expect(everything.map(({ Name }) => Name)).toEqual(['audit', 'deletions']);
  });
});

describe('the crawler', () => {
  it('runs when it is started, and makes tables of its own', () => {
    const crawlers = Object.values(ofType(template, 'AWS::Glue::Crawler'));

    expect(crawlers).toMatchObject([
      {
        TablePrefix: 'crawled_',
        Targets: { S3Targets: [{ Path: `s3://${bucket.toLowerCase()}/tweets/` }] },
        SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
      },
    ]);
    expect(crawlers[0]).not.toHaveProperty('Schedule');
  });
});
