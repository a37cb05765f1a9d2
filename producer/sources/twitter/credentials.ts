import { TwitterSourceError } from './errors.ts';

/** The credentials of an app: a bearer token, or a consumer key and secret that are exchanged for one. */
export type Credentials = { kind: 'bearer'; token: string } | { kind: 'consumer'; key: string; secret: string };

const where = `They are in X's developer console (https://console.x.com), under the keys and tokens of an app:
  export TWITTER_BEARER_TOKEN=…
or, to fetch a token at each start,
  export TWITTER_API_CONSUMER_KEY=… TWITTER_API_CONSUMER_SECRET=…`;

/**
 * Reads `TWITTER_BEARER_TOKEN`, else `TWITTER_API_CONSUMER_KEY` and `TWITTER_API_CONSUMER_SECRET`.
 * `TWITTER_API_TOKEN_KEY` and `TWITTER_API_TOKEN_SECRET` are ignored: they stand for a user, and the filtered stream
 * belongs to an app. Throws {@link TwitterSourceError} that names variables, never their values.
 */
export function readCredentials(env: Readonly<Record<string, string | undefined>>): Credentials {
  const token = read(env, 'TWITTER_BEARER_TOKEN');
  if (token !== undefined) return { kind: 'bearer', token };
  const key = read(env, 'TWITTER_API_CONSUMER_KEY');
  const secret = read(env, 'TWITTER_API_CONSUMER_SECRET');
  if (key !== undefined && secret !== undefined) return { kind: 'consumer', key, secret };
  if (key !== undefined || secret !== undefined) {
    const [set, missing] = key === undefined ? ['SECRET', 'KEY'] : ['KEY', 'SECRET'];
    throw new TwitterSourceError(
      `TWITTER_API_CONSUMER_${set} is set, but TWITTER_API_CONSUMER_${missing} is not.\n${where}`,
    );
  }
  const isUserOnly = read(env, 'TWITTER_API_TOKEN_KEY') !== undefined;
  const why = isUserOnly
    ? 'TWITTER_API_TOKEN_KEY stands for a user, but the filtered stream belongs to an app: its consumer key and secret are needed.'
    : 'There are no credentials for X.';
  throw new TwitterSourceError(`${why}\n${where}`);
}

function read(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = env[name]?.trim().replace(/^Bearer\s+/i, '');
  if (value === undefined || value === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new TwitterSourceError(
    `${name} contains a space, a line break or another character that no token has. Copy it again.`,
  );
}

/** The text with these secrets replaced, in case a server echoed one. */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}
