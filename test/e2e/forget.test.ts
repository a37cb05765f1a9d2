import { gunzipSync } from 'node:zlib';
import {
  GetNamedQueryCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  paginateListNamedQueries,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { GetScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';

import { fakeTerminal } from '../../packages/cli/test/fake-terminal.ts';
import { until } from '../../packages/kit/test/until.ts';
import { type App, startApp } from './app.ts';

let app: App;
let lake: Record<string, string>;
beforeAll(async () => {
  app = await startApp({ archiveContent: 'keys', shards: 1 }, { stacks: ['TweetPipes', 'TweetLake'] });
  const { Stacks = [] } = await app.clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'TweetLake' }));
  lake = Object.fromEntries((Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
});
afterAll(() => app?.stop());

const record = (value: object | string) => ({
  Data: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
});
const tweet = (id: string, ...hashtags: string[]) => ({
  id_str: id,
  text: `secret of ${id}`,
  entities: { hashtags: hashtags.map((text) => ({ text })) },
});
const notice = (id: string) => ({ delete: { status: { id_str: id } } });

/** Everything in both buckets: bytes as they are, unpacked, and what is in them in base64. */
async function everything(): Promise<string> {
  const texts: string[] = [];
  for (const Bucket of [app.outputs.ArchiveBucketName, lake.LakeBucketName ?? '']) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: app.clients.s3 }, { Bucket })) {
      for (const { Key } of Contents) {
        const { Body } = await app.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
        const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
        const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
        texts.push(`${Key}: ${text}`);
        for (const [encoded] of text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)) {
          texts.push(Buffer.from(encoded, 'base64').toString());
        }
      }
    }
  }
  return texts.join('\n');
}

async function audit(): Promise<Record<string, string>> {
  const { athena } = await app.clients.lake();
  const WorkGroup = lake.WorkGroupName;
  let sql = '';
  for await (const { NamedQueryIds = [] } of paginateListNamedQueries({ client: athena }, { WorkGroup })) {
    for (const NamedQueryId of NamedQueryIds) {
      const { NamedQuery } = await athena.send(new GetNamedQueryCommand({ NamedQueryId }));
      if (NamedQuery?.Name === 'audit') sql = NamedQuery.QueryString ?? '';
    }
  }
  const QueryExecutionContext = { Database: lake.LakeDatabaseName };
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({ QueryString: sql, WorkGroup, QueryExecutionContext }),
  );
  await until(
    async () => {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State, StateChangeReason } = QueryExecution?.Status ?? {};
      if (State === 'FAILED') throw new Error(StateChangeReason);
      return State === 'SUCCEEDED';
    },
    { everyMs: 50 },
  );
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  const rows = (ResultSet?.Rows ?? [])
    .slice(1)
    .map(({ Data = [] }) => Data.map(({ VarCharValue = '' }) => VarCharValue));
  return Object.fromEntries(rows);
}

async function forget(...args: string[]) {
  const terminal = fakeTerminal();
  const env = { ...terminal.env, AWS_ENDPOINT_URL: app.runtime.endpoint };
  const exitCode = await run(['forget', ...args], { ...terminal, env });
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

describe('forgetting, on the local runtime', () => {
  it('leaves no text of a deleted tweet in any object of both buckets, and the same audit', async () => {
    await app.put([
      record(tweet('1', 'sea', 'sky')),
      record(tweet('2', 'sea')),
      record(tweet('1', 'sea', 'sky')),
      // No tweets that the workflow or the lake can use.
      record('{"id_str":"1","text":"secret of 1'),
      record({ ...tweet('1'), lang: 7 }),
    ]);
    await app.settled();
    await app.put([record(notice('1')), record(tweet('1', 'sun'))]);
    await app.settled();
    const before = await audit();
    const counts = Object.fromEntries(
      [...(await app.stores()).hashtags].map(([tag, { htCount }]) => [tag, String(htCount)]),
    );
    expect(before).toEqual(counts);
    expect(await everything()).toContain('secret of 1');

    const dry = JSON.parse((await forget('--dry-run', '--json')).out);
    expect(dry).toMatchObject({ dryRun: true, rows: { lake: 3, lakeErrors: 2, quarantine: 2 } });
    expect(await everything()).toContain('secret of 1');

    // The job, as the schedule invokes it.
    const { Schedules = [] } = await (await app.clients.scheduler()).send(new ListSchedulesCommand());
    const schedule = await (await app.clients.scheduler()).send(
      new GetScheduleCommand({ Name: Schedules[0]?.Name, GroupName: Schedules[0]?.GroupName }),
    );
    const { Functions = [] } = await app.clients.lambda.send(new ListFunctionsCommand());
    const job = Functions.find(({ FunctionArn }) => FunctionArn === schedule.Target?.Arn);
    const answer = await app.clients.lambda.send(new InvokeCommand({ FunctionName: job?.FunctionName }));
    const report = JSON.parse(Buffer.from(answer.Payload ?? []).toString());

    expect(report).toMatchObject({ isComplete: true, forgotten: 1, left: 0, rows: dry.rows });
    const after = await everything();
    expect(after).not.toContain('secret of 1');
    expect(after).toContain('secret of 2');
    expect(await audit()).toEqual(before);
  });

  it('runs by hand, and says what it did', async () => {
    await app.put([record(tweet('3', 'sea'))]);
    await app.settled();
    await app.put([record(notice('3'))]);
    await app.settled();
    const before = await audit();
    expect(await forget('--id', '3')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^1 row of the lake$[\s\S]*2 deletions: 1 forgotten now, 0 left\./m),
    });
    expect(await everything()).not.toContain('secret of 3');
    expect(await audit()).toEqual(before);
    expect(await forget()).toMatchObject({ exitCode: 0, out: expect.stringContaining('Nothing of deleted tweets') });
  });

  it('refuses a tweet that was not deleted, and says what to do', async () => {
    expect(await forget('--id', '2')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('npx tweet-pipes delete 2'),
    });
  });
});
