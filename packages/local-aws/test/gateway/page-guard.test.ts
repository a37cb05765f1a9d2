import { request } from 'node:http';
import { connect } from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemRandom } from '@tweet-pipes/kit/random';
import { startGateway } from '../../src/gateway/gateway.ts';
import { recordingServices, signedQuery } from './recording-services.ts';
import { startTestEndpoint, type TestEndpoint } from './test-endpoint.ts';

const friend = 'http://localhost:3000';
const calls: string[] = [];
const lines: string[] = [];
let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint({
    services: recordingServices(calls),
    routes: { '/_health': async () => ({ statusCode: 200, body: { status: 'ready' } }) },
    allowOrigins: [friend],
    allowHosts: ['devbox.example', 'localhost:8080', '[fd00::1]:9'],
    log: (line) => void lines.push(line),
  });
});
afterAll(() => aws.stop());
beforeEach(() => {
  calls.length = 0;
  lines.length = 0;
});

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends exactly these headers. `fetch` would add and forbid some. */
function send({ method = 'GET', path = '/', headers = {}, body = '' }: Sent) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const { port } = aws.gateway;
      const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (incoming) => {
        let heard = '';
        incoming.on('data', (chunk) => {
          heard += chunk;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode, headers: incoming.headers, body: heard }));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    },
  );
}

const authorization = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
const functions = '/2015-03-31/functions';
const form = 'application/x-www-form-urlencoded';
const target = 'AWSStepFunctions.StartSyncExecution';

describe('a web page', () => {
  const attacks: [string, string, Sent][] = [
    [
      'a form that creates a function',
      'X-Amz-Credential',
      {
        method: 'POST',
        path: `${functions}?${signedQuery('lambda')}`,
        headers: { 'content-type': 'text/plain' },
        body: '{"FunctionName":"f"}',
      },
    ],
    [
      'a form that creates a function, even with a signature in a header',
      'Content-Type',
      {
        method: 'POST',
        path: functions,
        headers: { 'content-type': 'text/plain', authorization: authorization('lambda') },
        body: '{"FunctionName":"f"}',
      },
    ],
    [
      'a form with a password in its address',
      'Content-Type',
      { method: 'POST', path: functions, headers: { 'content-type': form, authorization: 'Basic Q3JlZGVudGlhbD0=' } },
    ],
    [
      'a plain-text StartSyncExecution',
      'Content-Type',
      { method: 'POST', headers: { 'content-type': 'text/plain;charset=UTF-8', 'x-amz-target': target }, body: '{}' },
    ],
    [
      'an upload form',
      'Content-Type',
      { method: 'POST', path: '/bucket?delete', headers: { 'content-type': 'Multipart/Form-Data; boundary=x' } },
    ],
    ['a foreign origin', 'Origin', { headers: { origin: 'http://evil.example' } }],
    ['an origin without a name', 'Origin', { headers: { origin: 'null' } }],
    ['another port of this machine', 'Origin', { headers: { origin: 'http://127.0.0.1:1' } }],
    [
      'an image of another site',
      'Sec-Fetch-Site',
      { path: '/bucket/key', headers: { 'sec-fetch-site': 'cross-site' } },
    ],
    ['an image of another port', 'Sec-Fetch-Site', { path: '/_health', headers: { 'sec-fetch-site': 'same-site' } }],
    ['a name that is pointed to this machine', 'Host', { path: '/_health', headers: { host: 'evil.example:4566' } }],
    ['such a name in front of a loopback name', 'Host', { headers: { host: 'localhost.evil.example' } }],
    [
      'a signed link to a function',
      'X-Amz-Credential',
      { method: 'POST', path: `${functions}/f/invocations?${signedQuery('lambda')}` },
    ],
    [
      'a signed image of a stack',
      'X-Amz-Credential',
      { path: `/?Action=DescribeStacks&${signedQuery('cloudformation')}` },
    ],
    [
      'a form of AWS Query without a header',
      'Content-Type',
      { method: 'POST', headers: { 'content-type': form }, body: 'Action=DescribeStacks' },
    ],
    [
      'a preflight',
      'Origin',
      { method: 'OPTIONS', headers: { origin: 'http://evil.example', 'access-control-request-method': 'PUT' } },
    ],
  ];
  it.each(attacks)('is refused: %s, by %s', async (_what, header, sent) => {
    const answer = await send(sent);
    expect(answer.status).toBe(403);
    expect(`${answer.headers['x-amzn-errortype']} ${answer.body}`).toContain('AccessDenied');
    expect(answer.body).toContain(header);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('is named on the console once, without control characters', async () => {
    const page = { headers: { origin: 'http://evil\u009b.example' } };
    await send(page);
    await send(page);
    expect(lines).toEqual([
      'Refused a request (GET). The header Origin is "http://evil?.example": web pages may not call this endpoint. If you trust the page, name its origin with --allow-origin.',
    ]);
  });

  it('is refused in the protocol of the service', async () => {
    const json = await send({
      method: 'POST',
      headers: { 'x-amz-target': target, origin: 'null', 'content-type': 'application/x-amz-json-1.0' },
    });
    expect(JSON.parse(json.body)).toMatchObject({ __type: 'AccessDenied' });
    const rest = await send({ path: functions, headers: { authorization: authorization('lambda'), origin: 'null' } });
    expect(rest.headers).toMatchObject({ 'x-amzn-errortype': 'AccessDenied' });
    const query = await send({ headers: { authorization: authorization('cloudformation'), origin: 'null' } });
    expect(query.body).toContain('<Code>AccessDenied</Code>');
    expect((await send({ headers: { origin: 'null' } })).body).toContain('<Code>AccessDenied</Code>');
  });

  it('is refused with a body of any size', async () => {
    const headers = { origin: 'null', 'content-length': String(3_000_000) };
    const answer = await send({ method: 'POST', headers, body: 'a'.repeat(3_000_000) }).catch(({ code }) => code);
    // The caller may still be sending when the connection is closed.
    expect(['EPIPE', 'ECONNRESET', 403]).toContain(typeof answer === 'object' ? answer.status : answer);
  });

  it('is refused over HTTP/2 by the authority, whatever the host says', async () => {
    const session = connect(aws.endpoint);
    const status = await new Promise((resolve, reject) => {
      session.on('error', reject);
      const stream = session.request({
        ':path': '/_health',
        ':authority': 'evil.example:4566',
        host: `127.0.0.1:${aws.gateway.port}`,
      });
      stream.on('error', reject);
      stream.on('response', (headers) => resolve(headers[':status']));
    });
    session.destroy();
    expect(status).toBe(403);
  });

  it('of an allowed origin may call and read', async () => {
    const preflight = await send({
      method: 'OPTIONS',
      headers: {
        origin: friend,
        'sec-fetch-site': 'cross-site',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-amz-target',
      },
    });
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': friend,
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
        'access-control-allow-headers': 'authorization,x-amz-target',
      },
    });
    const health = await send({ path: '/_health', headers: { origin: friend, 'sec-fetch-site': 'cross-site' } });
    expect(health).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': friend, vary: 'Origin' } });
    const image = await send({ path: '/_health', headers: { 'sec-fetch-site': 'cross-site' } });
    expect(image.status).toBe(403);
  });
});

