import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ManualClock } from '@tweet-pipes/kit/clock';
import { until } from '../../../kit/test/until.ts';
import refused from './cases/refused-functions.json' with { type: 'json' };
import { type Fixture, startFixture, zip } from './fixture.ts';

const hello = 'export const handler = async () => "hello";';
let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

describe('CreateFunction', () => {
  it.each(refused)('refuses $name', async ({ input, expected }) => {
    await expect(
      fixture.call('CreateFunction', { ...input, Code: { ZipFile: zip({ 'index.mjs': hello }) } }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining(expected.error),
    });
  });

  it.each([
    ['no code', {}],
    ['code in two places', { S3Bucket: 'b', S3Key: 'k', ZipFile: zip({ 'index.mjs': hello }) }],
    ['a bucket without a key', { S3Bucket: 'b' }],
  ])('refuses %s', async (_, Code) => {
    await expect(fixture.deploy('s3', hello, { Code })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('Code.ZipFile: exactly one of it and of Code.S3Bucket with Code.S3Key'),
    });
  });

  it('refuses a second function of the same name', async () => {
    await fixture.deploy('twice', hello);

    await expect(fixture.deploy('twice', hello)).rejects.toMatchObject({
      name: 'ResourceConflictException',
      statusCode: 409,
    });
  });

  it('accepts inert properties, and answers its configuration', async () => {
    await fixture.deploy('whole', hello, {
      Timeout: 60,
      MemorySize: 512,
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      Tags: { a: 'b' },
      LoggingConfig: { LogGroup: 'my-logs' },
    });

    const configuration = await fixture.call('GetFunctionConfiguration', { FunctionName: 'whole' });

    expect(configuration).toMatchObject({
      FunctionName: 'whole',
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:whole',
      Timeout: 60,
      MemorySize: 512,
      State: 'Active',
      CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      LoggingConfig: { LogGroup: 'my-logs' },
    });
    expect(await fixture.call('GetFunction', { FunctionName: 'whole' })).toMatchObject({
      Configuration: configuration,
      Tags: { a: 'b' },
    });
    const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:whole';
    expect(await fixture.call('ListTags', { Resource })).toEqual({ Tags: { a: 'b' } });
  });
});

describe('Invoke', () => {
  it.each([
    'called',
    '000000000000:function:called',
    'arn:aws:lambda:us-east-1:000000000000:function:called',
    'called:$LATEST',
  ])('finds a function by %s', async (reference) => {
    if (reference === 'called') await fixture.deploy('called', hello);

    expect(await fixture.invoke(reference)).toMatchObject({ answer: 'hello', error: undefined });
  });

  it.each([
    ['a function that does not exist', { FunctionName: 'missing' }, 'ResourceNotFoundException'],
    ['a version that does not exist', { FunctionName: 'called', Qualifier: '7' }, 'ResourceNotFoundException'],
    [
      'a payload that is no JSON',
      { FunctionName: 'called', Payload: Buffer.from('{') },
      'InvalidRequestContentException',
    ],
    [
      'a payload above 6 MB',
      { FunctionName: 'called', Payload: Buffer.alloc(6_291_457, '1') },
      'RequestTooLargeException',
    ],
    ['InvocationType Event', { FunctionName: 'called', InvocationType: 'Event' }, 'InvalidParameterValueException'],
    ['an unknown log type', { FunctionName: 'called', LogType: 'All' }, 'InvalidParameterValueException'],
    [
      'a client context that is no JSON',
      { FunctionName: 'called', ClientContext: 'AAAA' },
      'InvalidRequestContentException',
    ],
  ])('refuses %s', async (_, input, name) => {
    await expect(fixture.call('Invoke', { Payload: Buffer.from('{}'), ...input })).rejects.toMatchObject({ name });
  });

  it('checks the input of a dry run and runs nothing', async () => {
    await fixture.deploy('dry', 'export const handler = async () => { throw new Error(); };');

    expect(await fixture.call('Invoke', { FunctionName: 'dry', InvocationType: 'DryRun' })).toEqual({
      StatusCode: 204,
    });
    expect(fixture.printed('dry')).toBe('');
  });
});

describe('ListFunctions', () => {
  it('pages by name', async () => {
    const other = await startFixture();
    for (const name of ['c', 'a', 'b']) await other.deploy(name, hello);

    expect(await other.call('ListFunctions', { MaxItems: '2' })).toMatchObject({
      Functions: [{ FunctionName: 'a' }, { FunctionName: 'b' }],
      NextMarker: 'b',
    });
    const { Functions, NextMarker } = await other.call('ListFunctions', { Marker: 'b' });
    expect([Functions, NextMarker]).toMatchObject([[{ FunctionName: 'c' }], undefined]);
    await other.stop();
  });
});

describe('the end of a function', () => {
  const forever = 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));';
  const inFlight = (from: Fixture) => until(() => from.printed('forever').includes('START'));

  it('is an error for its invocations when it is deleted, and leaves nothing on disk', async () => {
    await fixture.deploy('forever', forever);
    const invocation = fixture.invoke('forever');
    await inFlight(fixture);
    expect(fixture.service.inFlight()).toEqual([
      { what: 'function forever', detail: 'invocations running or waiting: 1' },
    ]);

    const [failed] = await Promise.allSettled([
      invocation,
      fixture.call('DeleteFunction', { FunctionName: 'forever' }),
    ]);

    expect(failed).toMatchObject({ status: 'rejected', reason: { name: 'ServiceException' } });
    expect(fixture.service.inFlight()).toEqual([]);
    expect(await readdir(join(fixture.dataFolder, 'lambda'))).not.toContain('forever');
    await expect(fixture.invoke('forever')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is an error for its invocations, running and waiting, when everything stops', async () => {
    const other = await startFixture({ clock: new ManualClock() });
    await other.deploy('forever', forever);
    const invocations = Array.from({ length: 6 }, () => other.invoke('forever'));
    await inFlight(other);

    const [settled] = await Promise.all([Promise.allSettled(invocations), other.stop()]);

    expect(settled.map(({ status }) => status)).toEqual(Array(6).fill('rejected'));
  });

  it('runs code that was changed by deleting and creating', async () => {
    await fixture.deploy('changing', 'export const handler = async () => 1;');
    expect((await fixture.invoke('changing')).answer).toBe(1);
    await fixture.call('DeleteFunction', { FunctionName: 'changing' });
    await fixture.deploy('changing', 'export const handler = async () => 2;');

    expect((await fixture.invoke('changing')).answer).toBe(2);
  });
});
