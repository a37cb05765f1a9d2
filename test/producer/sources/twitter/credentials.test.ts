import { describe, expect, it } from '@jest/globals';

import { readCredentials } from '@tweet-pipes/producer/sources/twitter/credentials';

describe('credentials of X', () => {
  it('are the bearer token before anything else, without what a copy brings along', () => {
    const env = {
      TWITTER_BEARER_TOKEN: ' Bearer AAAA%2B\n',
      TWITTER_API_CONSUMER_KEY: 'k',
      TWITTER_API_CONSUMER_SECRET: 's',
    };
    expect(readCredentials(env)).toEqual({ kind: 'bearer', token: 'AAAA%2B' });
  });

  it('are the consumer key and secret, whether or not there are tokens of a user', () => {
    const env = { TWITTER_API_CONSUMER_KEY: 'k', TWITTER_API_CONSUMER_SECRET: 's', TWITTER_BEARER_TOKEN: '' };
    expect(readCredentials(env)).toEqual({ kind: 'consumer', key: 'k', secret: 's' });
    expect(readCredentials({ ...env, TWITTER_API_TOKEN_KEY: 't', TWITTER_API_TOKEN_SECRET: 'u' })).toMatchObject({
      key: 'k',
    });
  });

  it.each<[Record<string, string>, string]>([
    [{}, 'There are no credentials for X.'],
    [
      { TWITTER_API_CONSUMER_KEY: 'k-secret' },
      'TWITTER_API_CONSUMER_KEY is set, but TWITTER_API_CONSUMER_SECRET is not.',
    ],
    [
      { TWITTER_API_CONSUMER_SECRET: 's-secret' },
      'TWITTER_API_CONSUMER_SECRET is set, but TWITTER_API_CONSUMER_KEY is not.',
    ],
    [
      { TWITTER_API_TOKEN_KEY: 't-secret', TWITTER_API_TOKEN_SECRET: 'u-secret' },
      'TWITTER_API_TOKEN_KEY stands for a user',
    ],
    [{ TWITTER_BEARER_TOKEN: 'two-secret words' }, 'TWITTER_BEARER_TOKEN contains a space, a line break'],
    [{ TWITTER_BEARER_TOKEN: 'geheim-secret-ß' }, 'TWITTER_BEARER_TOKEN contains a space, a line break'],
  ])('say what is missing from %j and do not repeat it', (env, message) => {
    expect(() => readCredentials(env)).toThrow(message);
    expect(() => readCredentials(env)).not.toThrow('-secret');
  });
});