describe('a program', () => {
  const port = () => String(aws.gateway.port);

  it('needs no header but Host', async () => {
    expect(await send({ path: '/_health' })).toMatchObject({ status: 200 });
    expect((await send({ path: '/_health' })).headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each(['localhost', '[::1]', 'LOCALHOST', 'bucket.s3.localhost', 'sync-localhost', 'sync-127.0.0.1'])(
    'calls by the name %s',
    async (name) => {
      const answer = await send({ path: '/_health', headers: { host: `${name}:${port()}` } });
      expect(answer.status).toBe(200);
    },
  );

  it.each(['devbox.example', 'DevBox.example:17', 'sync-devbox.example:17', 'localhost:8080', '[fd00::1]:9'])(
    'calls by the allowed name %s',
    async (host) => {
      expect((await send({ path: '/_health', headers: { host } })).status).toBe(200);
      const bucket = { method: 'PUT', path: '/by-name', headers: { host, authorization: authorization('s3') } };
      expect((await send(bucket)).status).toBe(200);
      expect(calls).toEqual([]);
    },
  );

  it.each(['localhost:8081', 'a.devbox.example', 'devbox.example.evil.example', 'devbox.example:x', '[fd00::1]:99'])(
    'is told the remedy for the name %j',
    async (host) => {
      expect(await send({ path: '/_health', headers: { host } })).toMatchObject({
        status: 403,
        body: expect.stringContaining('--allow-host'),
      });
    },
  );

  it('shows the answers to its own pages and to an address that is typed in', async () => {
    const own = { origin: `http://localhost:${port()}`, 'sec-fetch-site': 'same-origin' };
    expect((await send({ path: '/_health', headers: own })).status).toBe(200);
    expect((await send({ path: '/_health', headers: { 'sec-fetch-site': 'none' } })).status).toBe(200);
  });

  it('sends AWS Query as a form, signed with a header', async () => {
    const headers = { 'content-type': `${form}; charset=utf-8`, authorization: authorization('cloudformation') };
    expect((await send({ method: 'POST', headers, body: 'Action=DescribeStacks' })).status).toBe(200);
    expect(calls).toEqual(['cloudformation DescribeStacks']);
  });

  it('writes objects of every content type, as curl does, and by signed URLs', async () => {
    expect((await send({ method: 'PUT', path: '/uploads' })).status).toBe(200);
    for (const type of [form, 'text/plain', 'multipart/form-data; boundary=x']) {
      const path = `/uploads/key?${signedQuery('s3')}`;
      expect((await send({ method: 'PUT', path, headers: { 'content-type': type }, body: 'a=b' })).status).toBe(200);
      expect(await send({ path: '/uploads/key' })).toMatchObject({ body: 'a=b', headers: { 'content-type': type } });
    }
    const upload = { method: 'POST', path: '/uploads/key?uploads', headers: { 'content-type': 'text/plain' } };
    expect((await send(upload)).status).toBe(200);
    expect(lines).toEqual([]);
  });
});

it.each(['*', 'null', 'http://localhost:3000/', 'localhost:3000', 'file:///tmp'])(
  'does not take %s for an origin',
  async (origin) => {
    const options = { port: 0, region: 'us-east-1', accountId: '000000000000', random: systemRandom };
    const starting = startGateway({ ...options, services: [], engines: [], allowOrigins: [origin] });
    await expect(starting).rejects.toThrow(`Not an origin such as http://localhost:3000: ${origin}`);
  },
);

it.each(['*', 'http://devbox', 'devbox/', 'devbox:0', 'devbox:65536', '', 'a b', '.'])(
  'does not take %j for a host',
  async (host) => {
    const options = { port: 0, region: 'us-east-1', accountId: '000000000000', random: systemRandom };
    const starting = startGateway({ ...options, services: [], engines: [], allowHosts: [host] });
    await expect(starting).rejects.toThrow(`Not a host such as devbox:8080: ${host}`);
  },
);
