import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cursorPathOf } from '../../src/produce/cursor-path.ts';

const owner = { streamName: 'stream', keywords: ['b', 'a'], langs: ['en', 'ja'] };
const env = { XDG_STATE_HOME: '/state', AWS_REGION: 'us-east-1' };

describe('the path of a cursor', () => {
  it('is in the folder for the state of programs', () => {
    const name = /bluesky-[0-9a-f]{16}\.json$/;
    const inFolder = (...folders: string[]) => expect.stringMatching(`^${join(...folders, 'tweet-pipes', 'bluesky-')}`);
    expect(cursorPathOf(owner, env)).toMatch(name);
    expect(cursorPathOf(owner, env)).toEqual(inFolder('/state'));
    expect(cursorPathOf(owner, { LOCALAPPDATA: '/app' })).toEqual(inFolder('/app'));
    expect(cursorPathOf(owner, { HOME: '/home/a', XDG_STATE_HOME: '' })).toEqual(inFolder('/home/a/.local/state'));
  });

  it('is the same for the same posts and stream, in any order, and another one for others', () => {
    const path = cursorPathOf(owner, env);
    expect(cursorPathOf({ ...owner, keywords: ['a', 'b'], langs: ['ja', 'en'] }, env)).toBe(path);
    const others = [
      cursorPathOf({ ...owner, keywords: ['a'] }, env),
      cursorPathOf({ ...owner, langs: ['en'] }, env),
      cursorPathOf({ ...owner, keywords: ['a', 'b', 'en'], langs: ['ja'] }, env),
      cursorPathOf({ ...owner, streamName: 'other' }, env),
      cursorPathOf(owner, { ...env, AWS_REGION: 'eu-west-1' }),
      cursorPathOf(owner, { ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }),
    ];
    expect(new Set([path, ...others]).size).toBe(others.length + 1);
  });
});
