import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemRandom } from '@tweet-pipes/kit/random';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { ParameterStore } from '../../src/ssm/parameter-store.ts';
import { createSsmService } from '../../src/ssm/service.ts';

const clock = { now: () => Date.UTC(2026, 0, 2), sleep: async () => {} };
let folder: string;
let gateway: Gateway;
let ssm: SSMClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssm-'));
  const parameters = await ParameterStore.open(folder, clock);
  const provided = { name: '/given/version', type: 'String' as const, value: '7', dataType: 'text' as const };
  const service = createSsmService({
    parameters,
    async provide(name) {
      if (name === provided.name) await parameters.put(provided, { overwrite: false });
    },
  });
  gateway = await startGateway({
    ...{ port: 0, region: 'us-east-1', accountId: '000000000000', random: systemRandom, engines: [] },
    services: [service],
  });
  ssm = new SSMClient({
    endpoint: gateway.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'k', secretAccessKey: 's' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  ssm.destroy();
  await gateway.stop();
  await rm(folder, { recursive: true });
});

describe('a parameter', () => {
  it('is put, read, changed and deleted, and is there after a restart', async () => {
    const put = { Name: '/app/url', Value: 'http://a', Type: 'String' as const, Description: 'ж' };
    expect(await ssm.send(new PutParameterCommand(put))).toMatchObject({ Version: 1, Tier: 'Standard' });
    await expect(ssm.send(new PutParameterCommand(put))).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    const overwrite = { Name: '/app/url', Value: 'http://b', Overwrite: true };
    expect(await ssm.send(new PutParameterCommand(overwrite))).toMatchObject({ Version: 2 });

    const shown = {
      Name: '/app/url',
      Type: 'String',
      Value: 'http://b',
      Version: 2,
      LastModifiedDate: new Date(clock.now()),
      ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url',
      DataType: 'text',
    };
    for (const Name of ['/app/url', '/app/url:2', shown.ARN]) {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
      expect(Parameter).toEqual(shown);
    }
    expect((await ParameterStore.open(folder, clock)).get('/app/url')).toMatchObject({ value: 'http://b', version: 2 });

    await ssm.send(new DeleteParameterCommand({ Name: '/app/url' }));
    const names = ['/app/url', '/given/version'];
    expect(await ssm.send(new GetParametersCommand({ Names: names }))).toMatchObject({
      Parameters: [{ Name: '/given/version', Value: '7' }],
      InvalidParameters: ['/app/url'],
    });
  });

  it('is listed by its path, page by page', async () => {
    for (const Name of ['/p/a', '/p/b', '/p/sub/c', '/q/a']) {
      await ssm.send(new PutParameterCommand({ Name, Value: 'v,w', Type: 'StringList' }));
    }
    const list = async (input: { Recursive?: boolean; MaxResults?: number; NextToken?: string }) => {
      const { Parameters = [], NextToken } = await ssm.send(new GetParametersByPathCommand({ Path: '/p', ...input }));
      return { names: Parameters.map(({ Name }) => Name), NextToken };
    };
    expect((await list({})).names).toEqual(['/p/a', '/p/b']);
    const first = await list({ Recursive: true, MaxResults: 2 });
    expect(first.names).toEqual(['/p/a', '/p/b']);
    const second = await list({ Recursive: true, MaxResults: 2, NextToken: first.NextToken ?? '' });
    expect(second).toEqual({ names: ['/p/sub/c'], NextToken: undefined });
    const { Parameters } = await ssm.send(new DescribeParametersCommand({}));
    expect(Parameters?.map(({ Name }) => Name)).toEqual(expect.arrayContaining(['/p/a', '/q/a']));
    expect(await ssm.send(new DeleteParametersCommand({ Names: ['/q/a', '/none'] }))).toMatchObject({
      DeletedParameters: ['/q/a'],
      InvalidParameters: ['/none'],
    });
  });
});

describe('refused', () => {
  const refused: [title: string, command: PutParameterCommand | GetParameterCommand, name: string, message: RegExp][] =
    [
      ['an unknown name', new GetParameterCommand({ Name: '/none' }), 'ParameterNotFound', /\/none not found/],
      ['a version that is gone', new GetParameterCommand({ Name: '/p/a:9' }), 'ParameterVersionNotFound', /version 9/],
      [
        'a secret',
        new PutParameterCommand({ Name: 's', Value: 'v', Type: 'SecureString' }),
        'UnsupportedParameterType',
        /Use String/,
      ],
      ['no type', new PutParameterCommand({ Name: 's', Value: 'v' }), 'ValidationException', /type is required/],
      [
        'a bad name',
        new PutParameterCommand({ Name: 'a b', Value: 'v', Type: 'String' }),
        'ValidationException',
        /a b/,
      ],
      [
        'a name of AWS',
        new PutParameterCommand({ Name: '/aws/x', Value: 'v', Type: 'String' }),
        'ValidationException',
        /aws/,
      ],
      [
        'a long value',
        new PutParameterCommand({ Name: 'l', Value: 'v'.repeat(4097), Type: 'String' }),
        'ValidationException',
        /4096/,
      ],
      [
        'a value that does not match',
        new PutParameterCommand({ Name: 'm', Value: 'v', Type: 'String', AllowedPattern: '\\d+' }),
        'ParameterPatternMismatchException',
        /allowedPattern/,
      ],
    ];
  it.each(refused)('%s', async (_title, command, name, message) => {
    const answer = command instanceof PutParameterCommand ? ssm.send(command) : ssm.send(command);
    await expect(answer).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });
});
