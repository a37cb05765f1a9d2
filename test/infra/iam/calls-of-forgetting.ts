import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { type Call, callsOn, resourcesOf } from './call.ts';
import { arn } from './physical.ts';

const functionSchema = z.object({
  Role: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
  DeadLetterConfig: z.object({ TargetArn: z.string() }),
});

/** What the job reads and writes: AWS, "Actions, resources, and condition keys for Amazon S3" and for DynamoDB. */
export function callsOfForgetting(template: SynthesizedTemplate): Call[] {
  const jobs = resourcesOf(template, 'AWS::Lambda::Function').flatMap(([id, properties]) => {
    const parsed = functionSchema.safeParse(properties);
    return parsed.success && parsed.data.Environment.Variables.DELETION_TABLE !== undefined
      ? [{ id, ...parsed.data, variables: parsed.data.Environment.Variables }]
      : [];
  });
  return jobs.flatMap(({ id, Role: by, variables, DeadLetterConfig }) => {
    const { DELETION_TABLE, LAKE_BUCKET, ARCHIVE_BUCKET, ARCHIVE_CONTENT } = variables;
    const rewritten = [
      ...['tweets/', 'errors/', 'sentiment/', 'forgotten/', 'forgetting/'].map((folder) => `${LAKE_BUCKET}/${folder}`),
      `${ARCHIVE_BUCKET}/quarantine/`,
      ...(ARCHIVE_CONTENT === 'keys' ? ['deleted/tweets/', 'errors/tweets/'] : []).map(
        (folder) => `${ARCHIVE_BUCKET}/${folder}`,
      ),
    ];
    return [
      ...callsOn(id, by, arn('dynamodb', `table/${DELETION_TABLE}`), ['dynamodb:Scan', 'dynamodb:UpdateItem']),
      ...[LAKE_BUCKET, ARCHIVE_BUCKET].flatMap((bucket) =>
        callsOn(id, by, `arn:aws:s3:::${bucket}`, ['s3:ListBucket', 's3:ListBucketVersions']),
      ),
      ...rewritten.flatMap((folder) =>
        callsOn(id, by, `arn:aws:s3:::${folder}some`, [
          's3:GetObject',
          's3:GetObjectVersion',
          's3:PutObject',
          's3:DeleteObjectVersion',
        ]),
      ),
      ...callsOn(id, by, `arn:aws:s3:::${LAKE_BUCKET}/query-results/some.csv`, ['s3:DeleteObjectVersion']),
      ...callsOn(id, by, DeadLetterConfig.TargetArn, ['sqs:SendMessage']),
    ];
  });
}
