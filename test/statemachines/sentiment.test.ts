import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import type { TaskCall, TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import { comprehendCalls, SentimentFixture, type StoredTweet, stored } from './sentiment-fixture.ts';

let fixture: SentimentFixture;
beforeAll(async () => {
  fixture = await SentimentFixture.start();
});
afterAll(() => fixture?.stop());
beforeEach(() => fixture.clear());

const isDetection = ({ integration }: TaskCall) => integration.action === 'batchDetectSentiment';

/** Documents by the call that they were sent with. */
function documentsSent(): string[][] {
  return comprehendCalls(fixture.calls).map(({ TextList }) => textsOf(TextList));
}

function textsOf(list: Json | undefined): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

/** A runner in which Comprehend answers by `answer`. Undefined: as it does. */
const comprehend =
  (answer: (texts: string[], real: () => Promise<Json>) => Promise<Json>) =>
  (run: TaskRunner): TaskRunner =>
  async (call) =>
    isDetection(call) ? answer(textsOf(call.arguments.TextList), () => run(call)) : run(call);

const refusing = (isRefused: (text: string) => boolean, error: string) =>
  comprehend(async (texts, real) => {
    if (texts.some(isRefused)) throw new StateError(error, 'refused');
    return real();
  });

/** A runner in which Comprehend does not answer for some documents. */
const failingInPart = (isFailed: (text: string) => boolean, ErrorCode: string | undefined) =>
  comprehend(async (texts, real) => {
    const answer = await real();
    const failed = texts.flatMap((text, Index) => (isFailed(text) ? [Index] : []));
    const results = isJsonObject(answer) && Array.isArray(answer.ResultList) ? answer.ResultList : [];
    return {
      ResultList: results.filter((result) => isJsonObject(result) && !failed.includes(Number(result.Index))),
      ErrorList: ErrorCode === undefined ? [] : failed.map((Index) => ({ Index, ErrorCode, ErrorMessage: 'failed' })),
    };
  });

async function storeAndDeliver(
  tweets: StoredTweet[],
  through?: (run: TaskRunner) => TaskRunner,
): Promise<JsonObject[]> {
  await fixture.store(tweets);
  return fixture.rows(tweets, through);
}

const sentimentsOf = (rows: readonly JsonObject[]) =>
  Object.fromEntries(rows.map(({ id, sentiment }) => [id, sentiment]));

describe('the sentiment workflow', () => {
  it('writes sentiment, scores and time to the item, and gives a row of the same', async () => {
    const tweet = stored('1', 'I love this', 'en', 7);
    const [row] = await storeAndDeliver([tweet]);
    const item = (await fixture.items())['1'];

    expect(item).toEqual({
      ...tweet,
      hashtags: [],
      expiresAt: 2_000_000_000,
      sentiment: 'POSITIVE',
      sentimentScores: {
        positive: expect.any(Number),
        negative: expect.any(Number),
        neutral: expect.any(Number),
        mixed: expect.any(Number),
      },
      sentimentAt: expect.stringMatching(/^2026-01-01T\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(row).toEqual({
      id: '1',
      lang: 'en',
      sentiment: 'POSITIVE',
      ...(isJsonObject(item?.sentimentScores) ? item.sentimentScores : {}),
      position: tweet.record,
      detected_at: String(item?.sentimentAt).replace('T', ' ').replace('Z', ''),
    });
  });

  it('asks for the tweets of a language together, 25 at a time', async () => {
    const tweets = Array.from({ length: 60 }, (_, n) => stored(`${n}`, `tweet ${n}`, n % 2 === 0 ? 'en' : 'de', n));
    const rows = await storeAndDeliver(tweets);

    expect(
      comprehendCalls(fixture.calls).map(({ LanguageCode, TextList }) => [LanguageCode, textsOf(TextList).length]),
    ).toEqual([
      ['en', 25],
      ['en', 5],
      ['de', 25],
      ['de', 5],
    ]);
    expect(rows.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(tweets.map((_, n) => n));
  });

  it.each([
    ['en-GB', 'en'],
    ['pt_BR', 'pt'],
    ['zh', 'zh'],
    ['zh-cn', 'zh'],
    ['zh-Hans', 'zh'],
    ['zh-tw', 'zh-TW'],
    ['zh-Hant-HK', 'zh-TW'],
  ])('asks about %s as %s', async (lang, asked) => {
    const [row] = await storeAndDeliver([stored('1', 'text', lang)]);

    expect(comprehendCalls(fixture.calls).map(({ LanguageCode }) => LanguageCode)).toEqual([asked]);
    expect(row?.lang).toBe(asked);
  });

  it.each([
    ['in', 'id'],
    ['iw', 'he'],
    ['und', 'und'],
    ['tl', 'tl'],
    ['constructor', 'constructor'],
    [undefined, undefined],
  ])('does not ask about a tweet in %s', async (lang, language) => {
    const tweet = {
      id: '1',
      text: 'text',
      record: 'shardId-000000000000:0011',
      ...(lang === undefined ? {} : { lang }),
    };
    const rows = await storeAndDeliver([tweet]);

    expect(comprehendCalls(fixture.calls)).toEqual([]);
    expect(rows).toEqual([
      {
        id: '1',
        ...(language === undefined ? {} : { lang: language }),
        sentiment: 'UNSUPPORTED',
        position: tweet.record,
        detected_at: expect.any(String),
      },
    ]);
    expect((await fixture.items())['1']).toMatchObject({ sentiment: 'UNSUPPORTED' });
  });

  it.each([
    ['an empty text', ''],
    ['white space', ' \n'],
    ['no text', undefined],
  ])('does not ask about %s', async (_, text) => {
    const rows = await storeAndDeliver([stored('1', text)]);

    expect(comprehendCalls(fixture.calls)).toEqual([]);
    expect(sentimentsOf(rows)).toEqual({ 1: 'NO_TEXT' });
  });

  it.each([
    ['ASCII', 'a'.repeat(25_000), 5000],
    ['characters of two bytes', 'é'.repeat(5000), 2500],
    ['characters of three bytes', '語'.repeat(5000), 1666],
    ['characters of four bytes', '😀'.repeat(5000), 1250],
    ['one emoji in long ASCII', `😀${'a'.repeat(6000)}`, 4997],
    ['a character that would be cut', `${'a'.repeat(4998)}語a`, 4998],
    ['characters of all lengths', 'aé語😀'.repeat(2000), 2000],
    ['exactly 5,000 bytes', `${'a'.repeat(4996)}😀`, 4997],
  ])('sends at most 5,000 bytes, whole characters: %s', async (_, text, characters) => {
    await storeAndDeliver([stored('1', text)]);
    const [[sent = ''] = []] = documentsSent();

    expect(text.startsWith(sent)).toBe(true);
    expect([...sent]).toHaveLength(characters);
    expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(5000);
    expect((await fixture.items())['1']).toHaveProperty('text', text);
  });
});

describe('a redelivery', () => {
  it('asks nothing again, and gives the same rows', async () => {
    const tweets = [stored('1', 'good'), stored('2', 'gut', 'tl'), stored('3', ''), stored('4', 'bad')];
    const rows = await storeAndDeliver(tweets);
    const items = await fixture.items();
    const calls = comprehendCalls(fixture.calls).length;
    const again = await fixture.rows(tweets);

    const byId = (list: JsonObject[]) => Object.fromEntries(list.map((row) => [row.id, row]));
    expect(byId(again)).toEqual(byId(rows));
    expect(await fixture.items()).toEqual(items);
    expect(comprehendCalls(fixture.calls)).toHaveLength(calls);
  });

  it('finishes what a crash left', async () => {
    const tweets = Array.from({ length: 5 }, (_, n) => stored(`${n}`, 'good', 'en', n));
    await fixture.store(tweets);
    const crash = new AbortController();
    let updates = 0;
    await fixture.deliver(
      tweets,
      (run) => async (call) => {
        if (call.integration.action === 'updateItem' && ++updates === 3) crash.abort();
        return run(call);
      },
      crash.signal,
    );
    const rows = await fixture.rows(tweets);

    expect(sentimentsOf(rows)).toEqual({ 0: 'POSITIVE', 1: 'POSITIVE', 2: 'POSITIVE', 3: 'POSITIVE', 4: 'POSITIVE' });
    expect(rows).toHaveLength(5);
  });

  it('does not replace a sentiment by a failure', async () => {
    const tweet = stored('1', 'good');
    await fixture.store([tweet]);
    const rows = await fixture.rows(
      [tweet],
      comprehend(async () => {
        // Another execution of the same batch is faster.
        await fixture.rows([tweet]);
        throw new StateError('Comprehend.InvalidRequestException', 'refused');
      }),
    );

    expect(rows).toEqual([]);
    expect((await fixture.items())['1']).toMatchObject({ sentiment: 'POSITIVE' });
  });
});

describe('a tweet that a batch read left out', () => {
  it('is read again, and not taken for one that is gone', async () => {
    const batch = [stored('1', 'I love this'), stored('2', 'I hate this', 'en', 1)];
    await fixture.store(batch);
    let reads = 0;
    const rows = await fixture.rows(batch, (run) => async (call) => {
      if (call.integration.action !== 'batchGetItem') return run(call);
      reads += 1;
      return reads === 1
        ? { Responses: { tweets: [] }, UnprocessedKeys: call.arguments.RequestItems ?? null }
        : run(call);
    });
    expect([reads, rows.map(({ id }) => id)]).toEqual([2, ['1', '2']]);
  });
});

describe('a deleted tweet', () => {
  it('is not sent to Comprehend, gets no row and does not come back', async () => {
    const tweets = [stored('1', 'good'), stored('2', 'bad')];
    await fixture.store(tweets);
    await fixture.remove('1');
    const rows = await fixture.rows(tweets);

    expect(documentsSent()).toEqual([['bad']]);
    expect(sentimentsOf(rows)).toEqual({ 2: 'NEGATIVE' });
    expect(Object.keys(await fixture.items())).toEqual(['2']);
  });

  it('does not come back if it is deleted while Comprehend is asked', async () => {
    const tweets = [stored('1', 'good'), stored('2', 'bad')];
    await fixture.store(tweets);
    const rows = await fixture.rows(
      tweets,
      comprehend(async (_, real) => {
        await fixture.remove('1');
        return real();
      }),
    );

    expect(sentimentsOf(rows)).toEqual({ 2: 'NEGATIVE' });
    expect(Object.keys(await fixture.items())).toEqual(['2']);
  });

  it('leaves its sentiment to no other tweet that takes its id while Comprehend is asked', async () => {
    const tweet = stored('1', 'good', 'en', 1);
    await fixture.store([tweet]);
    const rows = await fixture.rows(
      [tweet],
      comprehend(async (_, real) => {
        await fixture.store([stored('1', 'bad', 'en', 2)]);
        return real();
      }),
    );
    expect(rows).toEqual([]);
    expect((await fixture.items())['1']).not.toHaveProperty('sentiment');
  });

  it('leaves its sentiment to no other tweet that is stored under its id', async () => {
    const tweet = stored('1', 'good', 'en', 1);
    const later = stored('1', 'bad', 'en', 2);
    await fixture.store([tweet]);
    await fixture.remove('1');
    await fixture.store([later]);

    expect(await fixture.rows([tweet])).toEqual([]);
    expect((await fixture.items())['1']).not.toHaveProperty('sentiment');
    expect(await fixture.rows([tweet, later])).toMatchObject([{ sentiment: 'NEGATIVE', position: later.record }]);
  });
});

describe('documents that Comprehend does not answer', () => {
  const tweets = ['good', 'bad', 'a table'].map((text, n) => stored(`${n}`, text, 'en', n));

  it('are asked for again, without the others', async () => {
    const rows = await storeAndDeliver(
      tweets,
      failingInPart((text) => text === 'bad', 'INTERNAL_SERVER_ERROR'),
    );

    expect(sentimentsOf(rows)).toEqual({ 0: 'POSITIVE', 1: 'FAILED', 2: 'NEUTRAL' });
    expect(documentsSent()).toEqual([['good', 'bad', 'a table'], ['bad'], ['bad']]);
  });

  it('get their sentiment when Comprehend answers in the end', async () => {
    let failures = 2;
    const rows = await storeAndDeliver(
      tweets,
      failingInPart((text) => text === 'bad' && failures-- > 0, 'INTERNAL_SERVER_ERROR'),
    );

    expect(sentimentsOf(rows)).toEqual({ 0: 'POSITIVE', 1: 'NEGATIVE', 2: 'NEUTRAL' });
  });

  it.each([
    ['INTERNAL_SERVER_ERROR', 'INTERNAL_SERVER_ERROR'],
    [undefined, 'NO_ANSWER'],
  ])('are marked by name after three attempts: %s', async (code, error) => {
    const rows = await storeAndDeliver(
      tweets,
      failingInPart((text) => text === 'bad', code),
    );

    expect(rows.find(({ id }) => id === '1')).toEqual({
      id: '1',
      lang: 'en',
      sentiment: 'FAILED',
      error,
      position: tweets[1]?.record,
      detected_at: expect.any(String),
    });
    expect((await fixture.items())['1']).toMatchObject({ sentiment: 'FAILED', sentimentError: error });
    expect(sentimentsOf(await fixture.rows(tweets))).toEqual({ 0: 'POSITIVE', 1: 'FAILED', 2: 'NEUTRAL' });
  });

  it.each(['InvalidRequestException', 'TextSizeLimitExceededException', 'UnsupportedLanguageException'])(
    'fail alone where Comprehend refuses a call because of them: %s',
    async (name) => {
      const rows = await storeAndDeliver(
        tweets,
        refusing((text) => text === 'bad', `Comprehend.${name}`),
      );

      expect(sentimentsOf(rows)).toEqual({ 0: 'POSITIVE', 1: 'FAILED', 2: 'NEUTRAL' });
      expect(rows.find(({ id }) => id === '1')).toHaveProperty('error', name);
    },
  );
});

describe('a call that Comprehend does not take', () => {
  it.each([
    'ThrottlingException',
    'TooManyRequestsException',
    'ComprehendException',
    'InternalServerException',
    'SdkClientException',
  ])('is repeated: %s', async (name) => {
    let failures = 6;
    const rows = await storeAndDeliver(
      [stored('1', 'good')],
      refusing(() => failures-- > 0, `Comprehend.${name}`),
    );

    expect(sentimentsOf(rows)).toEqual({ 1: 'POSITIVE' });
  });

  it.each(['ThrottlingException', 'AccessDeniedException'])(
    'fails the batch, which is delivered again, and marks nothing: %s',
    async (name) => {
      const tweet = stored('1', 'good');
      await fixture.store([tweet]);
      const { status, error } = await fixture.deliver(
        [tweet],
        refusing(() => true, `Comprehend.${name}`),
      );

      expect([status, error]).toEqual(['FAILED', `Comprehend.${name}`]);
      expect((await fixture.items())['1']).not.toHaveProperty('sentiment');
      expect(sentimentsOf(await fixture.rows([tweet]))).toEqual({ 1: 'POSITIVE' });
    },
  );
});
