import { once } from 'node:events';
import { createServer } from 'node:http';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClients } from '../src/aws-clients.ts';

const names = ['AWS_ENDPOINT_URL', 'AWS_REGION'] as const;
const before = names.map((name) => [name, process.env[name]] as const);
const set = (values: Partial<Record<(typeof names)[number], string>>) => {
  for (const name of names) {
    if (values[name] === undefined) delete process.env[name];
    else process.env[name] = values[name];
  }
};
beforeEach(() => set({}));
afterEach(() => set(Object.fromEntries(before)));

describe('clients', () => {
  it('use the endpoint of the environment for every service, with dummy keys', async () => {
    set({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_REGION: 'eu-west-1' });
    const { sqs, s3 } = createClients();
    expect(await sqs.config.endpoint?.()).toMatchObject({ hostname: '127.0.0.1', port: 4566 });
    expect(await sqs.config.region()).toBe('eu-west-1');
    expect(await sqs.config.credentials()).toMatchObject({ accessKeyId: 'local' });
    expect(s3.config.forcePathStyle).toBe(true);
  });

  it('take an empty variable as one that is not set', async () => {
    set({ AWS_ENDPOINT_URL: '', AWS_REGION: '' });
    expect(createClients().s3.config.forcePathStyle).toBe(false);
    expect(await createClients({ endpoint: 'http://127.0.0.1:1' }).sqs.config.region()).toBe('us-east-1');
  });

  it('give up an attempt that takes longer than they may', async () => {
    const silent = createServer(() => {});
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const endpoint = `http://127.0.0.1:${address.port}`;
    const clients = createClients({ endpoint, maxAttempts: 1, longestAttemptMs: 20 });
    await expect(clients.dynamodb.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
    clients.destroy();
    silent.closeAllConnections();
    silent.close();
  });
});
