import { beforeEach, describe, expect, it } from '@jest/globals';
import { INSTANCE_HEADER } from '@tweet-pipes/console/api';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { PageHandler, WireRequest } from '@tweet-pipes/local-aws';
import * as z from 'zod';
import { notFound } from '../../src/console/api-error.ts';
import { parseBody, parseQuery } from '../../src/console/api-handler.ts';
import type { ConsoleContext } from '../../src/console/console-context.ts';
import { createConsole } from '../../src/console/create-console.ts';

const context: ConsoleContext = {
  clients: createClients({ endpoint: 'http://127.0.0.1:9' }),
  clock: new ManualClock(),
  place: 'local',
  region: 'us-east-1',
  stacks: [],
};
let current: ConsoleContext | undefined;
let logged: string[];
let handle: PageHandler;

async function ask(url: string, request: Partial<WireRequest> = {}) {
  const { statusCode, headers, body } = await handle({
    method: 'GET',
    url,
    headers: { host: '127.0.0.1:4566' },
    body: Buffer.alloc(0),
    ...request,
  });
  return { statusCode, headers, text: body.toString() };
}

beforeEach(() => {
  [current, logged] = [context, []];
  handle = createConsole({
    context: () => current,
    log: (line) => logged.push(line),
    routes: {
      'GET echo': async (_, request) => parseQuery(z.object({ id: z.string() }), request),
      'POST echo': async (_, request) => ({ got: parseBody(z.object({ n: z.number() }), request) }),
      'GET missing': async () => {
        throw notFound('There is no such thing.');
      },
      'GET throttled': async () => {
        throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $metadata: {} });
      },
      'GET defect': async () => {
        throw new TypeError('text of a tweet');
      },
    },
  });
});

describe('the page', () => {
  it('is served with its files, which name nothing outside', async () => {
    const page = await ask('/_console');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(page.text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    const paths = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths).toEqual(['/_console/console.css', '/_console/page.js']);
    for (const path of paths) expect((await ask(path)).statusCode).toBe(200);
  });

  it('is not sent again while it is the same', async () => {
    const { headers } = await ask('/_console/page.js');
    const again = await ask('/_console/page.js', { headers: { 'if-none-match': headers.etag ?? '' } });
    expect(again).toMatchObject({ statusCode: 304, text: '' });
  });

  it.each(['/_console/nothing', '/_console/../secret', '/_console/page.js/x'])('has no %s', async (path) => {
    expect((await ask(path)).statusCode).toBe(404);
  });
});

describe('the API', () => {
  it('answers by its table', async () => {
    const answer = await ask('/_console/api/echo?id=a%20b');
    expect(answer).toMatchObject({ statusCode: 200, text: '{"id":"a b"}' });
    expect(answer.headers[INSTANCE_HEADER]).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['/_console/api/nothing', {}, 404, 'NotFound'],
    ['/_console/api/missing', {}, 404, 'NotFound'],
    ['/_console/api/missing', { method: 'POST' }, 405, 'MethodNotAllowed'],
    ['/_console/api/echo', {}, 400, 'BadRequest'],
    ['/_console/api/throttled', {}, 502, 'ThrottlingException'],
    ['/_console/api/echo', { method: 'POST', body: Buffer.from('{"n":1}') }, 415, 'UnsupportedMediaType'],
  ])('refuses %s %j with %d %s', async (path, request, statusCode, error) => {
    const answer = await ask(path, request);
    expect({ statusCode: answer.statusCode, error: JSON.parse(answer.text).error }).toEqual({ statusCode, error });
  });

  it.each([
    ['{"n":1}', 200],
    ['{"n":"1"}', 400],
    ['{', 400],
  ])('reads the body %s', async (body, statusCode) => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const answer = await ask('/_console/api/echo', { method: 'POST', headers, body: Buffer.from(body) });
    expect(answer.statusCode).toBe(statusCode);
  });

  it('answers a defect without its message or stack, and names the place in the log', async () => {
    const answer = await ask('/_console/api/defect');
    expect(answer.statusCode).toBe(500);
    expect(answer.text).not.toMatch(/text of a tweet|create-console/);
    expect(logged).toEqual([
      expect.stringMatching(/^The console page's GET defect failed: TypeError at .*create-console\.test/),
    ]);
  });

  it('says that the runtime is starting', async () => {
    current = undefined;
    expect((await ask('/_console/api/echo?id=a')).statusCode).toBe(503);
  });
});
