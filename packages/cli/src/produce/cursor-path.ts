import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a cursor belongs to: another stream or other posts have another one. */
export interface CursorOwner {
  streamName: string;
  keywords: readonly string[];
  langs: readonly string[];
}

/**
 * Where the cursor of `produce bluesky` is kept unless it is said: in the folder for the state of programs, which is
 * `XDG_STATE_HOME`, on Windows `LOCALAPPDATA`, else `.local/state` in the home folder.
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cursorPathOf(owner: CursorOwner, env: Readonly<Record<string, string | undefined>>): string {
  const state = env.XDG_STATE_HOME || env.LOCALAPPDATA || join(env.HOME || homedir(), '.local', 'state');
  const { streamName, keywords, langs } = owner;
  const where = env.AWS_ENDPOINT_URL || env.AWS_REGION || '';
  const whole = JSON.stringify([where, streamName, [...keywords].sort(), [...langs].sort()]);
  const name = createHash('sha256').update(whole).digest('hex').slice(0, 16);
  return join(state, 'tweet-pipes', `bluesky-${name}.json`);
}
