import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemRandom } from '@tweet-pipes/kit/random';
import { blockedPorts, engineAddresses } from '../../src/engines/engine-address.ts';
import { browse, hasChromium } from './browser.ts';
import { recordingServices, signedQuery } from './recording-services.ts';
import { startTestEndpoint, type TestEndpoint } from './test-endpoint.ts';

const calls: string[] = [];
const lines: string[] = [];
let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint({ services: recordingServices(calls), log: (line) => void lines.push(line) });
});
afterAll(() => aws.stop());

const functions = '/2015-03-31/functions';
const code = JSON.stringify({ FunctionName: 'f' });

/** What the page does: everything that a browser sends without a preflight, and a preflight. */
function attack(endpoint: string, port: number): string {
  const create = JSON.stringify(`${endpoint}${functions}?${signedQuery('lambda')}`);
  const query = JSON.stringify(`${endpoint}/?Action=DescribeStacks&${signedQuery('cloudformation')}`);
  return `
    const attempt = (url, options) => fetch(url, options).catch(() => {});
    await attempt(${create}, { method: 'POST', mode: 'no-cors', body: ${JSON.stringify(code)} });
    await attempt(${create}, { method: 'POST', mode: 'no-cors', body: new Blob([${JSON.stringify(code)}]) });
    await attempt(${create}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    await attempt('http://evil.example:${port}${functions}', { mode: 'no-cors' });
    await new Promise((loaded) => {
      const image = new Image();
      image.onload = image.onerror = loaded;
      image.src = ${query};
    });
    await new Promise((loaded) => {
      const frame = document.createElement('iframe');
      frame.name = 'frame';
      const form = document.createElement('form');
      Object.assign(form, { method: 'POST', enctype: 'text/plain', target: 'frame', action: ${create} });
      const field = document.createElement('input');
      [field.name, field.value] = ['{"FunctionName":"f","x":"', '"}'];
      form.append(field);
      document.body.append(frame, form);
      frame.onload = loaded;
      form.submit();
    });`;
}

/** The same requests as Chromium sends them, where there is none. */
async function attackByHand(endpoint: string): Promise<void> {
  const origin = 'http://evil.example';
  const page = { origin, 'sec-fetch-site': 'cross-site' };
  const create = `${endpoint}${functions}?${signedQuery('lambda')}`;
  const query = `${endpoint}/?Action=DescribeStacks&${signedQuery('cloudformation')}`;
  const sent: [string, RequestInit][] = [
    [create, { method: 'POST', headers: { ...page, 'content-type': 'text/plain' }, body: code }],
    [create, { method: 'POST', headers: page, body: new Blob([code]) }],
    [create, { method: 'OPTIONS', headers: { ...page, 'access-control-request-method': 'POST' } }],
    [query, { headers: { 'sec-fetch-site': 'cross-site' } }],
  ];
  for (const [url, options] of sent) expect((await fetch(url, options)).status).toBe(403);
}

it(`keeps a foreign page from the ports of the DynamoDB engine, ${hasChromium ? 'in Chromium' : 'as far as Node knows'}`, async () => {
  const reached: number[] = [];
  const host = engineAddresses(systemRandom, process.platform)[0]?.host;
  const servers = [...blockedPorts, 0].map((port) =>
    createServer((request, response) => {
      reached.push(request.socket.localPort ?? 0);
      response.end();
    }).listen(port, host),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
  // The last one is a port like any other, which shows that the page works.
  const ports = servers.map((server) => (server.address() as AddressInfo).port); // A listening TCP server has one.
  const urls = ports.map((port) => `http://${host}:${port}/`);
  try {
    const calls = urls.map((url) => `await fetch(${JSON.stringify(url)}, { mode: 'no-cors' }).catch(() => {});`);
    if (hasChromium) await browse(calls.join('\n'));
    else for (const url of urls) await fetch(url).catch(() => {});
    expect(reached).toEqual(ports.slice(-1));
  } finally {
    for (const server of servers) server.close();
  }
}, 60_000);

it(`keeps a foreign page out, ${hasChromium ? 'in Chromium' : 'with its requests by plain HTTP: no chromium is on PATH'}`, async () => {
  const { endpoint, port } = aws.gateway;
  if (hasChromium) await browse(attack(endpoint, port));
  else await attackByHand(endpoint);
  expect(calls).toEqual([]);
  if (hasChromium) expect(lines.join('\n')).toContain(`Host is "evil.example:${port}"`);
  const refused = lines.map((line) =>
    /Refused a request \((\w+)\)\. The header ([\w-]+)/.exec(line)?.slice(1).join(' '),
  );
  expect(refused).toEqual(expect.arrayContaining(['POST Origin', 'OPTIONS Origin', 'GET Sec-Fetch-Site']));
}, 60_000);
