import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '../src/aws-clients.ts';
import { callJson } from '../src/json-call.ts';
import { startScriptedServer } from './scripted-server.ts';

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let clients: AwsClients;
beforeAll(async () => {
  server = await startScriptedServer();
  clients = createClients({ endpoint: server.endpoint, region: 'eu-west-1', accessKeyId: 'worker', maxAttempts: 1 });
});
afterAll(async () => {
  clients.destroy();
  await server.stop();
});

const getItem = { service: 'DynamoDB_20120810', operation: 'GetItem' } as const;
const get = (signal?: AbortSignal) => callJson(clients.dynamodb, getItem, { Key: 'é' }, signal);

it('sends the input as it is, with the operation, the region and whose call it is', async () => {
  server.answerWith({ status: 200, body: '{"Item":{"a":{"B":"AQI="},"t":{"N":"1"}}}' });
  const { body } = await get();
  expect(body).toEqual({ Item: { a: { B: 'AQI=' }, t: { N: '1' } } });
  expect(server.received[0]).toMatchObject({
    text: '{"Key":"é"}',
    headers: {
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'content-type': 'application/x-amz-json-1.0',
      authorization: expect.stringContaining('Credential=worker/20260101/eu-west-1/dynamodb/aws4_request'),
    },
  });
});

it('names the service and its version of AWS JSON', async () => {
  server.answerWith({ status: 200, body: '{}' });
  await callJson(clients.kinesis, { service: 'Kinesis_20131202', operation: 'GetRecords' }, { Limit: 1 });
  expect(server.received.at(-1)).toMatchObject({
    text: '{"Limit":1}',
    headers: {
      'x-amz-target': 'Kinesis_20131202.GetRecords',
      'content-type': 'application/x-amz-json-1.1',
      authorization: expect.stringContaining('/eu-west-1/kinesis/aws4_request'),
    },
  });
});

it('takes an empty answer for an empty object', async () => {
  server.answerWith({ status: 200, body: '' });
  expect((await get()).body).toEqual({});
});

it.each([
  [
    '{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slow"}',
    {},
    'ThrottlingException',
    'slow',
  ],
  ['{"__type":"ResourceInUseException","Message":"busy"}', {}, 'ResourceInUseException', 'busy'],
  ['{}', { 'x-amzn-errortype': 'InternalServerError:http://internal' }, 'InternalServerError', 'UnknownError'],
])('throws what the service refuses by its name: %s', async (body, headers, name, message) => {
  server.answerWith({ status: 400, headers: { 'x-amzn-requestid': 'R1', ...headers }, body });
  await expect(get()).rejects.toMatchObject({
    ...{ name, message },
    $metadata: { httpStatusCode: 400, requestId: 'R1' },
  });
});

it('is given up when its caller aborts', async () => {
  server.answerWith({ status: 200, body: '{}' });
  await expect(get(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});

it('needs a client that knows its endpoint', async () => {
  const elsewhere = createClients({ endpoint: server.endpoint });
  const nowhere = { config: { ...elsewhere.dynamodb.config, endpoint: undefined } };
  await expect(callJson(nowhere, getItem, {})).rejects.toThrow('endpoint');
  elsewhere.destroy();
});
