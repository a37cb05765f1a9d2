import { createServer } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ManualClock } from '@tweet-pipes/kit/clock';
import { until } from '../../../kit/test/until.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture({ endpoint: 'http://127.0.0.1:4566' });
});
afterAll(() => fixture.stop());

describe('a handler', () => {
  it.each([
    ['ESM', { 'index.mjs': 'export const handler = async (event) => ({ got: event });' }, 'index.handler'],
    ['CommonJS', { 'index.js': 'exports.handler = async (event) => ({ got: event });' }, 'index.handler'],
    [
      'CommonJS that a lexer cannot see through',
      { 'index.cjs': 'module.exports = Object.assign({}, { handler: async (event) => ({ got: event }) });' },
      'index.handler',
    ],
    [
      'ESM by package.json',
      { 'package.json': '{"type":"module"}', 'index.js': 'export const handler = async (event) => ({ got: event });' },
      'index.handler',
    ],
    [
      'in a folder, nested in an export',
      { 'src/app.mjs': 'export const routes = { post: (event) => ({ got: event }) };' },
      'src/app.routes.post',
    ],
    [
      'with top-level await and an import',
      {
        'index.mjs':
          "const { x } = await import('./x.mjs'); export const handler = async (event) => ({ got: event, ...x });",
        'x.mjs': 'export const x = {};',
      },
      'index.handler',
    ],
  ])('can be %s', async (kind, files, handler) => {
    const name = kind.replaceAll(/\W/g, '-');
    await fixture.deploy(name, files, { Handler: handler });

    expect(await fixture.invoke(name, [{ a: 'ü' }])).toMatchObject({ answer: { got: [{ a: 'ü' }] }, error: undefined });
  });

  it('sees the environment of the template and of Lambda, and nothing else', async () => {
    process.env.SECRET_OF_THIS_PROCESS = 'x';
    await fixture.deploy('environment', 'export const handler = async () => process.env;', {
      Environment: { Variables: { TABLE_LABELS: '{"a":"b"}' } },
      MemorySize: 256,
    });

    const { answer } = await fixture.invoke('environment');

    delete process.env.SECRET_OF_THIS_PROCESS;
    expect(answer).toEqual({
      TABLE_LABELS: '{"a":"b"}',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'worker',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'environment',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/environment',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      LAMBDA_TASK_ROOT: expect.stringContaining(fixture.dataFolder),
      _HANDLER: 'index.handler',
      PATH: expect.any(String),
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
    });
  });

  it('gets the context that Lambda gives', async () => {
    await fixture.deploy(
      'context',
      'export const handler = async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() });',
      { Timeout: 7 },
    );

    const { answer } = await fixture.invoke(
      'context',
      {},
      { ClientContext: Buffer.from('{"custom":1}').toString('base64') },
    );

    expect(answer).toMatchObject({
      functionName: 'context',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
      memoryLimitInMB: '128',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logGroupName: '/aws/lambda/context',
      clientContext: { custom: 1 },
      left: expect.any(Number),
    });
    expect(Number(Reflect.get(Object(answer), 'left'))).toBeGreaterThan(5_000);
    expect(Number(Reflect.get(Object(answer), 'left'))).toBeLessThanOrEqual(7_000);
  });

  it('can use the AWS SDK without bundling it, as on Lambda, and reaches the endpoint', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end('<ListBucketResult><Contents><Key>found</Key></Contents></ListBucketResult>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const other = await startFixture({
      endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    });
    await other.deploy(
      'sdk',
      "import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'; export const handler = async () => (await new S3Client({}).send(new ListObjectsV2Command({ Bucket: 'b' }))).Contents;",
    );

    expect((await other.invoke('sdk')).answer).toEqual([{ Key: 'found' }]);
    expect(asked).toEqual(['GET /b/?list-type=2']);
    await other.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is kept warm: the next invocation finds the state of the first', async () => {
    await fixture.deploy('warm', 'let calls = 0; export const handler = async () => (calls += 1);');

    expect((await fixture.invoke('warm')).answer).toBe(1);
    expect((await fixture.invoke('warm')).answer).toBe(2);
  });

  it('runs up to four invocations in parallel, and queues more', async () => {
    await fixture.deploy('parallel', 'export const handler = async () => process.pid;');

    const answers = await Promise.all(Array.from({ length: 9 }, () => fixture.invoke('parallel')));

    expect(answers.map(({ error }) => error)).toEqual(Array(9).fill(undefined));
    expect(new Set(answers.map(({ answer }) => answer)).size).toBe(4);
  });

  it('answers null for undefined, and takes an empty payload as {}', async () => {
    await fixture.deploy(
      'nothing',
      'export const handler = async (event) => { if (Object.keys(event).length) return event; };',
    );

    expect(await fixture.invoke('nothing')).toMatchObject({ answer: null, error: undefined });
    expect(await fixture.invoke('nothing', {}, { Payload: new Uint8Array() })).toMatchObject({
      answer: null,
      error: undefined,
    });
  });
});

