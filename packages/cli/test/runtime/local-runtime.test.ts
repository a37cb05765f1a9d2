import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { localRuntimeAt } from '@tweet-pipes/local-aws/command-line/local-runtime';
import { run } from '../../src/run.ts';
import { fakeTerminal } from '../fake-terminal.ts';

let server: Server;
let endpoint: string;
let folder: string;
/** What the server answers, by path. */
let answers: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-local-runtime-'));
  await writeFile(join(folder, 'owner.json'), '{"processId":4711,"since":"2026-11-29T10:00:00.000Z"}');
  server = createServer(({ url = '' }, response) => response.end(answers[url] ?? 'nothing'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

it('knows a runtime by its health, with its data folder and its process', async () => {
  answers = { '/_health': '{"status":"degraded","problems":[]}', '/_status': JSON.stringify({ dataFolder: folder }) };
  expect(await localRuntimeAt(endpoint)).toEqual({ dataFolder: folder, processId: 4711 });
  answers = { '/_health': '{"status":"ready"}', '/_status': '{"dataFolder":"/nowhere"}' };
  expect(await localRuntimeAt(endpoint)).toEqual({ dataFolder: '/nowhere' });
  answers = { '/_health': '{"status":"ready"}' };
  expect(await localRuntimeAt(endpoint)).toEqual({});
});

it('knows nothing of other programs, and where there is none', async () => {
  answers = { '/_health': '{"status":"UP"}' };
  expect(await localRuntimeAt(endpoint)).toBeUndefined();
  expect(await localRuntimeAt('http://127.0.0.1:1')).toBeUndefined();
});

it('is named when a new one is to have its port', async () => {
  answers = { '/_health': '{"status":"ready"}', '/_status': JSON.stringify({ dataFolder: folder }) };
  const terminal = fakeTerminal();
  const { port } = server.address() as AddressInfo;
  expect(await run(['local', '--port', String(port), '--data', join(folder, 'other')], terminal)).toBe(1);
  expect(terminal.complaints()).toContain(
    `Port ${port} on 127.0.0.1 is in use by a local runtime (process id 4711, data in ${folder}). ` +
      `Use it (export AWS_ENDPOINT_URL=${endpoint}), stop it`,
  );
});
