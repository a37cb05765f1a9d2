import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { AwsError } from '../../src/gateway/aws-error.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import type { Call } from '../../src/gateway/wire.ts';
import { createStsService } from '../../src/sts/service.ts';
import { emptyAccess } from '../iam/empty-access.ts';
import { startTestEndpoint, type TestEndpoint } from './test-endpoint.ts';

let aws: TestEndpoint;
const calls: Pick<Call, 'service' | 'operation'>[] = [];
let fault: AwsError | undefined;
const logged: string[] = [];
beforeAll(async () => {
  aws = await startTestEndpoint({
    services: [createStsService({ clock: systemClock, access: emptyAccess() })],
    routes: { '/_health': async () => ({ statusCode: 503, body: { status: 'starting' } }) },
    pages: {
      '/_page': async ({ method, url, body }) => {
        if (url.endsWith('/defect')) throw new TypeError('secret');
        return {
          statusCode: 200,
          headers: { 'content-type': 'text/plain' },
          body: Buffer.from(`${method} ${url} ${body}`),
        };
      },
    },
    log: (line) => void logged.push(line),
    async intercept(call, forward) {
      calls.push({ service: call.service, operation: call.operation });
      if (fault !== undefined) throw fault;
      return forward();
    },
  });
});
afterAll(() => aws.stop());

const credential = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=key/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
});

describe('pages', () => {
  it('answer their path and every path below', async () => {
    const text = async (path: string, init?: RequestInit) => (await fetch(`${aws.endpoint}${path}`, init)).text();
    expect(await text('/_page')).toBe('GET /_page ');
    expect(await text('/_page/a?b=c')).toBe('GET /_page/a?b=c ');
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    expect(await text('/_page/a', json)).toBe('POST /_page/a {}');
    expect(await text('/_pages')).toContain('NoSuchBucket');
  });

  it('are refused to other origins', async () => {
    const answer = await fetch(`${aws.endpoint}/_page`, { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(403);
  });

  it('answer 500 on a defect, without its message', async () => {
    const answer = await fetch(`${aws.endpoint}/_page/defect`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(logged.at(-1)).toMatch(/^GET \/_page\/defect failed: TypeError at /);
  });
});

describe('routing', () => {
  it('goes by the signature, then by the target, then to S3', async () => {
    calls.length = 0;
    const target = { 'x-amz-target': 'Kinesis_20131202.ListStreams', 'content-type': 'application/x-amz-json-1.1' };
    await fetch(aws.endpoint, { method: 'POST', headers: { ...target, ...credential('kinesis') }, body: '{}' });
    await fetch(aws.endpoint, { method: 'POST', headers: target, body: '{}' });
    await fetch(`${aws.endpoint}/bucket/key`, { headers: target });
    await fetch(`${aws.endpoint}/bucket/key`);
    await fetch(`${aws.endpoint}/bucket/key?X-Amz-Credential=key%2F20260101%2Feu-west-1%2Fs3%2Faws4_request`, {
      headers: target,
    });
    expect(calls).toEqual([
      { service: 'kinesis', operation: 'ListStreams' },
      { service: 'kinesis', operation: 'ListStreams' },
      { service: 'kinesis', operation: 'ListStreams' },
      { service: 's3', operation: 'GetObject' },
      { service: 's3', operation: 'GetObject' },
    ]);
  });

  it('serves the unmodified Kinesis client, which speaks HTTP/2', async () => {
    const client = new KinesisClient({
      endpoint: aws.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    expect(client.config.requestHandler.constructor.name).toBe('NodeHttp2Handler');
    expect(await client.send(new ListStreamsCommand({}))).toMatchObject({ StreamNames: [] });
    client.destroy();
  });

  it('says who the caller is, with keys of any kind', async () => {
    expect(await aws.clients.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000' });
  });

  it.each([
    ['JSON', { 'x-amz-target': 'DynamoDB_20111205.GetItem', 'content-type': 'application/x-amz-json-1.0' }],
    ['query', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['REST', { 'content-type': 'application/json' }],
  ])('names a service it does not have, in %s', async (_kind, headers) => {
    const response = await fetch(aws.endpoint, {
      method: 'POST',
      headers: { ...headers, ...credential('glue') },
      body: 'Action=X',
    });
    expect(response.status).toBe(400);
    const text = await response.text();
    // REST carries the code in a header, the others in the body.
    expect(`${response.headers.get('x-amzn-errortype')} ${text}`).toContain('UnknownServiceException');
    expect(text).toContain('The service glue is not served');
  });

  it('says what to do without a service that the CDK calls by itself', async () => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', ...credential('ecr') };
    const response = await fetch(aws.endpoint, { method: 'POST', headers, body: '{}' });
    expect(await response.text()).toContain('lambda.Code.fromAsset');
  });

  it('gives such an error to an SDK by its name', async () => {
    const { cloudformation, sfn, lambda } = aws.clients;
    const expected = { name: 'UnknownServiceException', $metadata: { httpStatusCode: 400 } };
    await expect(cloudformation.send(new DescribeStacksCommand({}))).rejects.toMatchObject(expected);
    await expect(sfn.send(new StartSyncExecutionCommand({ stateMachineArn: 'x' }))).rejects.toMatchObject(expected);
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject(expected);
  });

  it('answers its own paths to GET only', async () => {
    const response = await fetch(`${aws.endpoint}/_health?x`);
    expect([response.status, await response.json()]).toEqual([503, { status: 'starting' }]);
    expect((await fetch(`${aws.endpoint}/_health`, { method: 'DELETE' })).status).toBe(404);
  });
});

describe('intercept', () => {
  it('can fail a call in the protocol of its service', async () => {
    fault = new AwsError('ProvisionedThroughputExceededException', 'Injected.');
    await expect(aws.clients.kinesis.send(new ListStreamsCommand({}))).rejects.toMatchObject({
      name: fault.name,
      message: 'Injected.',
    });
    fault = new AwsError('SlowDown', 'Injected.', { statusCode: 503 });
    const response = await fetch(`${aws.endpoint}/bucket/key`);
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('<Code>SlowDown</Code>')]);
    fault = undefined;
  });
});

it('refuses two services of one name', async () => {
  const options = { port: 0, region: 'us-east-1', accountId: '000000000000', random: systemRandom, engines: [] };
  await expect(
    startGateway({
      ...options,
      services: [
        createStsService({ clock: systemClock, access: emptyAccess() }),
        createStsService({ clock: systemClock, access: emptyAccess() }),
      ],
    }),
  ).rejects.toThrow('Two services are named sts.');
  await expect(startGateway({ ...options, services: [{ signingName: 'translate', operations: {} }] })).rejects.toThrow(
    'No wire protocol is known for the service translate.',
  );
});
