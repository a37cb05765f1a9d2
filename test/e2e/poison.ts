import { gzipSync } from 'node:zlib';

/** Where a record must end, and with what. */
export type Place =
  /** Stored under `id` with these hashtags, each counted once, and with these attributes and no others. */
  | { in: 'tweets'; id: string; hashtags: string[]; attributes?: Record<string, unknown> }
  | { in: 'deletions'; id: string }
  /** In quarantine. `data` is how the record stands there: its JSON value, its bytes in base64, or something else. */
  | { in: 'quarantine'; reason: string; data: 'json' | 'base64' | { value: unknown } }
  /** A pointer in the dead-letter queue; redrive finds it and puts it into quarantine, or stores it if it can. */
  | { in: 'dead-letters'; redriven: { reason: string } | { id: string; hashtags: string[] } };

export interface Poison {
  name: string;
  record: Uint8Array;
  place: Place;
  /** Why this is the right place: an AWS page or a document of ours; "recalled" where no page says so. */
  source: string;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
const tagged = (id: string, ...words: string[]) => ({
  id_str: id,
  entities: { hashtags: words.map((text) => ({ text })) },
});

type Quarantined = Extract<Place, { in: 'quarantine' }>;

/** What Pipes does with a record's bytes: JSON is decoded, the rest stays base64. */
const parsing = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html';
/** 262,144 characters for a batch on its way into a workflow. */
const payload = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html';
/** 262,144 bytes for each input, output and variable within it. */
const quotas = 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html';
const ours = 'docs/records.md';

const notAnObject = (data: Quarantined['data']): Place => ({ in: 'quarantine', reason: 'not-an-object', data });
const quarantined = (reason: string): Place => ({ in: 'quarantine', reason, data: 'json' });
/** A member that gives its record so many nested levels. */
const nested = (levels: number): string => `"x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}`;
/** Of the 1,000 levels that the runtime takes in a workflow's input (recalled of AWS), the envelope has two. */
const mostLevels = 998;

const batchCharacters = 262_144;
/** `[{"tweet":…,"eventID":"shardId-000000000000:<56 digits>","arrivedAt":<10 digits>.<up to 3>}]` around a record. */
const envelopeCharacters = '[{"tweet":,"eventID":"","arrivedAt":}]'.length + 'shardId-000000000000:'.length + 56 + 14;
const arrivalSpread = '.123'.length;

/** A tweet whose whole record has this many bytes, all of them ASCII. */
function ofLength(id: string, bytes: number): Uint8Array {
  const head = `{"id_str":"${id}","entities":{"hashtags":[{"text":"${id}"}]},"filler":"`;
  return utf8(`${head}${'x'.repeat(bytes - head.length - 2)}"}`);
}

/** Within 256 KiB as they come, and beyond when they are folded: each letter becomes two. */
const growing = Array.from({ length: 240 }, (_, n) => `${n}${'İ'.repeat(500)}`);
/** `N` stands for a number that depends on the arrival. */
const tooLarge = (unit: 'characters' | 'bytes') =>
  `too-large: N ${unit}, more than the 262144 that a ${unit === 'characters' ? 'pipe hands to a workflow' : 'workflow takes'}`;

export const poisons: readonly Poison[] = [
  // Encodings
  {
    name: 'Latin-1',
    record: Buffer.from('{"id_str":"latin-1","text":"Zürich"}', 'latin1'),
    place: notAnObject('base64'),
    source: parsing,
  },
  {
    name: 'UTF-16 little endian with a byte order mark',
    record: Buffer.from('\ufeff{"id_str":"utf-16le"}', 'utf16le'),
    place: notAnObject('base64'),
    source: parsing,
  },
  {
    name: 'UTF-16 big endian with a byte order mark',
    record: Buffer.from('\ufeff{"id_str":"utf-16be"}', 'utf16le').swap16(),
    place: notAnObject('base64'),
    source: parsing,
  },
  {
    name: 'UTF-8 with a byte order mark, which is no JSON (RFC 8259, 8.1)',
    record: utf8('\ufeff{"id_str":"bom"}'),
    place: notAnObject('base64'),
    source: `${parsing} (recalled that a mark is not skipped)`,
  },
  {
    name: 'invalid UTF-8 inside a string',
    record: Buffer.concat([utf8('{"id_str":"invalid-utf8","text":"'), Buffer.from([0xc3, 0x28]), utf8('"}')]),
    place: notAnObject('base64'),
    source: parsing,
  },
  {
    name: 'a surrogate encoded as three bytes (CESU-8)',
    record: Buffer.concat([utf8('{"id_str":"cesu","text":"'), Buffer.from([0xed, 0xa0, 0xbd]), utf8('"}')]),
    place: notAnObject('base64'),
    source: parsing,
  },
  { name: 'gzip bytes', record: gzipSync(json(tagged('gzip', 'gzip'))), place: notAnObject('base64'), source: parsing },
  {
    name: 'records aggregated by the Kinesis Producer Library',
    record: Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2, 0x0a, 0x01, 0x6b]), json(tagged('kpl'))]),
    place: { in: 'quarantine', reason: 'kpl-aggregated', data: 'base64' },
    source:
      'https://docs.aws.amazon.com/streams/latest/dev/kinesis-kpl-concepts.html (that Pipes leaves them opaque: recalled)',
  },

  // Not quite JSON
  { name: 'an empty record', record: utf8(''), place: notAnObject('base64'), source: parsing },
  { name: 'whitespace', record: utf8(' \r\n\t'), place: notAnObject('base64'), source: parsing },
  { name: 'half a tweet', record: utf8('{"id_str":"half","te'), place: notAnObject('base64'), source: parsing },
  {
    name: 'two tweets in one record',
    record: utf8('{"id_str":"one"}\n{"id_str":"two"}'),
    place: notAnObject('base64'),
    source: parsing,
  },
  { name: 'NaN', record: utf8('{"id_str":"nan","x":NaN}'), place: notAnObject('base64'), source: parsing },
  { name: 'a trailing comma', record: utf8('{"id_str":"comma",}'), place: notAnObject('base64'), source: parsing },
  {
    name: 'a raw control character in a string',
    record: utf8('{"id_str":"control","text":"a\u0000b"}'),
    place: notAnObject('base64'),
    source: parsing,
  },
  {
    name: 'a number beyond every double, which would become null',
    record: utf8('{"id_str":"1e400","text":1e400}'),
    place: notAnObject('base64'),
    source: 'docs/feature-support.md (what AWS makes of it is not documented)',
  },

  // JSON, but no object
  { name: 'an empty array', record: utf8('[]'), place: notAnObject('json'), source: ours },
  { name: 'an array with a tweet', record: json([tagged('in-array')]), place: notAnObject('json'), source: ours },
  { name: 'null', record: utf8('null'), place: notAnObject('json'), source: ours },
  { name: 'true', record: utf8('true'), place: notAnObject('json'), source: ours },
  { name: 'minus zero', record: utf8('-0'), place: notAnObject({ value: 0 }), source: ours },
  { name: 'a JSON string', record: utf8('"just text"'), place: notAnObject('json'), source: ours },
  {
    name: 'a JSON string with quotes in it, which Pipes does not escape',
    record: json('say "hi"'),
    place: { in: 'dead-letters', redriven: { reason: 'not-an-object' } },
    source: `${parsing} (consequence inferred)`,
  },
  {
    name: 'a JSON string with a newline',
    record: json('one\ntwo'),
    place: { in: 'dead-letters', redriven: { reason: 'not-an-object' } },
    source: `${parsing} (consequence inferred)`,
  },
  {
    name: 'a JSON string that would give itself the place of another record',
    record: json('x","arrivedAt":1,"eventID":"shardId-000000000000:9","x":"y'),
    place: { in: 'quarantine', reason: 'not-an-object', data: { value: 'x' } },
    source: `${parsing} (consequence inferred); docs/adr/0001`,
  },
  {
    name: 'a JSON string that would be two elements of the batch',
    record: json('x"},{"tweet":"y'),
    place: { in: 'dead-letters', redriven: { reason: 'not-an-object' } },
    source: `${parsing} (consequence inferred)`,
  },

  // Ids
  { name: 'an empty object', record: utf8('{}'), place: quarantined('no-id'), source: ours },
  {
    name: 'a numeric id beyond 2^53',
    record: utf8('{"id":9007199254740993}'),
    place: quarantined('no-id'),
    source: ours,
  },
  { name: 'an id_str that is a number', record: utf8('{"id_str":5}'), place: quarantined('no-id'), source: ours },
  { name: 'an empty id', record: json({ id_str: '' }), place: quarantined('no-id'), source: ours },
  {
    name: 'an id of 65 characters',
    record: json({ id_str: 'i'.repeat(65) }),
    place: quarantined('no-id'),
    source: ours,
  },
  {
    name: 'an id of 64 characters outside of the basic plane',
    record: json({ id_str: '𝄞'.repeat(64) }),
    place: { in: 'tweets', id: '𝄞'.repeat(64), hashtags: [] },
    source: ours,
  },
  {
    name: 'an id with a newline, a colon, a slash and a quote',
    record: json(tagged('a\n:/"\'', 'newline-id')),
    place: { in: 'tweets', id: 'a\n:/"\'', hashtags: ['newline-id'] },
    source: ours,
  },
  {
    name: 'an id with a null character',
    record: json(tagged('null\u0000id', 'null-id')),
    place: { in: 'tweets', id: 'null\u0000id', hashtags: ['null-id'] },
    source: ours,
  },
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(
    (name): Poison => ({
      name: `the id and hashtag ${name}`,
      record: json(tagged(name, name)),
      place: { in: 'tweets', id: name, hashtags: [name.toLowerCase()] },
      source: ours,
    }),
  ),
  {
    name: 'a delete notice with a numeric id only',
    record: utf8('{"delete":{"status":{"id":9007199254740993}}}'),
    place: quarantined('no-id'),
    source: ours,
  },
  {
    name: 'a delete notice in an array',
    record: json({ delete: [{ status: { id_str: 'listed' } }] }),
    place: quarantined('no-id'),
    source: ours,
  },
  {
    name: 'a delete notice for __proto__.2, which never came',
    record: json({ delete: { status: { id_str: '__proto__.2' } } }),
    place: { in: 'deletions', id: '__proto__.2' },
    source: ours,
  },
  {
    name: 'duplicate keys, of which the last counts',
    record: utf8('{"id_str":"dup-first","id_str":"dup-last","entities":{"hashtags":[{"text":"a","text":"dup"}]}}'),
    place: { in: 'tweets', id: 'dup-last', hashtags: ['dup'] },
    source: 'RFC 8259, 4 (that AWS takes the last: recalled)',
  },

  // Fields of a wrong type
  {
    name: 'a text that is an array',
    record: json({ id_str: 'text-array', text: ['a'] }),
    place: quarantined('wrong-type: text'),
    source: ours,
  },
  {
    name: 'numbers for names and times',
    record: json({ id_str: 'numbers', created_at: 5, user: { id_str: 7, screen_name: {} } }),
    place: quarantined('wrong-type: createdAt, userId, userName'),
    source: ours,
  },
  {
    name: 'a retweeted tweet that is a string',
    record: json({ ...tagged('retweet-string', 'x'), retweeted_status: 'x' }),
    place: quarantined('wrong-type: retweeted_status'),
    source: ours,
  },
  {
    name: 'entities that are an array',
    record: json({ id_str: 'entities-array', entities: [{ hashtags: [{ text: 'x' }] }] }),
    place: quarantined('wrong-type: entities'),
    source: ours,
  },
  ...Object.entries({
    'a string': 'x',
    'an object': { 0: { text: 'x' } },
    strings: ['x'],
    nulls: [null],
    'arrays of hashtags': [[{ text: 'x' }]],
    'objects without a word': [{ text: 'x' }, { indices: [0, 1] }],
    'numbers for words': [{ text: 5 }],
    'objects for words': [{ text: { text: 'x' } }],
  }).map(
    ([kind, hashtags]): Poison => ({
      name: `hashtags that are ${kind}`,
      record: json({ id_str: `hashtags-${kind}`, entities: { hashtags } }),
      place: quarantined('wrong-type: hashtags'),
      source: ours,
    }),
  ),
  {
    name: 'null wherever something may be missing',
    record: json({
      ...{ id_str: 'nulls', text: null, lang: null, user: null, delete: null, data: null, retweeted_status: null },
      ...{ extended_tweet: null, entities: null, referenced_tweets: null, includes: null },
    }),
    place: { in: 'tweets', id: 'nulls', hashtags: [] },
    source: ours,
  },

  // Hashtags
  {
    name: 'an empty hashtag',
    record: json(tagged('empty', 'ok', '')),
    place: quarantined('hashtag-empty'),
    source: ours,
  },
  {
    name: 'a hashtag of 512 code points, 2,048 bytes',
    record: json(tagged('tag-512', '𝄞'.repeat(512))),
    place: { in: 'tweets', id: 'tag-512', hashtags: ['𝄞'.repeat(512)] },
    source: `${ours}; https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html`,
  },
  {
    name: 'a hashtag of 513 code points',
    record: json(tagged('tag-513', 'x'.repeat(513))),
    place: quarantined('hashtag-too-long'),
    source: ours,
  },
  {
    name: 'hashtags of marks, of nothing visible, of blanks and of a null character',
    record: json(tagged('invisible', '\u0301\u0302', '\u200b', ' ', '\u0000')),
    place: { in: 'tweets', id: 'invisible', hashtags: ['\u0301\u0302', '\u200b', ' ', '\u0000'] },
    source: ours,
  },
  {
    name: 'words that grow or change when they are folded',
    record: json(tagged('folding', 'İSTANBUL', 'ΟΔΟΣ', 'Straße', 'STRASSE', 'e\u0301', '\u00e9')),
    place: {
      in: 'tweets',
      id: 'folding',
      hashtags: ['i\u0307stanbul', 'οδος', 'straße', 'strasse', '\u00e9'],
    },
    source: ours,
  },
  {
    name: '10,000 hashtags in one tweet, 500 of them different',
    record: json(tagged('many', ...Array.from({ length: 10_000 }, (_, n) => `Many${n % 500}`))),
    place: { in: 'tweets', id: 'many', hashtags: Array.from({ length: 500 }, (_, n) => `many${n}`) },
    source: ours,
  },
  {
    name: '1,501 different hashtags in one tweet',
    record: json(tagged('too-many', ...Array.from({ length: 1_501 }, (_, n) => `TooMany${n}`))),
    place: quarantined('too-many-hashtags'),
    source: ours,
  },

  // Lone surrogates: UTF-8 has no form for them, so stores refuse them or replace them, and different hashtags would
  // become one
  {
    name: 'halves of a pair as two hashtags',
    record: utf8('{"id_str":"halves","entities":{"hashtags":[{"text":"a\\ud83d"},{"text":"a\\ude00"}]}}'),
    place: quarantined('lone-surrogate: hashtags'),
    source: ours,
  },
  {
    name: 'a lone surrogate as id',
    record: utf8('{"id_str":"\\ude00\\ud83d"}'),
    place: quarantined('lone-surrogate: id'),
    source: ours,
  },
  {
    name: 'a text that was cut within a pair',
    record: utf8('{"id_str":"cut","text":"\\ud83d\\ude00\\ud83d","lang":"\\udfff"}'),
    place: quarantined('lone-surrogate: text, lang'),
    source: ours,
  },
  {
    name: 'a delete notice for a lone surrogate',
    record: utf8('{"delete":{"status":{"id_str":"x\\ud800"}}}'),
    place: quarantined('lone-surrogate: id'),
    source: ours,
  },
  {
    name: 'a lone surrogate where nothing is stored from',
    record: utf8('{"id_str":"ignored-half","source":"\\ud83d","text":"\\ud83d\\ude00"}'),
    place: { in: 'tweets', id: 'ignored-half', hashtags: [], attributes: { text: '😀' } },
    source: ours,
  },

  // Text that means something elsewhere
  {
    name: 'text that looks like JSONata',
    record: json({ ...tagged('{% $error("id") %}', '{% $error() %}'), text: '{% $error("text") %}' }),
    place: {
      in: 'tweets',
      id: '{% $error("id") %}',
      hashtags: ['{% $error() %}'],
      attributes: { text: '{% $error("text") %}' },
    },
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    name: 'text that looks like an input template',
    record: json({ ...tagged('<$.data>', '<aws.pipes.pipe-name>'), text: '<$.eventID> <aws.pipes.event.json>' }),
    place: {
      in: 'tweets',
      id: '<$.data>',
      hashtags: ['<aws.pipes.pipe-name>'],
      attributes: { text: '<$.eventID> <aws.pipes.event.json>' },
    },
    source: parsing,
  },
  {
    name: 'text that looks like PartiQL',
    record: json({ ...tagged("x'} --", "'}"), text: "', 'record': '" }),
    place: { in: 'tweets', id: "x'} --", hashtags: ["'}"], attributes: { text: "', 'record': '" } },
    source: 'statements carry values as parameters only',
  },
  {
    name: 'fields with names of prototypes and of the JSONata library',
    record: utf8(
      '{"id_str":"names","__proto__":{"text":"polluted"},"constructor":{"prototype":{}},"hasOwnProperty":1,"toJSON":2,"then":3,' +
        '"length":9,"sequence":true,"cons":true,"keepSingleton":true,"entities":{"hashtags":[{"__proto__":{"tag":"y"},"text":"names"}]}}',
    ),
    place: { in: 'tweets', id: 'names', hashtags: ['names'] },
    source: ours,
  },
  {
    name: 'a tweet that JSONata takes for a function',
    record: json({ ...tagged('lambda', 'lambda'), _jsonata_lambda: true }),
    place: { in: 'dead-letters', redriven: { reason: 'not-processable: the extraction of the workflow fails on it' } },
    source: 'jsonata 2.0.6 (that AWS does the same: recalled)',
  },
  {
    name: 'a retweeted tweet that JSONata takes for a call to finish',
    record: json({
      id_str: 'thunk',
      retweeted_status: { ...tagged('thunk', 'thunk'), _jsonata_lambda: true, thunk: true },
    }),
    place: { in: 'dead-letters', redriven: { reason: 'not-processable: the extraction of the workflow fails on it' } },
    source: 'jsonata 2.0.6, tail calls (that AWS does the same: recalled)',
  },

  // Depth and size
  {
    name: 'as many nested levels as an input may have',
    record: utf8(`{"id_str":"deep","entities":{"hashtags":[{"text":"deep"}]},${nested(mostLevels)}}`),
    place: { in: 'tweets', id: 'deep', hashtags: ['deep'] },
    source: ours,
  },
  {
    name: 'as many nested levels as an input may have, without an id',
    record: utf8(`{${nested(mostLevels)}}`),
    place: quarantined('no-id'),
    source: ours,
  },
  {
    name: 'one nested level more',
    record: utf8(`{"id_str":"deeper","entities":{"hashtags":[{"text":"deeper"}]},${nested(mostLevels + 1)}}`),
    place: { in: 'dead-letters', redriven: { id: 'deeper', hashtags: ['deeper'] } },
    source: ours,
  },
  {
    name: 'one nested level more, without an id',
    record: utf8(`{${nested(mostLevels + 1)}}`),
    place: { in: 'dead-letters', redriven: { reason: 'no-id' } },
    source: ours,
  },
  {
    name: '100,000 nested levels',
    record: utf8(`{"id_str":"deepest",${nested(100_000)}}`),
    place: { in: 'dead-letters', redriven: { reason: 'too-large: nested too deeply' } },
    source: ours,
  },
  {
    name: 'a text of 25,001 emoji',
    record: json({ ...tagged('emoji', 'emoji'), text: '🙂'.repeat(25_001) }),
    place: { in: 'tweets', id: 'emoji', hashtags: ['emoji'], attributes: { text: '🙂'.repeat(25_000) } },
    source: ours,
  },
  {
    name: 'a text of 240 KB',
    record: json({ ...tagged('240k', '240k'), text: 'x'.repeat(240_000) }),
    place: { in: 'tweets', id: '240k', hashtags: ['240k'], attributes: { text: 'x'.repeat(25_000) } },
    source: ours,
  },
  {
    name: 'the largest record that still fits',
    record: ofLength('fits', batchCharacters - envelopeCharacters),
    place: { in: 'tweets', id: 'fits', hashtags: ['fits'] },
    source: payload,
  },
  {
    name: 'a record that is a little too large, whatever the digits of its arrival',
    record: ofLength('over', batchCharacters - envelopeCharacters + arrivalSpread + 1),
    place: { in: 'dead-letters', redriven: { reason: tooLarge('characters') } },
    source: payload,
  },
  {
    name: 'a record that fits in characters, but not in bytes',
    record: json({ ...tagged('bytes', 'bytes'), filler: 'ж'.repeat(200_000) }),
    place: { in: 'dead-letters', redriven: { reason: tooLarge('bytes') } },
    source: `${payload}; ${quotas}`,
  },
  {
    name: 'a record that fits, but not with the reason why it is refused',
    record: utf8(`{"filler":"${'x'.repeat(261_900)}"}`),
    place: { in: 'dead-letters', redriven: { reason: 'no-id' } },
    source: quotas,
  },
  {
    name: 'bytes that fit, but not in base64',
    record: Buffer.alloc(200_000, 0xff),
    place: { in: 'dead-letters', redriven: { reason: tooLarge('characters') } },
    source: payload,
  },
  {
    name: 'a record of 1 MiB',
    record: ofLength('mebibyte', 1_048_575),
    place: { in: 'dead-letters', redriven: { reason: tooLarge('characters') } },
    source: payload,
  },
  {
    name: 'hashtags that no longer fit when they are folded',
    record: json(tagged('growing', ...growing)),
    place: { in: 'dead-letters', redriven: { id: 'growing', hashtags: growing.map((word) => word.toLowerCase()) } },
    source: `${quotas}; a variable holds 256 KiB`,
  },

  // Harmless
  {
    name: 'a line end after the tweet',
    record: utf8('{"id_str":"crlf","entities":{"hashtags":[{"text":"crlf"}]}}\r\n'),
    place: { in: 'tweets', id: 'crlf', hashtags: ['crlf'] },
    source: 'RFC 8259, 2',
  },
];
