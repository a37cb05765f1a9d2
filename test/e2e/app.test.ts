import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { fakeTerminal } from '../../packages/cli/test/fake-terminal.ts';
import { RuntimeProcess } from '../../packages/local-aws/test/runtime-process.ts';

let folder: string;
let running: RuntimeProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'app-'));
});
afterEach(async () => {
  await running?.kill();
  await rm(folder, { recursive: true });
});

/** What a folder holds that its owner is not alone with. A link has no permissions of its own. */
async function sharedFiles(path: string): Promise<string[]> {
  const stats = await lstat(path).catch(() => undefined);
  // A file may have gone since it was listed.
  if (stats === undefined || stats.isSymbolicLink()) return [];
  const own = (stats.mode & 0o077) === 0 ? [] : [`${path} ${(stats.mode & 0o777).toString(8)}`];
  const names = stats.isDirectory() ? await readdir(path) : [];
  return [...own, ...(await Promise.all(names.map((name) => sharedFiles(join(path, name))))).flat()];
}

it('boots the app from a fresh synth, counts a tweet that is put on the stream, and leaves nothing running', async () => {
  running = new RuntimeProcess({ dataFolder: join(folder, 'data') });
  const { endpoint, outputs, inert } = await running.ready();
  expect((await fetch(`${endpoint}/_health`)).status).toBe(200);
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining([
      ...[
        'TweetStreamName',
        'HashtagTableName',
        'TweetTableName',
        'DeletionTableName',
        'ShardTableName',
        'ArchiveBucketName',
      ],
      ...['IngestPipeName', 'TweetArchivePipeName', 'HashtagArchivePipeName', 'WorkflowArn'],
    ]),
  );
  expect(inert).toEqual(
    expect.arrayContaining(['AWS::KMS::Key EnableKeyRotation', 'AWS::S3::Bucket LifecycleConfiguration']),
  );

  const clients = createClients({ endpoint });
  try {
    const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'TweetPipes' }));
    const told = Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
    expect(Object.fromEntries(told ?? [])).toEqual(outputs);

    const tweet = { id_str: '1', text: '#Été', entities: { hashtags: [{ text: 'Été' }] } };
    await clients.kinesis.send(
      new PutRecordCommand({
        StreamName: outputs.TweetStreamName,
        PartitionKey: '1',
        Data: Buffer.from(JSON.stringify(tweet)),
      }),
    );
    const idle = await running.idle();
    const { Item } = await clients.dynamodb.send(
      new GetItemCommand({ TableName: outputs.HashtagTableName, Key: { hashtag: { S: 'été' } } }),
    );
    expect(Item?.htCount).toEqual({ N: '1' });
    expect(idle?.executions).toBe(1);

    const metered = await fetch(`${endpoint}/_meter`);
    expect(await metered.json()).toMatchObject({
      units: {
        // One record put, read and delivered; one execution, of which the first in its second is traced.
        ...{ kinesisPutUnits: 1, kinesisIngestedBytes: 1024, pipesRequests: 1, expressRequests: 1, xrayTraces: 1 },
        // The ingest pipe reads it, and the lake, which makes one row of it.
        kinesisReadBytes: 2 * Buffer.byteLength(JSON.stringify(tweet)),
        // The tweet, its hashtag and the shard's mark; the look at deletions.
        ...{ dynamodbWriteUnits: 3, dynamodbReadUnits: 1 },
        ...{ lambdaRequests: 1, firehoseBytes: 5120, s3Writes: 1, sqsRequests: 0 },
        workflowLogBytes: expect.any(Number),
      },
      // The counter was read above.
      callers: { dynamodbReadUnits: 0.5, expressRequests: 0 },
    });
    // What ran is in the log groups of the template.
    const terminal = fakeTerminal({ AWS_ENDPOINT_URL: endpoint });
    expect(await run(['logs', '--json'], terminal)).toBe(0);
    const lines = terminal
      .printed()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ kind }) => kind === 'workflow').map(({ message }) => message.type)).toEqual([
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
    expect(lines.filter(({ kind }) => kind === 'function').map(({ message }) => message.split(' ')[0])).toEqual(
      expect.arrayContaining(['START', 'END', 'REPORT']),
    );
    expect(terminal.complaints()).toContain('npm start -- -c tweetPipes:executionData=true');
    expect(idle?.residentMegabytes).toBeLessThan(600);
    expect(await sharedFiles(join(folder, 'data'))).toEqual([]);
  } finally {
    clients.destroy();
  }
  // Ends by itself: no timer, socket or child process keeps it.
  expect(await running.stop()).toBe(0);
  running = undefined;
});
