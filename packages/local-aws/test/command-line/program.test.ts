import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runProgram } from '@tweet-pipes/kit/command-line/run-program';
import { until } from '../../../kit/test/until.ts';
import { makeProgram } from '../../src/command-line/program.ts';
import { namesOfStacks } from '../../src/command-line/serve.ts';
import { smallResources, writeSmallAssembly } from '../small-assembly.ts';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-aws-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (args: readonly string[], terminal: FakeTerminal = fakeTerminal()) =>
  runProgram(args, terminal, () => makeProgram(terminal));

async function attempt(...args: string[]) {
  const terminal = fakeTerminal();
  const exitCode = await run([...args, '--port', '0', '--data', join(folder, 'refused')], terminal);
  return { exitCode, said: terminal.complaints.join('\n') };
}

describe('the program', () => {
  it('explains itself, with examples, on standard output', async () => {
    const terminal = fakeTerminal();
    expect(await run(['--help'], terminal)).toBe(0);
    expect(terminal.printed.join('\n')).toMatch(/^Usage: local-aws .*--ignore-unsupported <type>.*Examples:\n/s);
    expect(terminal.complaints).toEqual([]);
  });

  it.each([
    [['--ignore-unsupported', 'Cluster'], 'It must be a resource type as in templates, such as AWS::ECS::Cluster.'],
    [['-c', 'stage'], 'It must have the form key=value, such as stage=test.'],
    [['--stacks', 'A,'], 'It must be names of stacks, such as Orders,Billing.'],
    [['--region', 'Frankfurt'], 'It must be the name of a region, such as eu-central-1.'],
    [['app.ts'], 'too many arguments'],
    [['--ap', 'x'], '(Did you mean --app?)'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, said } = await attempt(...args);
    expect([exitCode, said]).toEqual([1, expect.stringContaining(message)]);
  });

  it('says what an app printed that cannot be synthesized', async () => {
    const app = `node -e "console.error('No such stage.'); process.exit(1)"`;
    expect(await attempt('--app', app)).toEqual({
      exitCode: 1,
      said: expect.stringContaining(`The CDK app (${app}) could not be synthesized:\nNo such stage.`),
    });
  });

  it('refuses an unsupported resource before anything is created, with its name, its type and what to do', async () => {
    const assembly = join(folder, 'unsupported');
    await writeSmallAssembly(assembly, { Cluster: { Type: 'AWS::ECS::Cluster' }, ...smallResources });
    expect(await attempt('--app', assembly)).toEqual({
      exitCode: 1,
      said: expect.stringMatching(
        new RegExp(
          'UnsupportedResource at Cluster: the local runtime does not know AWS::ECS::Cluster .* ' +
            '--ignore-unsupported AWS::ECS::Cluster',
        ),
      ),
    });
  });

  it('says when there is neither a folder nor a command', async () => {
    const { exitCode, said } = await attempt('--app', './nowhere');
    expect([exitCode, said]).toEqual([
      1,
      expect.stringMatching(/The CDK app \(\.\/nowhere\) could not be synthesized:\n.*not found/),
    ]);
  });
});

it('names the stacks that clients deployed beside those of the app', () => {
  const [app, mine] = [
    { name: 'App', outputs: {} },
    { name: 'Mine', outputs: {}, status: 'UPDATE_COMPLETE' as const },
  ];
  const broken = { ...mine, name: 'Broken', status: 'ROLLBACK_FAILED' as const };
  expect(namesOfStacks({ stacks: [app], deployedStacks: [mine, broken] })).toBe('App, Mine, Broken (ROLLBACK_FAILED)');
  expect(namesOfStacks({ stacks: [], deployedStacks: [] })).toBe('no stack');
});

it('runs a cloud assembly without what it ignores, says when it is ready, and stops by Ctrl-C', async () => {
  const assembly = join(folder, 'assembly');
  const Resources = { Cluster: { Type: 'AWS::ECS::Cluster' }, Queue: smallResources.Queue };
  const Outputs = { Url: { Value: { Ref: 'Queue' } }, ClusterId: { Value: { Ref: 'Cluster' } } };
  await writeSmallAssembly(assembly, Resources, Outputs);
  const terminal = fakeTerminal();
  const options = ['--ignore-unsupported', 'AWS::ECS::Cluster', '--region', 'eu-west-1', '--port', '0', '--json'];
  const running = run(['--app', assembly, '--data', join(folder, 'data'), ...options], terminal);
  await Promise.race([running, until(() => terminal.complaints.some((line) => line.startsWith('Serving')))]);
  terminal.interrupt();
  expect(await running).toBe(0);
  const facts = JSON.parse(terminal.printed.join(''));
  expect(facts).toEqual({
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    region: 'eu-west-1',
    dataFolder: join(folder, 'data'),
    stacks: [
      {
        name: 'Small',
        outputs: { Url: `${facts.endpoint}/000000000000/Small-Queue`, ClusterId: 'Small-Cluster-ignored' },
      },
    ],
  });
  expect(terminal.complaints).toEqual([
    'Starting the runtime …',
    expect.stringMatching(/^Ready in \d+\.\d s at http:.*, Small, data in /),
    'Ignored: AWS::ECS::Cluster Cluster of Small is not created (--ignore-unsupported). ' +
      'Outputs gets "Small-Cluster-ignored" for Cluster.',
    'Serving; Ctrl-C stops.',
    'Stopping …',
  ]);
});
