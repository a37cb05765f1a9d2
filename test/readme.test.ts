import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { untilIdle } from '@tweet-pipes/cli/runtime/until-idle';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import manifest from '../package.json' with { type: 'json' };
import { type Child, startChild } from '../packages/cli/test/child.ts';
import { fakeTerminal } from '../packages/cli/test/fake-terminal.ts';
import { childEnvironment } from './child-environment.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
const sessions = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
const [runtime = '', local = '', anyClient = '', looking = '', deployment = ''] = blocks;

/** These work on an account; everything else in the README is executed here. */
const NEEDS_AN_ACCOUNT = [
  'npx cdk bootstrap',
  'npx cdk diff TweetPipes TweetLake',
  'npx cdk deploy TweetPipes TweetLake',
  'npx tweet-pipes verify',
  'npx cdk destroy TweetPipes TweetLake',
];

let child: Child;
let endpoint: string;
let data: string;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tweet-pipes-readme-'));
  const [command = ''] = commands(runtime);
  child = startChild([...command.split(' ').slice(2), '--port', '0', '--data', data]);
  const said = await child.says(/export AWS_ENDPOINT_URL=(\S+)/);
  endpoint = said[1] ?? '';
});
afterAll(async () => {
  child.process.kill('SIGINT');
  await child.ended;
  rmSync(data, { recursive: true, force: true });
});

describe('the README', () => {
  it('has the blocks that this test knows', () => {
    expect(blocks).toHaveLength(5);
    expect(commands(runtime)).toEqual(['npx tweet-pipes local']);
  });

  it('sets the environment that the runtime itself prints', async () => {
    const exports = exportsOf(local);
    for (const line of exports) {
      const printed = withoutComment(line).replace('http://127.0.0.1:4566', endpoint);
      await child.says(new RegExp(printed.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    }
    expect(exports).toHaveLength(4);
  });

  it('has local commands that work as they stand', async () => {
    const [untilTop = '', fromTop = ''] = local
      .replaceAll('http://127.0.0.1:4566', endpoint)
      .split(/(?=^npx tweet-pipes top)/m);
    expect(await shell(untilTop)).toMatchObject({ code: 0 });
    await untilCounted();
    const { code, output } = await shell(`${exportsOf(untilTop).join('\n')}\n${fromTop}`);
    expect(output).toContain('Every store and the lake hold exactly what 2,500 records must leave there.');
    expect(output).toMatch(/^ *\d+ █+ +#/mu);
    expect(code).toBe(0);
  });

  it('looks inside, and finds the records of the sample that cannot be used', async () => {
    const found = new Map<string, { code: number; output: string }>();
    for (const command of commands(looking)) {
      // One with npx itself, which the others do without.
      const isQuick = found.size > 0;
      found.set(command, await shell(command, { AWS_ENDPOINT_URL: endpoint }, { isQuick }));
    }
    expect([...found]).toEqual([
      [
        'npx tweet-pipes status',
        { code: 2, output: expect.stringMatching(/^\d+ problems?\. [\s\S]*\n {2}quarantine: /) },
      ],
      ['npx tweet-pipes trace 1', { code: 0, output: expect.stringContaining('a record with it came to the stream') }],
      ['npx tweet-pipes logs workflow', { code: 0, output: expect.stringContaining('ExecutionSucceeded') }],
    ]);
  });

  it('asks other clients for outputs that the stack has', async () => {
    const names = [...anyClient.matchAll(/npx tweet-pipes outputs (\w+)/g)].map((match) => match[1] ?? '');
    expect(names.length).toBe(commands(anyClient).filter((line) => line.startsWith('aws ')).length);
    for (const name of names) {
      const terminal = fakeTerminal({ AWS_ENDPOINT_URL: endpoint });
      const code = await run(['outputs', name], terminal);
      expect([name, code, terminal.printed()]).toEqual([name, 0, expect.stringMatching(/\S/)]);
    }
  });

  it('synthesizes without an account, and names what needs one', async () => {
    expect(commands(deployment)).toEqual(['npx cdk synth -q', ...NEEDS_AN_ACCOUNT]);
    const { code } = await shell(`npx cdk synth -q --output ${join(data, 'cdk.out')}`);
    expect(code).toBe(0);
  });

  it('names npm scripts that exist', () => {
    const scripts = [...readme.matchAll(/(?:`|\$ )npm (?:run )?(start|test|[\w-]+)/g)].map((match) => match[1] ?? '');
    expect(new Set(scripts)).toEqual(
      new Set(['ci', 'start', 'test', 'chaos', 'bench', 'scale', 'least-privilege', 'notebook', 'check-on-aws']),
    );
    for (const script of ['start', 'test', 'chaos', 'bench', 'scale', 'least-privilege', 'notebook', 'check-on-aws']) {
      expect(Object.keys(manifest.scripts)).toContain(script);
    }
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('shows what feeding prints', async () => {
    const AWS_STREAM_NAME = await createStream();
    const feeding = sessions.filter(
      (session) => session.includes(' produce ') && !/produce (bluesky|twitter)/.test(session),
    );
    expect(feeding).toHaveLength(3);
    for (const session of feeding) {
      const lines = session.trim().split('\n');
      const script = lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])).join('\n');
      const { code, output } = await shell(script.replaceAll('tweets.jsonl', join(data, 'tweets.jsonl')), {
        ...{ AWS_ENDPOINT_URL: endpoint, AWS_STREAM_NAME },
      });
      const shown = lines.filter((line) => !line.startsWith('$ ')).join('\n');
      expect([code, withoutTimes(output.trim())]).toEqual([0, withoutTimes(shown)]);
    }
  });
});

/** The README says that counts lag by some seconds, which a person takes to type the next command. */
async function untilCounted(): Promise<void> {
  const ask = async () => {
    const { status } = await fetch(`${endpoint}/_idle`);
    return status === 200 ? [] : [{ what: 'records', detail: 'under way' }];
  };
  await untilIdle(ask, { clock: systemClock, signal: new AbortController().signal });
}

/** A stream from which nothing reads. To work off what is fed here, which is not looked at, takes seconds. */
async function createStream(): Promise<string> {
  const StreamName = 'fed-by-readme';
  const clients = createClients({ endpoint });
  await clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 4 }));
  clients.destroy();
  return StreamName;
}

function withoutTimes(output: string): string {
  return output.replaceAll(/ in [\d.]+ s\.$/gm, ' in some time.');
}

function exportsOf(block: string): string[] {
  return block.split('\n').filter((line) => line.startsWith('export'));
}

/** The commands of a block, without comments and with continued lines joined. */
function commands(block: string): string[] {
  return block
    .replaceAll('\\\n', '')
    .split('\n')
    .map(withoutComment)
    .filter((line) => line !== '');
}

function withoutComment(line: string): string {
  return line.replace(/\s+# .*$/, '').trim();
}

/** Starts a program of the project as npx does, without the half second that npm takes to find it. */
const quickNpx = 'npx() { "node_modules/.bin/$@"; }\n';

function shell(
  script: string,
  env: Record<string, string> = {},
  { isQuick = true } = {},
): Promise<{ code: number; output: string }> {
  const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', `${isQuick ? quickNpx : ''}${script}`],
      { cwd: root, env: childEnvironment({ CDK_VALIDATION: 'false', ...credentials, ...env }) },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    );
  });
}
