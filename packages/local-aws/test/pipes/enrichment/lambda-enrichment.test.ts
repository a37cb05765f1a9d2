import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from '@jest/globals';
import { lambdaEnrichment } from '../../../src/pipes/enrichment/lambda-enrichment.ts';

const signal = new AbortController().signal;

function answering(output: { Payload?: Uint8Array; FunctionError?: string }): LambdaClient {
  const client = new LambdaClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const answer = async () => ({ output: { $metadata: { requestId: 'r' }, ...output }, response: {} });
  client.middlewareStack.add(() => answer, { step: 'initialize', priority: 'high' });
  return client;
}

const invoke = (output: { Payload?: Uint8Array; FunctionError?: string }, payload = '[]') =>
  lambdaEnrichment(() => answering(output), 'function-arn').invoke(payload, signal);

describe('a function as enrichment', () => {
  it('answers JSON, or nothing', async () => {
    expect(await invoke({ Payload: Buffer.from('[{"a":"é"}]') })).toEqual([{ a: 'é' }]);
    expect(await invoke({})).toBeNull();
  });

  it('that throws is a customer error with its type and message', async () => {
    const Payload = Buffer.from('{"errorType":"TypeError","errorMessage":"no"}');
    await expect(invoke({ FunctionError: 'Unhandled', Payload })).rejects.toMatchObject({
      kind: 'customer',
      name: 'TypeError',
      message: 'no',
    });
  });

  it('that ends without a JSON error is a customer error all the same', async () => {
    const Payload = Buffer.from('killed');
    await expect(invoke({ FunctionError: 'Unhandled', Payload })).rejects.toMatchObject({
      kind: 'customer',
      name: 'Unhandled',
    });
  });

  it('is not called with more than 6 MB, and may not answer more', async () => {
    const tooLarge = 6 * 1024 * 1024 + 1;
    await expect(invoke({}, 'x'.repeat(tooLarge))).rejects.toMatchObject({
      kind: 'customer',
      name: 'RequestTooLargeException',
    });
    await expect(invoke({ Payload: Buffer.alloc(tooLarge, '1') })).rejects.toMatchObject({ kind: 'customer' });
  });
});
