import { execFile } from 'node:child_process';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { AwsError } from '@tweet-pipes/local-aws/gateway/aws-error';
import { fakeTerminal } from '../../../cli/test/fake-terminal.ts';
import { type StatesEndpoint, startStatesEndpoint } from '../../../local-aws/test/states/states-endpoint.ts';
import { checkOnAwsProgram } from '../../src/check-on-aws/program.ts';
import type { Recording } from '../../src/check-on-aws/record-visits.ts';
import { recordSmall } from './small-recording.ts';

let same: StatesEndpoint;
let other: StatesEndpoint;
let closed: StatesEndpoint;

beforeAll(async () => {
  same = await startStatesEndpoint();
  other = await startStatesEndpoint((testState) => async (input, context) => {
    if (input.stateName !== 'Begin') return testState(input, context);
    return { status: 'FAILED', error: 'States.QueryEvaluationError', cause: 'Stack overflow error' };
  });
  closed = await startStatesEndpoint(() => async () => {
    throw new AwsError('AccessDeniedException', 'User is not authorized to perform: states:TestState');
  });
});

afterAll(() => Promise.all([same, other, closed].map((aws) => aws.stop())));

/** Runs the program; `answer` is what the person at the terminal types. */
async function check(
  aws: StatesEndpoint,
  args: string[],
  options: { recording?: Recording; answer?: string } = {},
): Promise<{ exitCode: number; out: string; err: string }> {
  const { answer, recording } = options;
  const stdin = Object.assign(Readable.from(answer === undefined ? [] : [`${answer}\n`]), {
    isTTY: answer !== undefined,
  });
  const terminal = {
    ...fakeTerminal({ AWS_ENDPOINT_URL: aws.endpoint }, stdin),
    progress: Object.assign(new PassThrough(), { isTTY: answer !== undefined }),
  };
  const exitCode = await run(args, terminal, (at) =>
    checkOnAwsProgram(at, async () => recording ?? (await recordSmall())),
  );
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

describe('npm run check-on-aws', () => {
  it('says first what it calls, then shows a table', async () => {
    const { exitCode, out, err } = await check(same, []);
    expect(err).toContain('As arn:aws:iam::111122223333:root, in account 111122223333');
    expect(err).toContain('TestState                        12 times: 7 states, batches of 1, 100, 400 records');
    expect(err).toContain('No role is used; nothing is created, read or written.');
    expect(out).toMatch(/^state +batch {2}verdict +ms {2}AWS's words\n\(definition\) +– {2}OK/);
    expect(out).toMatch(/^Put +2 {2}same +\d+ {2}CAUGHT_ERROR DynamoDb\.Refused → Refused$/m);
    expect(out).toMatch(/AWS accepts the definition\. 12 tests: same as here 12\.$/);
    expect(exitCode).toBe(0);
  });

  it('ends with 2 and the words of AWS when a state fails there', async () => {
    const { exitCode, out } = await check(other, ['--yes']);
    expect(out).toMatch(/^Begin +1 {2}failed +\d+ {2}States\.QueryEvaluationError: Stack overflow error$/m);
    expect(out).toMatch(/12 tests: same as here 10, failed 2\.$/);
    expect(exitCode).toBe(2);
  });

  it('names states that no batch reached, and ends with 2', async () => {
    const recording = await recordSmall();
    const { exitCode, out } = await check(same, [], {
      recording: { ...recording, states: [...recording.states, 'Rare'] },
    });
    expect(out).toContain('Rare was not checked: no batch makes it do its work on this machine.');
    expect(exitCode).toBe(2);
  });

  it('prints JSON on one line', async () => {
    const { exitCode, out } = await check(other, ['--json']);
    expect(JSON.parse(out)).toMatchObject({
      isProven: false,
      caller: { account: '111122223333' },
      definition: { result: 'OK' },
      states: expect.arrayContaining([
        {
          state: 'Begin',
          batch: 2,
          verdict: 'failed',
          ms: expect.any(Number),
          words: 'States.QueryEvaluationError: Stack overflow error',
        },
      ]),
      notReached: [],
    });
    expect(exitCode).toBe(2);
  });

  it('asks a person before it sends anything', async () => {
    expect(await check(closed, [], { answer: 'n' })).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/Nothing was sent\.$/),
    });
    expect(await check(same, [], { answer: 'y' })).toMatchObject({ exitCode: 0 });
    expect(await check(same, ['--yes'], { answer: '' })).toMatchObject({ exitCode: 0 });
  });

  it('ends with 2 when it is interrupted', async () => {
    const terminal = fakeTerminal({ AWS_ENDPOINT_URL: same.endpoint });
    const recording = () => {
      terminal.interrupt();
      return recordSmall();
    };
    expect(await run([], terminal, (at) => checkOnAwsProgram(at, recording))).toBe(2);
    expect(terminal.complaints()).toMatch(/Interrupted\.$/);
    expect(terminal.printed()).toBe('');
  });

  it('says which permission is missing', async () => {
    const { exitCode, err } = await check(closed, []);
    expect(err).toContain('AWS does not let arn:aws:iam::111122223333:root call this: User is not authorized');
    expect(err).toContain('docs/check-on-aws.md has the policy');
    expect(exitCode).toBe(2);
  });

  it('teaches with --help', async () => {
    const { exitCode, out } = await check(same, ['--help']);
    expect(out).toContain('Exit codes: 0 everything is the same, 1 could not start, 2 something is not.');
    expect(exitCode).toBe(0);
  });

  it('explains missing credentials', async () => {
    const script = new URL('../../src/check-on-aws/check-on-aws.ts', import.meta.url).pathname;
    const env = {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_REGION: 'eu-west-1',
      AWS_CONFIG_FILE: '/nowhere',
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    };
    const ended = await new Promise<{ code: unknown; stderr: string }>((resolve) =>
      execFile(process.execPath, [script], { env }, (error, _, stderr) => resolve({ code: error?.code, stderr })),
    );
    expect(ended.stderr).toContain('Could not load credentials from any providers');
    expect(ended.stderr).toContain('To work on AWS, choose a profile and a region with AWS_PROFILE and AWS_REGION.');
    expect(ended.code).toBe(1);
  });
});
