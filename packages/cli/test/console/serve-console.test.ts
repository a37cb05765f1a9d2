import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConsole } from '../../src/console/create-console.ts';
import { serveConsole } from '../../src/console/serve-console.ts';
import { contextOf } from './context.ts';

let server: Awaited<ReturnType<typeof serveConsole>>;
beforeAll(async () => {
  const context = { ...(await contextOf({})), place: 'aws' as const };
  const page = createConsole({ context: () => context, log() {} });
  server = await serveConsole({ port: 0, page, log() {} });
});
afterAll(() => server.stop());

/** `fetch` sets the headers of interest itself. */
function call(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  return new Promise<{ status: number; location: string | undefined; text: string }>((resolve, reject) => {
    const outgoing = request({ port: server.port, host: '127.0.0.1', method, path, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      const { statusCode: status = 0, headers } = answer;
      resolve({ status, location: headers.location, text: Buffer.concat(chunks).toString() });
    });
    outgoing.once('error', reject).end(body);
  });
}

describe('serveConsole', () => {
  it('leads to the page', async () => {
    expect(await call('GET', '/')).toMatchObject({ status: 302, location: '/_console' });
    expect(await call('GET', '/_console')).toMatchObject({ status: 200, text: expect.stringContaining('<title>') });
  });

  it('has nothing else', async () => {
    expect(await call('GET', '/_health')).toMatchObject({ status: 404 });
  });

  it.each([
    [{ host: 'evil.example:80' }, 'The header Host is "evil.example:80"'],
    [{ origin: 'http://evil.example' }, 'The header Origin is "http://evil.example"'],
    [{ 'sec-fetch-site': 'cross-site' }, 'The header Sec-Fetch-Site is "cross-site"'],
  ])('refuses a stranger: %j', async (headers, text) => {
    const answer = await call('GET', '/_console/api/session', headers);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text).message).toContain(text);
  });

  it('refuses each action by name over a deployed stack', async () => {
    const type = { 'content-type': 'application/json' };
    for (const path of ['pipe', 'query', 'redrive']) {
      const answer = await call('POST', `/_console/api/${path}`, type, '{}');
      expect({ path, ...answer }).toMatchObject({ path, status: 403, text: expect.stringContaining('"ReadOnly"') });
    }
  });

  it('takes no more than a page sends', async () => {
    const type = { 'content-type': 'application/json' };
    expect(await call('POST', '/_console/api/query', type, 'x'.repeat(1_000_001))).toMatchObject({ status: 413 });
  });
});
