import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { assumes, type Call, callsOn, logs, resourcesOf } from './call.ts';
import { arn } from './physical.ts';

const crawlerSchema = z.object({
  Role: z.string(),
  DatabaseName: z.string(),
  TablePrefix: z.string(),
  Targets: z.object({ S3Targets: z.array(z.object({ Path: z.string() })) }),
});

/** AWS: "Crawler prerequisites". What it does on its tables is that of the managed policy AWSGlueServiceRole. */
const onTables = [
  'glue:BatchCreatePartition',
  'glue:BatchGetPartition',
  'glue:CreateTable',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:GetTable',
  'glue:GetTables',
  'glue:UpdatePartition',
  'glue:UpdateTable',
];

/** What each crawler calls: its files, its tables and the log of all crawlers. */
export function callsOfCrawlers(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::Glue::Crawler').flatMap(([id, properties]) => {
    const { Role: by, DatabaseName, TablePrefix, Targets } = crawlerSchema.parse(properties);
    const catalog = [arn('glue', 'catalog'), arn('glue', `database/${DatabaseName}`)];
    const table = arn('glue', `table/${DatabaseName}/${TablePrefix}rows`);
    return [
      { ...assumes(id, 'glue', by, ''), context: {} },
      ...Targets.S3Targets.flatMap(({ Path }) => {
        const bucket = Path.replace(/^s3:\/\/([^/]+)\/.*$/, 'arn:aws:s3:::$1');
        const file = `${Path.replace('s3://', 'arn:aws:s3:::')}2026/11/20/10/file.jsonl.gz`;
        return [
          ...callsOn(id, by, bucket, ['s3:GetBucketLocation', 's3:ListBucket']),
          ...callsOn(id, by, file, ['s3:GetObject']),
        ];
      }),
      ...catalog.flatMap((resource) => callsOn(id, by, resource, ['glue:GetDatabase'])),
      ...[...catalog, table].flatMap((resource) => callsOn(id, by, resource, onTables)),
      ...callsOn(id, by, arn('logs', 'log-group:/aws-glue/crawlers'), ['logs:CreateLogGroup']),
      ...logs(id, by, `${arn('logs', 'log-group:/aws-glue/crawlers')}:*`, [
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ]),
    ];
  });
}
