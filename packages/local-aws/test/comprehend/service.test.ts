import { BatchDetectSentimentCommand, type ComprehendClient, DetectSentimentCommand } from '@aws-sdk/client-comprehend';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { createComprehendService } from '../../src/comprehend/service.ts';
import { detectSentiment } from '../../src/comprehend/stand-in.ts';
import { createFaults, type Faults } from '../../src/faults/create-faults.ts';
import { WORKER_ACCESS_KEY_ID } from '../../src/worker-key.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

let aws: TestEndpoint;
let comprehend: ComprehendClient;
let faults: Faults;
const log: string[] = [];

beforeAll(async () => {
  faults = createFaults('comprehend.BatchDetectSentiment:partial=100% comprehend.DetectSentiment:throttle=100%', {
    clock: systemClock,
    log: () => {},
  });
  aws = await startTestEndpoint({
    services: [createComprehendService({ log: (line) => log.push(line) })],
    intercept: faults.intercept,
  });
  comprehend = await aws.clients.comprehend();
});
afterAll(() => aws?.stop());

/** The name and the text of the error of a call that must fail. */
async function errorOf(call: Promise<unknown>): Promise<string[]> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Error ? [error.name, error.message] : ['nothing was thrown', ''];
}

const batch = (TextList: string[], LanguageCode: 'en' | 'de' = 'en') =>
  comprehend.send(new BatchDetectSentimentCommand({ TextList, LanguageCode }));

/** What a client that reads everything sees: headers and body as they come. */
async function raw(operation: string, body: object) {
  const answer = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Comprehend_20171127.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/comprehend/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  });
  const text: Json = JSON.parse(await answer.text());
  return { status: answer.status, body: isJsonObject(text) ? text : {} };
}

describe('the local Comprehend', () => {
  it('answers for each document of a batch, in its order', async () => {
    const { ResultList = [], ErrorList } = await batch(['I love this', 'I hate this', 'a table', 'I love and hate it']);

    expect(ResultList.map(({ Index, Sentiment }) => [Index, Sentiment])).toEqual([
      [0, 'POSITIVE'],
      [1, 'NEGATIVE'],
      [2, 'NEUTRAL'],
      [3, 'MIXED'],
    ]);
    expect(ErrorList).toEqual([]);
  });

  it('answers for one document what it answers in a batch', async () => {
    const one = await comprehend.send(new DetectSentimentCommand({ Text: 'I love this', LanguageCode: 'en' }));
    const [ofBatch] = (await batch(['I love this'])).ResultList ?? [];

    expect(one.Sentiment).toBe('POSITIVE');
    expect(one.SentimentScore).toEqual(ofBatch?.SentimentScore);
  });

  it.each([
    ['DetectSentiment', { Text: 'a' }],
    ['BatchDetectSentiment', { TextList: ['a'] }],
  ])('says with %s that it is a stand-in', async (operation, documents) => {
    const { body } = await raw(operation, { ...documents, LanguageCode: 'en' });

    expect(body).toHaveProperty('StandIn', expect.stringMatching(/stand-in, not the model.*55 %.*SemEval-2017/));
  });

  it('says so in the log, once', () => {
    expect(log).toEqual([expect.stringMatching(/^Comprehend: This is a stand-in.*55 %/)]);
  });

  it.each([
    ['26 documents', Array<string>(26).fill('a'), 'en', 'BatchSizeLimitExceededException'],
    ['5,001 bytes', ['a'.repeat(5001)], 'en', 'TextSizeLimitExceededException'],
    ['2,501 characters of two bytes', ['é'.repeat(2501)], 'fr', 'TextSizeLimitExceededException'],
    ['a language that Comprehend does not know', ['a'], 'tl', 'UnsupportedLanguageException'],
    ['an empty document', ['a', ''], 'en', 'InvalidRequestException'],
    ['no document', [], 'en', 'InvalidRequestException'],
    ['a document that is no text', [1], 'en', 'InvalidRequestException'],
  ])('refuses %s', async (_, TextList, LanguageCode, error) => {
    const { status, body } = await raw('BatchDetectSentiment', { TextList, LanguageCode });

    expect([status, body.__type]).toEqual([400, error]);
  });

  it('takes 25 documents, and 5,000 bytes', async () => {
    expect((await batch(Array<string>(25).fill('a'))).ResultList).toHaveLength(25);
    expect((await batch(['é'.repeat(2500)])).ResultList).toHaveLength(1);
  });

  it('tells the size of a text that is too large, as AWS does', async () => {
    expect(await errorOf(batch(['a'.repeat(5087)]))).toEqual([
      'TextSizeLimitExceededException',
      'Input text size exceeds limit. Max length of request text allowed is 5000 bytes while in this request the text size is 5087 bytes',
    ]);
  });
});