describe('a function that fails', () => {
  const failing: [string, string, Record<string, unknown>, object][] = [
    [
      'throws',
      "export const handler = async () => { throw new RangeError('too far'); };",
      {},
      {
        errorType: 'RangeError',
        errorMessage: 'too far',
        trace: expect.arrayContaining(['RangeError: too far', expect.stringContaining('index.mjs:1')]),
      },
    ],
    [
      'throws what is no error',
      "export const handler = async () => { throw 'words'; };",
      {},
      { errorType: 'string', errorMessage: 'words', trace: [] },
    ],
    [
      'answers what JSON cannot hold',
      'export const handler = async () => 1n;',
      {},
      { errorType: 'Error', errorMessage: 'Unable to stringify response body' },
    ],
    [
      'answers more than 6 MB',
      "export const handler = async () => 'x'.repeat(6_291_557);",
      {},
      {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
    ],
    [
      'throws while it loads',
      "throw new Error('no configuration'); export const handler = 1;",
      {},
      { errorType: 'Error', errorMessage: 'no configuration' },
    ],
    [
      'has no such export',
      'export const other = async () => {};',
      {},
      { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    ],
    [
      'has no such file',
      'export const handler = async () => {};',
      { Handler: 'main.handler' },
      { errorType: 'Runtime.ImportModuleError', errorMessage: "Error: Cannot find module 'main'" },
    ],
    [
      'imports what is not there',
      "import 'nowhere-to-be-found'; export const handler = async () => {};",
      {},
      { errorType: 'Runtime.ImportModuleError' },
    ],
    ['is no JavaScript', 'export const handler = async (', {}, { errorType: 'Runtime.UserCodeSyntaxError' }],
    [
      'takes a callback',
      'export const handler = (event, context, callback) => callback(null, 1);',
      {},
      { errorType: 'Runtime.CallbackHandlerDeprecated' },
    ],
    [
      'exits',
      'export const handler = async () => process.exit(3);',
      {},
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/,
        ),
      },
    ],
    [
      'exits without a reason',
      'export const handler = async () => process.exit(0);',
      {},
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringContaining('Runtime exited without providing a reason'),
      },
    ],
    [
      'throws outside its promise',
      "export const handler = () => new Promise(() => { setImmediate(() => { throw new TypeError('elsewhere'); }); });",
      {},
      { errorType: 'TypeError', errorMessage: 'elsewhere' },
    ],
    [
      'leaves a rejection unhandled',
      "export const handler = () => new Promise(() => { Promise.reject(new Error('forgotten')); });",
      {},
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: forgotten' },
    ],
    [
      'takes too much memory',
      "export const handler = async () => { const kept = []; for (;;) kept.push('x'.repeat(100).split('')); };",
      { Timeout: 30 },
      { errorType: 'Runtime.OutOfMemory', errorMessage: expect.stringContaining('signal: killed') },
    ],
  ];

  it.each(failing)(
    'because it %s answers an error of that name, and works again',
    async (kind, code, properties, expected) => {
      const name = kind.replaceAll(/\W/g, '-');
      await fixture.deploy(name, code, properties);

      const { answer, error, log } = await fixture.invoke(name);

      expect(answer).toMatchObject(expected);
      expect(error).toBe('Unhandled');
      expect(log).toContain('END RequestId');
      expect((await fixture.invoke(name)).answer).toMatchObject(expected);
    },
    30_000,
  );
});

describe('a timeout', () => {
  it.each([
    [
      'waits for ever',
      'export const handler = async ({ hang }) => { console.log("working"); calls += 1; return hang ? new Promise(() => {}) : calls; };',
    ],
    [
      'never gives way',
      'export const handler = async ({ hang }) => { console.log("working"); calls += 1; while (hang); return calls; };',
    ],
  ])('ends a function that %s, and a new process replaces it', async (kind, code) => {
    const clock = new ManualClock();
    const other = await startFixture({ clock });
    const name = kind.replaceAll(' ', '-');
    await other.deploy(name, `let calls = 0; ${code}`, { Timeout: 3 });
    expect((await other.invoke(name)).answer).toBe(1);

    const hanging = other.invoke(name, { hang: true });
    await until(() => other.printed(name).split('working').length === 3);
    await clock.advance(2_999);
    expect(other.service.inFlight()).toHaveLength(1);
    await clock.advance(1);

    expect(await hanging).toMatchObject({
      answer: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 3\.00 seconds$/),
      },
      error: 'Unhandled',
    });
    expect((await other.invoke(name)).answer).toBe(1);
    await other.stop();
  });
});

describe('the log', () => {
  it('has what the function printed, in order, from START to REPORT', async () => {
    const code =
      "console.log('loading'); export const handler = async () => { console.warn('%s is', 'one', { a: 1 }); process.stdout.write('{\"_aws\":{}}\\n'); console.error('last'); };";
    await fixture.deploy('prints', code);

    const { log } = await fixture.invoke('prints');

    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t[0-9a-f-]{36}\t`;
    expect(log).toMatch(
      new RegExp(
        `^START RequestId: [0-9a-f-]{36} Version: \\$LATEST\n${time}INFO\tloading\n${time}WARN\tone is \\{ a: 1 \\}\n\\{"_aws":\\{\\}\\}\n${time}ERROR\tlast\nEND RequestId: .+\nREPORT RequestId: .+\n$`,
      ),
    );
    expect(fixture.printed('prints')).toContain(log);
    const { lines, ensured } = fixture.logs;
    const streams = new Set(
      lines.filter(({ message }) => message.includes('loading')).map((line) => line.logStreamName),
    );
    expect([...streams]).toEqual([expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/)]);
    expect(lines.map(({ message }) => message)).toContain('{"_aws":{}}');
    expect(ensured).toContain('/aws/lambda/prints');
  });

  it('returns its last 4 KB', async () => {
    await fixture.deploy(
      'chatty',
      "export const handler = async () => { for (let i = 0; i < 4000; i += 1) console.log(i, 'x'.repeat(100)); };",
    );

    const { log } = await fixture.invoke('chatty');

    expect(Buffer.byteLength(log)).toBe(4096);
    expect(log).toContain('INFO\t3999 x');
  });
});
