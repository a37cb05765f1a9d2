import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { said } from './connection.ts';
import { postCollection } from './endpoint.ts';

/** A post by its author's DID and its record key. */
export interface PostKey {
  readonly did: string;
  readonly rkey: string;
}

/** One event of Jetstream. `timeUs` is when Jetstream saw it, in microseconds since the epoch. */
export type JetstreamEvent =
  /** A post was written or rewritten. Nobody has checked its record against the lexicon. */
  | { kind: 'post'; timeUs: number; isUpdate: boolean; post: PostKey; record: JsonObject }
  | { kind: 'delete'; timeUs: number; post: PostKey }
  /** An account is active or not; `status` then says why, such as `deleted`. */
  | { kind: 'account'; timeUs: number; isActive: boolean; status: string }
  /** The history of an account was replaced: posts that it had may be gone without a delete. */
  | { kind: 'sync'; timeUs: number }
  /** Anything else, now or in the future: it is not about posts. */
  | { kind: 'other'; timeUs: number }
  /** A remark of the server. `isOutdated`: the cursor was too old, so it starts with the oldest event that it has. */
  | { kind: 'info'; isOutdated: boolean }
  /** The server ends the connection; `reason` is its own. */
  | { kind: 'error'; reason: string }
  /** Not an event of either protocol; `reason` says why, without a word of its content. */
  | { kind: 'unreadable'; reason: string };

/**
 * Reads a frame of either protocol: `/subscribe` sends an event as it is, `subscribeEvents` puts it into the envelope
 * `{"$type": "message", "payload": …}`. Never throws.
 * https://github.com/bluesky-social/jetstream/blob/main/lexicons/network/bsky/jetstream/subscribeEvents.json
 */
export function readEvent(frame: string): JetstreamEvent {
  const value = parse(frame);
  if (!isJsonObject(value)) return { kind: 'unreadable', reason: 'it is not a JSON object' };
  switch (value.$type) {
    case 'message':
      return isJsonObject(value.payload) ? readMessage(value.payload) : unreadable('a message without a payload');
    case 'error':
      return { kind: 'error', reason: said(value.error, value.message) };
    default:
      return readV1(value);
  }
}

function parse(frame: string): Json | undefined {
  try {
    return JSON.parse(frame);
  } catch {
    return undefined;
  }
}

function unreadable(what: string): JetstreamEvent {
  return { kind: 'unreadable', reason: `it is ${what}` };
}

function readV1({ kind, time_us, did, commit, account }: JsonObject): JetstreamEvent {
  if (typeof kind !== 'string') return unreadable('an event without a kind');
  const timeUs = typeof time_us === 'number' && Number.isSafeInteger(time_us) ? time_us : undefined;
  if (timeUs === undefined) return unreadable('an event without a time');
  switch (kind) {
    case 'commit':
      return isJsonObject(commit) ? readCommit({ ...commit, did }, timeUs) : unreadable('a commit without content');
    case 'account':
      return readAccount(account, timeUs);
    default:
      return { kind: 'other', timeUs };
  }
}

function readMessage(payload: JsonObject): JetstreamEvent {
  const kind = typeof payload.$type === 'string' ? payload.$type.split('#')[1] : undefined;
  if (kind === undefined) return unreadable('a message without a type');
  if (kind === 'info') return { kind, isOutdated: payload.name === 'OutdatedCursor' };
  const timeUs = typeof payload.time === 'string' ? microseconds(payload.time) : undefined;
  if (timeUs === undefined) return unreadable('an event without a time');
  switch (kind) {
    case 'commit':
      return readCommit(payload, timeUs);
    case 'account':
      return readAccount(payload.account, timeUs);
    case 'sync':
      return { kind, timeUs };
    default:
      return { kind: 'other', timeUs };
  }
}

function readCommit({ operation, collection, did, rkey, record }: JsonObject, timeUs: number): JetstreamEvent {
  if (collection !== postCollection) return { kind: 'other', timeUs };
  if (typeof did !== 'string' || !did.startsWith('did:') || typeof rkey !== 'string' || rkey === '') {
    return unreadable('a commit without its author or key');
  }
  const post = { did, rkey };
  switch (operation) {
    case 'create':
    case 'update':
      if (!isJsonObject(record)) return unreadable('a post without content');
      return { kind: 'post', timeUs, isUpdate: operation === 'update', post, record };
    case 'delete':
      return { kind: 'delete', timeUs, post };
    default:
      return { kind: 'other', timeUs };
  }
}

function readAccount(account: Json | undefined, timeUs: number): JetstreamEvent {
  if (!isJsonObject(account) || typeof account.active !== 'boolean') return unreadable('an account without its status');
  const status = typeof account.status === 'string' ? account.status : '';
  return { kind: 'account', timeUs, isActive: account.active, status };
}

/** A time in RFC 3339, in microseconds since the epoch; `Date.parse` would cut them to milliseconds. */
function microseconds(time: string): number | undefined {
  const [, second, fraction = '', zone] = /^([\dT:-]{19})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  const ms = Date.parse(`${second}${zone}`);
  return Number.isNaN(ms) ? undefined : ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
