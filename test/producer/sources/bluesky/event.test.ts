import { describe, expect, it } from '@jest/globals';
import { readEvent } from '@tweet-pipes/producer/sources/bluesky/event';

const did = 'did:plc:aaaabbbbccccddddeeeeffff';
const type = (kind: string) => `network.bsky.jetstream.subscribeEvents#${kind}`;
const commit = { operation: 'create', collection: 'app.bsky.feed.post', rkey: '3kaaaaaaaaaaa', record: { text: 'x' } };
const v1 = (members: object) => ({ did, time_us: 1725911162329308, ...members });
const v2 = (kind: string, members: object) => ({
  $type: 'message',
  payload: { $type: type(kind), seq: 12345, did, time: '2024-09-09T19:46:02.329308Z', ...members },
});
const at = { timeUs: 1725911162329308 };
const post = { did, rkey: '3kaaaaaaaaaaa' };

const forms: [string, (kind: string, v1Body: object, v2Body: object) => object][] = [
  ['/subscribe', (kind, body) => v1({ kind, [kind]: body })],
  ['subscribeEvents', (kind, _, body) => v2(kind, body)],
];

describe.each(forms)('an event of %s', (_, form) => {
  const read = (kind: string, body: object, inV2: object = { [kind]: body }) =>
    readEvent(JSON.stringify(form(kind, body, inV2)));

  it('is a post, an update or a delete', () => {
    const written = { ...at, kind: 'post', isUpdate: false, post, record: { text: 'x' } };
    expect(read('commit', commit, commit)).toEqual(written);
    const update = { ...commit, operation: 'update' };
    expect(read('commit', update, update)).toEqual({ ...written, isUpdate: true });
    const remove = { ...commit, operation: 'delete', record: undefined };
    expect(read('commit', remove, remove)).toEqual({ ...at, kind: 'delete', post });
  });

  it.each([
    ['active', { active: true }, { isActive: true, status: '' }],
    ['deleted', { active: false, status: 'deleted' }, { isActive: false, status: 'deleted' }],
  ])('is an account that is %s', (_status, body, expected) => {
    expect(read('account', { did, ...body })).toEqual({ ...at, kind: 'account', ...expected });
  });

  it.each([
    ['of another collection', 'commit', { ...commit, collection: 'app.bsky.feed.like' }],
    ['with an operation of the future', 'commit', { ...commit, operation: 'merge' }],
    ['of an identity', 'identity', { did, handle: 'made.up' }],
    ['of a kind of the future', 'weather', { sun: true }],
  ])('%s is another one', (_what, kind, body) => {
    expect(read(kind, body, body)).toEqual({ ...at, kind: 'other' });
  });

  it.each([
    ['a commit without its author or key', { ...commit, rkey: '' }],
    ['a commit without its author or key', { ...commit, rkey: 7 }],
    ['a post without content', { ...commit, record: 'text' }],
    ['a post without content', { ...commit, record: undefined }],
  ])('is unreadable as %s', (why, body) => {
    expect(read('commit', body, body)).toEqual({ kind: 'unreadable', reason: `it is ${why}` });
  });

  it('is unreadable as an account without its status', () => {
    expect(read('account', { did })).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a frame', () => {
  it('of subscribeEvents can be a sync, advice, or the reason of the end', () => {
    expect(readEvent(JSON.stringify(v2('sync', {})))).toEqual({ ...at, kind: 'sync' });
    const info = (name: string) => JSON.stringify({ $type: 'message', payload: { $type: type('info'), name } });
    expect(readEvent(info('OutdatedCursor'))).toEqual({ kind: 'info', isOutdated: true });
    expect(readEvent(info('Hello'))).toEqual({ kind: 'info', isOutdated: false });
    expect(readEvent('{"$type":"error","error":"ConsumerTooSlow","message":"you\\nare"}')).toEqual({
      kind: 'error',
      reason: 'ConsumerTooSlow: you are',
    });
  });

  it.each([
    ['', 'it is not a JSON object'],
    ['{"did":"secret text', 'it is not a JSON object'],
    ['[]', 'it is not a JSON object'],
    ['null', 'it is not a JSON object'],
    ['{}', 'it is an event without a kind'],
    ['{"kind":"commit"}', 'it is an event without a time'],
    ['{"kind":"commit","time_us":"1"}', 'it is an event without a time'],
    ['{"kind":"commit","time_us":1.5}', 'it is an event without a time'],
    ['{"kind":"commit","time_us":1}', 'it is a commit without content'],
    ['{"$type":"message"}', 'it is a message without a payload'],
    ['{"$type":"message","payload":{}}', 'it is a message without a type'],
    ['{"$type":"message","payload":{"$type":"a#commit","time":"today"}}', 'it is an event without a time'],
  ])('%j is unreadable, and the reason has no word of it', (frame, reason) => {
    expect(readEvent(frame)).toEqual({ kind: 'unreadable', reason });
  });

  it.each([
    ['2024-09-09T19:46:02.329308Z', 1725911162329308],
    ['2024-09-09T19:46:02Z', 1725911162000000],
    ['2024-09-09T19:46:02.5+00:00', 1725911162500000],
    ['2024-09-09T21:46:02.000001234+02:00', 1725911162000001],
  ])('has its time to the microsecond: %s', (time, timeUs) => {
    expect(readEvent(JSON.stringify(v2('sync', { time })))).toEqual({ kind: 'sync', timeUs });
  });
});
