import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { CfnCrawler } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import { ServiceRole } from '../service-role.ts';
import { acknowledgeObjectWildcard, acknowledgeServiceWildcard } from '../wildcard-acknowledgements.ts';
import type { Catalog } from './catalog.ts';

/** The tables that the crawler makes begin with this, so that it changes no other. */
const crawledTablePrefix = 'crawled_';

/** What is crawled, and where its tables go. */
export interface LakeCrawlerProps {
  bucket: IBucket;
  /** The folder of the rows. Ends in `/`. */
  prefix: string;
  catalog: Catalog;
}

/** A crawler of a lake's rows that runs only when it is started. The tables of the catalog do not need it. */
export class LakeCrawler extends Construct {
  readonly crawlerName: string;

  constructor(scope: Construct, id: string, { bucket, prefix, catalog }: LakeCrawlerProps) {
    super(scope, id);
    const { database } = catalog;
    const role = this.#role({ bucket, prefix, catalog });
    const crawler = new CfnCrawler(this, 'Crawler', {
      description: `Finds the columns of the lake's files. Its tables begin with ${crawledTablePrefix}.`,
      role: role.roleArn,
      databaseName: database.ref,
      tablePrefix: crawledTablePrefix,
      targets: { s3Targets: [{ path: `s3://${bucket.bucketName}/${prefix}` }] },
      schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'LOG' },
      recrawlPolicy: { recrawlBehavior: 'CRAWL_EVERYTHING' },
      configuration: '{"Version":1.0,"Grouping":{"TableGroupingPolicy":"CombineCompatibleSchemas"}}',
    });
    this.crawlerName = crawler.ref;
    Validations.of(crawler).acknowledge({
      id: 'AwsSolutions-GL1',
      reason: 'CloudWatch encrypts the log with a key of its own. It names files and tables and holds no rows.',
    });
  }

  #role({ bucket, prefix, catalog: { database } }: LakeCrawlerProps): ServiceRole {
    const arnOf = (service: string, resource: string) =>
      Stack.of(this).formatArn({ service, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
    const ownTables = arnOf('glue', `table/${database.ref}/${crawledTablePrefix}*`);
    const logs = arnOf('logs', 'log-group:/aws-glue/crawlers*');
    const role = new ServiceRole(this, 'Role', {
      assumedBy: new ServicePrincipal('glue.amazonaws.com'),
      statements: [
        new PolicyStatement({ actions: ['s3:GetBucketLocation', 's3:ListBucket'], resources: [bucket.bucketArn] }),
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: [bucket.arnForObjects(`${prefix}*`)],
        }),
        new PolicyStatement({
          actions: ['glue:GetDatabase'],
          resources: [arnOf('glue', 'catalog'), arnOf('glue', `database/${database.ref}`)],
        }),
        new PolicyStatement({
          actions: [
            'glue:BatchCreatePartition',
            'glue:BatchGetPartition',
            'glue:CreateTable',
            'glue:GetPartition',
            'glue:GetPartitions',
            'glue:GetTable',
            'glue:GetTables',
            'glue:UpdatePartition',
            'glue:UpdateTable',
          ],
          resources: [arnOf('glue', 'catalog'), arnOf('glue', `database/${database.ref}`), ownTables],
        }),
        new PolicyStatement({
          actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logs],
        }),
      ],
    });
    const databaseId = Stack.of(this).getLogicalId(database);
    acknowledgeServiceWildcard(
      role,
      'glue',
      `table/<${databaseId}>/${crawledTablePrefix}*`,
      'A crawler names its tables itself, after its prefix.',
    );
    acknowledgeServiceWildcard(
      role,
      'logs',
      'log-group:/aws-glue/crawlers*',
      'All crawlers of an account share one log group, and name its streams themselves.',
    );
    acknowledgeObjectWildcard(role, bucket, prefix, 'A crawler reads the files that it finds.');
    return role;
  }
}
