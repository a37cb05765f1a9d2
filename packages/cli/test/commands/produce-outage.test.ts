import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { type Runtime, startRuntime } from '@tweet-pipes/local-aws';
import { until } from '../../../kit/test/until.ts';
import { writeSmallAssembly } from '../../../local-aws/test/small-assembly.ts';
import { run } from '../../src/run.ts';
import { type FakeTerminal, fakeTerminal } from '../fake-terminal.ts';

let folder: string;
let runtime: Runtime;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outage-'));
  await writeSmallAssembly(join(folder, 'assembly'), {
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
  });
  runtime = await start(0);
});
afterEach(async () => {
  await runtime.stop();
  await rm(folder, { recursive: true });
});

function start(port: number): Promise<Runtime> {
  return startRuntime({ dataFolder: join(folder, 'data'), assemblyFolder: join(folder, 'assembly'), port });
}

/** Lines that stop coming half-way until `more` resolves. */
async function* lines(count: number, more: Promise<void>): AsyncGenerator<string> {
  for (let line = 0; line < count; line += 1) {
    if (line === count / 2) await more;
    yield `${line} #outage\n`;
  }
}

function produce(stdin: Readable, args: readonly string[] = []): { terminal: FakeTerminal; ended: Promise<number> } {
  const env = { AWS_ENDPOINT_URL: runtime.endpoint, AWS_STREAM_NAME: 'Small-Stream' };
  const terminal = fakeTerminal(env, stdin);
  return { terminal, ended: run(['produce', 'text', '-', '--json', ...args], terminal) };
}

async function recordsInStream(): Promise<number> {
  const { kinesis, destroy } = createClients({ endpoint: runtime.endpoint });
  const shard = { StreamName: 'Small-Stream', ShardId: 'shardId-000000000000' };
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ ...shard, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  destroy();
  return Records.length;
}

describe('produce, when the endpoint stops', () => {
  it('waits for the endpoint and loses nothing that it read', async () => {
    const more = Promise.withResolvers<void>();
    const { terminal, ended } = produce(Readable.from(lines(2000, more.promise)));
    await until(async () => (await recordsInStream()) === 1000);
    const { port } = runtime;
    await runtime.stop();
    more.resolve();
    await until(() => terminal.complaints().includes('does not answer'));
    runtime = await start(port);
    expect([await ended, JSON.parse(terminal.printed())]).toEqual([
      0,
      expect.objectContaining({ sent: 2000, lost: 0, interrupted: false }),
    ]);
    expect(terminal.complaints()).toMatch(
      /^The stream Small-Stream does not answer \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\. What was read is kept and tried again until it does\.\nThe stream Small-Stream answers again after \d+\.\d s\.$/,
    );
    expect(await recordsInStream()).toBe(2000);
  });

  it.each([
    ['Ctrl-C', [], (terminal: FakeTerminal) => terminal.interrupt(), 'when the program was stopped'],
    ['--give-up-after', ['--give-up-after', '1.5'], () => {}, 'for 2 s'],
  ])('ends by %s, and says what is lost', async (_, args, end, when) => {
    const more = Promise.withResolvers<void>();
    const { terminal, ended } = produce(Readable.from(lines(100, more.promise)), args);
    await until(async () => (await recordsInStream()) === 50);
    await runtime.stop();
    more.resolve();
    await until(() => terminal.complaints().includes('does not answer'));
    end(terminal);
    expect([await ended, JSON.parse(terminal.printed())]).toEqual([2, expect.objectContaining({ sent: 50, lost: 50 })]);
    expect(terminal.complaints()).toContain(
      `The stream did not answer ${when}: connect ECONNREFUSED 127.0.0.1:${runtime.port}. 50 records that were read are not known to be in the stream.`,
    );
  });
});
