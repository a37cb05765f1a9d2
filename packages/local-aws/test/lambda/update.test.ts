import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.ts';
import { parseConfigurationUpdate, parseDefinition } from '../../src/lambda/definition.ts';
import { type Fixture, startFixture, zip } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

const answering = (text: string) => ({ 'index.mjs': `export const handler = async () => ${JSON.stringify(text)};` });
const updateCode = (FunctionName: string, files: Record<string, string>) =>
  fixture.call('UpdateFunctionCode', { FunctionName, ZipFile: zip(files) });

describe('UpdateFunctionConfiguration', () => {
  const { definition: before } = parseDefinition(
    {
      FunctionName: 'f',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/R',
      Code: { ZipFile: new Uint8Array([1]) },
      Description: 'what it does',
      Timeout: 7,
      Environment: { Variables: { A1: '1', B1: '2' } },
      DeadLetterConfig: { TargetArn: 'queue' },
      LoggingConfig: { LogGroup: 'mine' },
    },
    { region: 'us-east-1', accountId: '000000000000' },
  );

  // https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
  it.each([
    ['what it does not name stays', {}, {}],
    ['variables are replaced as a whole', { Environment: { Variables: { C1: '3' } } }, { variables: { C1: '3' } }],
    ['no variables', { Environment: {} }, { variables: {} }],
    ['an empty ARN removes the queue', { DeadLetterConfig: { TargetArn: '' } }, { deadLetterArn: undefined }],
    ['an empty description', { Description: '' }, { description: '' }],
    ['the log group by default', { LoggingConfig: { LogFormat: 'Text' } }, { logGroup: '/aws/lambda/f' }],
    [
      'everything else',
      { Runtime: 'nodejs22.x', Handler: 'a.b', Role: 'r', Timeout: 9, MemorySize: 256 },
      { runtime: 'nodejs22.x', handler: 'a.b', role: 'r', timeoutSeconds: 9, memoryMb: 256 },
    ],
  ])('%s', (_, input, changes) => {
    expect(parseConfigurationUpdate({ FunctionName: 'f', ...input }, before)).toEqual({ ...before, ...changes });
  });

  it.each([
    ['Layers', { Layers: ['arn'] }],
    ['VpcConfig', { VpcConfig: {} }],
    ['RevisionId', { RevisionId: 'r' }],
    ['Timeout', { Timeout: 901 }],
    ['Runtime', { Runtime: 'python3.13' }],
  ])('refuses %s by name', (name, input) => {
    expect(() => parseConfigurationUpdate({ FunctionName: 'f', ...input }, before)).toThrow(
      expect.objectContaining({
        name: 'InvalidParameterValueException',
        message: expect.stringContaining(`${name}: `),
      }),
    );
  });
});

describe('a function that is updated', () => {
  it('ends what runs with the old code, runs the new one at once, and leaves no old code', async () => {
    const waiting =
      'import { existsSync } from "node:fs";' +
      'export const handler = async ({ until }) => {' +
      '  while (!existsSync(until)) await new Promise((next) => setTimeout(next, 5));' +
      '  return "old";' +
      '};';
    await fixture.deploy('busy', { 'index.mjs': waiting });
    const gate = join(fixture.dataFolder, 'gate');
    const running = fixture.invoke('busy', { until: gate });
    await until(() => fixture.printed('busy').includes('START'));

    await updateCode('busy', answering('new'));
    expect((await fixture.invoke('busy')).answer).toBe('new');
    expect(fixture.service.inFlight()).toHaveLength(1);
    await writeFile(gate, '');
    expect((await running).answer).toBe('old');
    const folders = () => readdir(join(fixture.dataFolder, 'lambda', 'busy'));
    await until(async () => (await folders()).length === 1);
  });

  it('has its new variables, timeout and description, with the same code', async () => {
    await fixture.deploy('settings', {
      'index.mjs':
        'export const handler = async () => [process.env.A1, process.env.B1, process.env.AWS_EXECUTION_ENV];',
    });
    await fixture.invoke('settings');
    const { CodeSha256 } = await fixture.call('GetFunctionConfiguration', { FunctionName: 'settings' });
    const updated = await fixture.call('UpdateFunctionConfiguration', {
      FunctionName: 'settings',
      Environment: { Variables: { A1: 'a' } },
      Timeout: 30,
      Description: 'new',
      Runtime: 'nodejs22.x',
    });
    expect(updated).toMatchObject({ Timeout: 30, Description: 'new', CodeSha256, LastUpdateStatus: 'Successful' });
    expect((await fixture.invoke('settings')).answer).toEqual(['a', null, 'AWS_Lambda_nodejs22.x']);
  });

  it('keeps its environments when nothing changes', async () => {
    const counting = { 'index.mjs': 'let calls = 0; export const handler = async () => ++calls;' };
    await fixture.deploy('same', counting);
    expect((await fixture.invoke('same')).answer).toBe(1);
    await updateCode('same', counting);
    await fixture.call('UpdateFunctionConfiguration', { FunctionName: 'same', Timeout: 3 });
    expect((await fixture.invoke('same')).answer).toBe(2);
  });

  it('stays as it was when its new code is no package', async () => {
    await fixture.deploy('kept', answering('old'));
    await expect(
      fixture.call('UpdateFunctionCode', { FunctionName: 'kept', ZipFile: new Uint8Array([1, 2]) }),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    expect((await fixture.invoke('kept')).answer).toBe('old');
  });

  it('is not changed by two updates at a time', async () => {
    await fixture.deploy('twice', answering('0'));
    const ends = await Promise.allSettled([updateCode('twice', answering('1')), updateCode('twice', answering('2'))]);
    expect(ends).toMatchObject([
      { status: 'fulfilled' },
      { reason: { name: 'ResourceConflictException', statusCode: 409 } },
    ]);
  });
});

describe('a handler with a callback', () => {
  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html#nodejs-handler-callback
  it.each([
    ['answers', 'callback(null, event.n + 1)', { answer: 2 }],
    ['fails', 'callback(new TypeError("no"))', { error: 'Unhandled', answer: { errorType: 'TypeError' } }],
    ['returns a promise', 'return Promise.resolve(3)', { answer: 3 }],
  ])('%s before Node 24', async (name, body, expected) => {
    const files = { 'index.js': `exports.handler = (event, context, callback) => { ${body} };` };
    await fixture.deploy(`callback-${name.replaceAll(' ', '-')}`, files, { Runtime: 'nodejs22.x' });
    expect(await fixture.invoke(`callback-${name.replaceAll(' ', '-')}`, { n: 1 })).toMatchObject(expected);
  });
});
