import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetBucketLifecycleConfigurationCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { RecoveryContext } from './context.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { describePipe } from './pipe.ts';

/** Reasons why evidence may be missing, one sentence each. Then a counter above its evidence may be right. */
export async function evidenceGaps(
  context: RecoveryContext,
  rows: { keysOnly: number; unreadable: number },
): Promise<string[]> {
  const gaps: string[] = [];
  const days = await archiveDays(context);
  const age = await tableAgeDays(context);
  if (days !== undefined && age >= days) {
    gaps.push(
      `Archive files expire after ${days} days and the stack has been counting for ${Math.floor(age)}: rows are gone.`,
    );
  }
  if (rows.keysOnly > 0) {
    gaps.push(
      `${rows.keysOnly} archive rows have no hashtags (tweetPipes:archiveContent=keys): what those tweets counted for is unknown.`,
    );
  }
  if (rows.unreadable > 0) gaps.push(`${rows.unreadable} archive rows cannot be read.`);
  const { KeyCount = 0 } = await context.clients.s3.send(
    new ListObjectsV2Command({ Bucket: context.stack.ArchiveBucketName, Prefix: 'errors/tweets/', MaxKeys: 1 }),
  );
  if (KeyCount > 0) gaps.push('Firehose could not deliver some rows; they are under errors/tweets/.');
  const pipe = await describePipe(context.clients, context.stack.TweetArchivePipeName);
  const { visible, hidden } = await (await DeadLetterQueue.open(context, pipe.deadLetterArn)).depth();
  if (visible + hidden > 0) gaps.push(`The pipe ${pipe.name} has given removals up; redrive delivers them again.`);
  if (pipe.state !== 'RUNNING') {
    gaps.push(`The pipe ${pipe.name} is ${pipe.state}: removals of more than 24 hours ago may be lost.`);
  }
  return gaps;
}

/** After how many days S3 deletes archive files; undefined for never. */
async function archiveDays({ clients, stack }: RecoveryContext): Promise<number | undefined> {
  const rules = await clients.s3
    .send(new GetBucketLifecycleConfigurationCommand({ Bucket: stack.ArchiveBucketName }))
    .then(({ Rules = [] }) => Rules)
    .catch((error: unknown) => {
      if (isNamed(error, 'NoSuchLifecycleConfiguration')) return [];
      throw error;
    });
  const days = rules.flatMap(({ Status, Filter, Expiration }) => {
    const prefix = Filter?.Prefix ?? Filter?.And?.Prefix ?? '';
    const concerns = 'deleted/tweets/'.startsWith(prefix) || prefix.startsWith('deleted/tweets/');
    return Status === 'Enabled' && concerns && Expiration?.Days !== undefined ? [Expiration.Days] : [];
  });
  return days.length === 0 ? undefined : Math.min(...days);
}

async function tableAgeDays({ clients, stack, clock }: RecoveryContext): Promise<number> {
  const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: stack.TweetTableName }));
  return (clock.now() - (Table?.CreationDateTime?.getTime() ?? 0)) / 86_400_000;
}
