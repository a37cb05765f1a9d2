import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { fakeTerminal } from '../../../cli/test/fake-terminal.ts';
import { type LakeEndpoint, startLakeEndpoint } from '../../../local-aws/test/athena/lake-endpoint.ts';
import type { ExecuteOptions, Execution } from '../../src/notebook/execute-notebook.ts';
import { notebookProgram } from '../../src/notebook/program.ts';

let aws: LakeEndpoint;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notebook-'));
  aws = await startLakeEndpoint();
  const names = ['LakeBucketName', 'LakeDatabaseName', 'LakeDeliveryStreamName', 'LakeCrawlerName'];
  const outputs = [...names, 'WorkGroupName'].map((key) => ({ key, value: `my-${key}` }));
  aws.publish({
    name: 'MyLake',
    outputs: [...outputs, { key: 'ArchiveContent', value: 'full' }],
  });
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true });
});

async function execute(
  execution: Execution,
  { args = [], isInterrupted = false }: { args?: string[]; isInterrupted?: boolean } = {},
) {
  const terminal = fakeTerminal({ AWS_ENDPOINT_URL: aws.endpoint, AWS_PROFILE: 'mine', HOME: '/home/me' });
  const calls: ExecuteOptions[] = [];
  const program = (at: typeof terminal) =>
    notebookProgram(at, async (options) => {
      calls.push(options);
      if (isInterrupted) terminal.interrupt();
      return execution;
    });
  const exitCode = await run(
    ['--lake-stack', 'MyLake', '--output', join(folder, 'new/results.ipynb'), ...args],
    terminal,
    () => program(terminal),
  );
  return { exitCode, out: terminal.printed(), err: terminal.complaints(), calls };
}

describe('npm run notebook', () => {
  it('executes on the lake of the endpoint, and prints where the result is', async () => {
    const { exitCode, out, err, calls } = await execute({ kind: 'executed' }, { args: ['--python', 'py'] });
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: join(folder, 'new/results.ipynb') });
    expect(err).toContain(`Executing notebooks/results.ipynb on the lake MyLake of ${aws.endpoint} …`);
    expect(calls).toMatchObject([
      {
        program: ['py', expect.stringMatching(/execute\.py$/)],
        env: {
          AWS_ENDPOINT_URL: aws.endpoint,
          AWS_REGION: 'us-east-1',
          LAKE_WORKGROUP: 'my-WorkGroupName',
          HOME: '/home/me',
        },
      },
    ]);
    // boto3 fails when it does not know a profile, even with keys in the environment.
    expect(calls[0]?.env).toMatchObject({ AWS_ACCESS_KEY_ID: 'local', AWS_PROFILE: undefined });
  });

  it('says exactly what to install', async () => {
    const { exitCode, err } = await execute({ kind: 'packages-missing', packages: ['nbclient', 'pandas'] });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/python3? lacks nbclient, pandas\./);
    expect(err).toContain('-m pip install nbclient ipykernel boto3 pandas matplotlib\n');
  });

  it('asks for Python where there is none', async () => {
    const { exitCode, err } = await execute({ kind: 'no-program' }, { args: ['--python', 'py'] });
    expect(exitCode).toBe(1);
    expect(err).toContain('There is no py on this machine. Install Python');
  });

  it('ends with 2 when a cell failed, Python broke, or a person interrupted', async () => {
    expect(await execute({ kind: 'cell-failed', error: 'KeyError: x' })).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringContaining('A cell failed: KeyError: x'),
    });
    expect(await execute({ kind: 'broken', output: 'No kernel.' })).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('ended early:\nNo kernel.'),
    });
    expect(await execute({ kind: 'executed' }, { isInterrupted: true })).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringMatching(/Interrupted\.$/),
    });
  });

  it('does not start Python without a lake, and never writes over the notebook', async () => {
    const without = await execute({ kind: 'executed' }, { args: ['--lake-stack', 'Other'] });
    expect(without).toMatchObject({ exitCode: 1, calls: [], err: expect.stringContaining('no stack Other') });
    const over = await execute({ kind: 'executed' }, { args: ['--output', 'notebooks/results.ipynb'] });
    expect(over).toMatchObject({ exitCode: 1, calls: [], err: expect.stringContaining('kept without results') });
  });
});
