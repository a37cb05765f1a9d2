import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { type Scripted, startScriptedServer } from '../../../../kit/test/scripted-server.ts';
import { StateError } from '../../../src/states/errors.ts';
import { integrations } from '../../../src/states/integrations/catalog.ts';
import { createTaskRunner } from '../../../src/states/integrations/task-runner.ts';
import cases from './cases/calls.json' with { type: 'json' };

interface Case {
  name: string;
  resource: string;
  arguments: JsonObject;
  answer?: Scripted;
  sent?: { path?: string; body?: Json; text?: string; contentType?: string };
  result?: Json;
  error?: string;
  cause?: string;
}

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let clients: AwsClients;

beforeAll(async () => {
  server = await startScriptedServer();
  clients = createClients({ endpoint: server.endpoint, maxAttempts: 1 });
});

afterAll(async () => {
  clients.destroy();
  await server.stop();
});

async function run(resource: string, given: JsonObject, target = clients) {
  const integration = integrations.get(resource);
  if (integration === undefined) throw new Error(`no ${resource}`);
  const runTask = createTaskRunner({ clients: () => target });
  try {
    return { result: await runTask({ integration, arguments: given, signal: new AbortController().signal }) };
  } catch (error) {
    if (error instanceof StateError) return { error: error.error, cause: error.causeText };
    throw error;
  }
}

describe('service integrations', () => {
  it.each((cases as unknown as Case[]).map((each) => [each.name, each] as const))('%s', async (_, each) => {
    if (each.answer !== undefined) server.answerWith(each.answer);
    const expected = each.error === undefined ? { result: each.result } : { error: each.error, cause: each.cause };
    const came = await run(each.resource, each.arguments);
    // Node adds "connection" to what the server sends.
    expect(JSON.parse(JSON.stringify(came), (key, value) => (key === 'connection' ? undefined : value))).toEqual(
      expected,
    );
    expect(server.received).toHaveLength(each.answer === undefined ? server.received.length : 1);
    const [sent] = server.received;
    if (each.sent?.path !== undefined) expect(sent?.path).toBe(each.sent.path);
    if (each.sent?.body !== undefined) expect(JSON.parse(sent?.text ?? '')).toEqual(each.sent.body);
    if (each.sent?.text !== undefined) expect(sent?.text).toContain(each.sent.text);
    if (each.sent?.contentType !== undefined) expect(sent?.headers['content-type']).toBe(each.sent.contentType);
  });

  it.each([
    ['arn:aws:states:::dynamodb:getItem', 'DynamoDB.SdkClientException'],
    ['arn:aws:states:::aws-sdk:dynamodb:getItem', 'DynamoDb.SdkClientException'],
    ['arn:aws:states:::aws-sdk:s3:getObject', 'S3.SdkClientException'],
    ['arn:aws:states:::aws-sdk:kinesis:listShards', 'Kinesis.SdkClientException'],
    ['arn:aws:states:::aws-sdk:comprehend:batchDetectSentiment', 'Comprehend.SdkClientException'],
    ['arn:aws:states:::lambda:invoke', 'Lambda.SdkClientException'],
    ['arn:aws:states:::sqs:sendMessage', 'SQS.SdkClientException'],
  ])('%s without a reachable service fails with %s', async (resource, error) => {
    const nowhere = createClients({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
    try {
      const given = {
        Bucket: 'b',
        Key: 'k',
        FunctionName: 'f',
        TableName: 't',
        QueueUrl: 'http://127.0.0.1:1/0/q',
        MessageBody: 'm',
        TextList: ['t'],
        LanguageCode: 'en',
      };
      expect(await run(resource, given, nowhere)).toEqual({
        error,
        cause: expect.stringMatching(/^Unable to execute HTTP request: .*ECONNREFUSED/),
      });
    } finally {
      nowhere.destroy();
    }
  });
});