describe('the stand-in', () => {
  it.each([
    ['emoji', '😡', 'NEGATIVE'],
    ['emoji without spaces', 'so😍😍', 'POSITIVE'],
    ['emoji with a variation selector', '❤️', 'POSITIVE'],
    ['emoji with a skin tone', '👍🏽', 'POSITIVE'],
    ['a negation', 'not good', 'NEGATIVE'],
    ['words that are names of object members', 'constructor __proto__ toString', 'NEUTRAL'],
    ['white space', ' \n\t ', 'NEUTRAL'],
  ])('judges %s', (_, text, sentiment) => {
    expect(detectSentiment(text, 'en').Sentiment).toBe(sentiment);
  });

  it('judges other languages than English by emoji alone', () => {
    expect(detectSentiment('die Katze', 'en').Sentiment).toBe('NEGATIVE');
    expect(detectSentiment('die Katze', 'de').Sentiment).toBe('NEUTRAL');
    expect(detectSentiment('die Katze 😍', 'de').Sentiment).toBe('POSITIVE');
  });

  it.each(['good', 'bad', 'a table', 'good bad', 'good good bad', 'outstanding 😡', ''])(
    'scores add up to 1, and that of the sentiment is the highest: %s',
    (text) => {
      const { Sentiment, SentimentScore } = detectSentiment(text, 'en');
      const [[best] = []] = Object.entries(SentimentScore).sort(([, a], [, b]) => b - a);
      const all = Object.values(SentimentScore).reduce((sum, score) => sum + score, 0);

      expect(best?.toUpperCase()).toBe(Sentiment);
      expect(all).toBeCloseTo(1, 10);
    },
  );
});

describe('faults of Comprehend', () => {
  it('fail some documents of a batch in their places, or the call', async () => {
    faults.start({ pipes: [], functions: [] });
    const worker = createClients({ endpoint: aws.endpoint, accessKeyId: WORKER_ACCESS_KEY_ID, maxAttempts: 1 });
    try {
      const hit = await worker.comprehend();
      const texts = ['good', 'bad', 'a table', 'good', 'bad'];
      const answer = await hit.send(new BatchDetectSentimentCommand({ TextList: texts, LanguageCode: 'en' }));
      const { ResultList: results = [], ErrorList: errors = [] } = answer;

      expect(errors.length).toBeGreaterThan(0);
      expect([...results, ...errors].map(({ Index }) => Index).sort()).toEqual([0, 1, 2, 3, 4]);
      for (const { Index = -1, Sentiment } of results) {
        expect(Sentiment).toBe(detectSentiment(texts[Index] ?? '', 'en').Sentiment);
      }
      for (const error of errors) expect(error).toMatchObject({ ErrorCode: 'INTERNAL_SERVER_ERROR' });
      const throttled = hit.send(new DetectSentimentCommand({ Text: 'a', LanguageCode: 'en' }));
      expect((await errorOf(throttled))[0]).toBe('ThrottlingException');
    } finally {
      worker.destroy();
      await faults.stop();
    }
  });
});
