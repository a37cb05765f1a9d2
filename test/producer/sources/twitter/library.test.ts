import { Agent } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiRequestError, ETwitterStreamEvent, TweetStream } from 'twitter-api-v2';

import { FakeX } from './fake-x-api.ts';

/**
 * The reasons to use only the connection of the library (ADR 0019). If one of these fails, the library was fixed, and
 * our own code may be unnecessary.
 */
describe("twitter-api-v2's own stream", () => {
  let x: FakeX;
  let agent: Agent;
  let stream: TweetStream<{ data: { text: string } }>;
  beforeEach(async () => {
    x = await FakeX.start();
    x.gzips = false;
    x.addRule('cats');
    agent = new Agent();
    const headers = { Authorization: `Bearer ${x.bearer}` };
    stream = new TweetStream({
      url: new URL(`${x.endpoint}/2/tweets/search/stream`),
      options: { method: 'GET', headers, agent },
    });
  });
  afterEach(async () => {
    stream.destroy();
    agent.destroy();
    await x.stop();
  });

  it('ruins a character that is split between two chunks', async () => {
    await stream.connect();
    const received = new Promise<string>((resolve) =>
      stream.on(ETwitterStreamEvent.Data, ({ data }) => resolve(data.text)),
    );
    const bytes = Buffer.from(`${JSON.stringify(x.stream.envelope({ id: '1', text: 'ї' }))}\r\n`);
    const middle = bytes.indexOf('ї') + 1;
    x.stream.raw(bytes.subarray(0, middle));
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    x.stream.raw(bytes.subarray(middle));
    expect(await received).toBe('\ufffd\ufffd');
  });

  it('hides why a connection failed', async () => {
    const unreachable = new TweetStream({
      url: new URL('http://127.0.0.1:1/2/'),
      options: { method: 'GET', headers: {}, agent },
    });
    const error: unknown = await unreachable.connect().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiRequestError);
    expect(error).toMatchObject({ message: 'Request failed.', requestError: undefined });
  });

  it('waits six times as long as X is ever silent, and does not connect again by itself', () => {
    expect([stream.keepAliveTimeoutMs, stream.autoReconnect]).toEqual([120_000, false]);
    expect(stream.nextRetryTimeout(1)).toBe(5_000);
  });
});
