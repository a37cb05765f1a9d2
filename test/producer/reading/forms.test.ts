import { describe, expect, it } from '@jest/globals';
import { readFile } from '../sources/file-reading.ts';

const json = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
const v1 = (id: string, ...words: string[]) => ({
  id_str: id,
  text: 'x',
  entities: { hashtags: words.map((text) => ({ text })) },
});
const v2 = (id: string, ...words: string[]) => ({
  id,
  text: 'x',
  entities: { hashtags: words.map((tag) => ({ tag })) },
});
const page = {
  data: [{ ...v2('1', 'cut'), author_id: '7', referenced_tweets: [{ type: 'retweeted', id: '9' }] }, v2('2', 'own')],
  includes: { users: [{ id: '7', username: 'madeup' }], tweets: [v2('9', 'cut', 'Whole')] },
  meta: { result_count: 2 },
};
/** As `twarc2 flatten` writes the first tweet of the page. */
const flattened = {
  ...{ ...v2('1', 'cut'), author_id: '7', author: { id: '7', username: 'madeup' } },
  referenced_tweets: [{ type: 'retweeted', ...v2('9', 'cut', 'Whole') }],
};
const exact = '9007199254740993123';
const archived = (id: string, ...words: string[]) => ({
  tweet: { ...v1(id, ...words), full_text: 'x', text: undefined },
});

describe('a file of tweets', () => {
  it.each<[string, string, Record<string, string[]>]>([
    ['API v1.1', json(v1('1', 'A'), { ...v1('2'), retweeted_status: v1('9', 'b') }), { 1: ['a'], 2: ['b'] }],
    ['API v2', json({ data: v2('1', 'A') }), { 1: ['a'] }],
    [
      'a search page of API v1.1',
      json({ statuses: [v1('1', 'a'), v1('2')], search_metadata: {} }),
      { 1: ['a'], 2: [] },
    ],
    ["a page of the premium API's search", json({ results: [v1('1', 'a'), v1('2')], next: 'n' }), { 1: ['a'], 2: [] }],
    ['a map by id', json({ 1: v1('1', 'a'), [exact]: v1(exact) }), { 1: ['a'], [exact]: [] }],
    ['a page of API v2', json(page), { 1: ['cut', 'whole'], 2: ['own'] }],
    ['twarc2, flattened', json(flattened), { 1: ['cut', 'whole'] }],
    ['text without entities', json({ id_str: '1', text: 'a #Tag' }), { 1: ['tag'] }],
    [
      'JSON in texts',
      json(JSON.stringify(v1('1', 'a')), `${JSON.stringify([v1('2', 'b')])}\r\n`),
      { 1: ['a'], 2: ['b'] },
    ],
    [
      "X's archive",
      `window.YTD.tweets.part0 = ${JSON.stringify([archived('1', 'a'), archived('2')], null, 2)}`,
      { 1: ['a'], 2: [] },
    ],
    [
      "X's archive before 2018",
      `Grailbird.data.tweets_2012_01 =\n ${JSON.stringify([v1('1', 'a')], null, 1)}`,
      { 1: ['a'] },
    ],
    [
      'numeric ids',
      `{"id":${exact},"text":"#a","user":{"id":${exact}}}\n{"id":7,"full_text":"#b"}`,
      { [exact]: ['a'], 7: ['b'] },
    ],
    [
      'snscrape',
      `{"_type":"snscrape.modules.twitter.Tweet","rawContent":"#no","date":"d","id":${exact},"user":{"username":"u","id":3},"lang":"en","hashtags":["Yes"],"retweetedTweet":null}
       {"content":"RT","id":8,"hashtags":null,"retweetedTweet":{"content":"#inner","id":5,"hashtags":["Inner"]}}`,
      { [exact]: ['yes'], 8: ['inner'] },
    ],
    [
      'twint',
      `{"id":${exact},"username":"u","tweet":"#no","language":"en","hashtags":["yes"],"retweet":false}`,
      { [exact]: ['yes'] },
    ],
    [
      'mongoexport',
      json(
        { _id: { $oid: '5f' }, ...v1('1', 'a'), created_at: { $date: '2020-01-01T00:00:00Z' } },
        { _id: { $oid: '6f' }, id: { $numberLong: exact }, text: '#b', created_at: { $date: { $numberLong: '0' } } },
      ),
      { 1: ['a'], [exact]: ['b'] },
    ],
    ['elasticdump', json({ _index: 'i', _id: '1', _score: 1, _source: v1('1', 'a') }), { 1: ['a'] }],
    ['a search of Elasticsearch', json({ hits: { total: 1, hits: [{ _source: v1('1', 'a') }] } }), { 1: ['a'] }],
    [
      'twarc-csv',
      'id,author.username,created_at,text,entities.hashtags,lang\n9800000000000000001,u,2024,"a, #no","[{""start"": 1, ""tag"": ""Yes""}]",en\n9800000000000000002,u,2024,"two\nlines #text",,en\n',
      { '9800000000000000001': ['yes'], '9800000000000000002': ['text'] },
    ],
    [
      "Kaggle's tables",
      'Tweet Id;Content;Hashtags\n1;#no;[\'Yes\', "two"]\n2;#no;[]\n3;#yes;2\n',
      { 1: ['yes', 'two'], 2: [], 3: ['yes'] },
    ],
    [
      'a table with tabs',
      'tweet_id\ttweet_text\thashtags\n1\tx\t#a #b\n2\tx\t[a, c]\n',
      { 1: ['a', 'b'], 2: ['a', 'c'] },
    ],
    [
      'versions of a post, in every shape that names the first',
      json(
        { data: { ...v2('5', 'v2'), edit_history_tweet_ids: ['1', '5'] } },
        { ...v1('6', 'enterprise'), edit_history: { initial_tweet_id: '2', edit_tweet_ids: ['2', '6'] } },
        { ...v1('7', 'rest'), ext_edit_control: { edit: { initial_tweet_id: '3', edit_control_initial: {} } } },
        { tweet: { ...v1('8', 'archive'), edit_info: { edit: { initialTweetId: '4' } } } },
        { tweet: { ...v1('9', 'unedited'), edit_info: { initial: { editTweetIds: ['9', '10'] } } } },
      ),
      { 1: ['v2'], 2: ['enterprise'], 3: ['rest'], 4: ['archive'], 9: ['unedited'] },
    ],
    [
      'versions in a table',
      'id,text,edit_history_tweet_ids\n5,#a,"[""1"", ""5""]"\n6,#b,"[\'2\', \'6\']"\n7,#c,7\n8,#d,\n',
      { 1: ['a'], 2: ['b'], 7: ['c'], 8: ['d'] },
    ],
    [
      'forms after each other',
      `${json(v1('1', 'a'))}\n${JSON.stringify([v1('2')], null, 2)}\n${json(page)}`,
      { 1: ['cut', 'whole'], 2: ['own'] },
    ],
    [
      'a table with numbers of rows beside the ids',
      'id,tweet_id,text\n1,11,#a\n2,12,#b\n1,13,#c\n',
      { 11: ['a'], 12: ['b'], 13: ['c'] },
    ],
    [
      'JSON with numbers of rows beside the ids',
      `{"id":1,"status_id":${exact},"text":"#a"}\n{"id":1,"tweet_id":"12","text":"#b"}\n{"id":1,"id_str":"13","text":"#c"}`,
      { [exact]: ['a'], 12: ['b'], 13: ['c'] },
    ],
    [
      'a table of rtweet',
      '"user_id","status_id","text"\n"x5","x1860000000000000303","#a"\n"x5","x1860000000000000304","#b"\n',
      { '1860000000000000303': ['a'], '1860000000000000304': ['b'] },
    ],
    [
      'a table with apostrophes before the ids',
      "id,text\n'1860000000000000303,#a\nx-1,#b\n",
      { '1860000000000000303': ['a'], 'x-1': ['b'] },
    ],
    ['a table of Excel that names its separator', 'sep=;\r\nid;text\r\n1;a, #a\r\n', { 1: ['a'] }],
    [
      'JSON with ids of other producers',
      json({ id: 'nan', text: '#a' }, { id: "'1", text: '#b' }),
      { nan: ['a'], "'1": ['b'] },
    ],
  ])('is read from %s, and nothing is unreadable', async (_, text, tweets) => {
    const { counts, ...outcome } = await readFile(text);
    expect(outcome.tweets).toEqual(tweets);
    expect(counts).toMatchObject({ tweets: outcome.records.length, unreadable: 0, refused: 0, brokenOff: 0 });
    expect(outcome.tally.problems).toEqual([]);
    for (const { partitionKey } of outcome.records) expect(Object.keys(tweets)).toContain(partitionKey);
    // Raw records mean the same, unless a text without entities leaves the hashtags to the text.
    const raw = await readFile(text, { isRaw: true });
    expect(Object.keys(raw.tweets)).toEqual(Object.keys(tweets));
  });

  it('without a header is read by the columns that are named', async () => {
    const text =
      '"0","9810000001","Mon","NO_QUERY","u","caf\xe9 #one "\r\n"4","9810000002","Mon","NO_QUERY","u","#two"\r\n';
    const columns = ['-', 'id', 'created_at', '-', 'username', 'text'];
    const named = await readFile(Buffer.from(text, 'latin1'), { columns, encoding: 'windows-1252' });
    expect(named.tweets).toEqual({ '9810000001': ['one'], '9810000002': ['two'] });
    expect(named.tally.firstRecord).toContain('  user name: u (column username)');
    const guessed = await readFile(Buffer.from(text, 'latin1'), { columns });
    expect(guessed.tweets).toEqual({ '9810000002': ['two'] });
    expect(guessed.tally.problems?.join('\n')).toMatch(
      /^1 record .*\n {2}1 × not UTF-8, but perhaps [\w-]+, which `--encoding [\w-]+` reads: standard input:1$/,
    );
  });

  it('has a column without a name that stands for no field', async () => {
    const { records } = await readFile(',id,text\n0,1,x\n');
    expect(JSON.parse(String(records[0]?.data))).toEqual({ id_str: '1', text: 'x' });
  });

  it.each([
    ['ID,Text', ['id', 'text']],
    ['tweet_id,content', ['id', 'text']],
    ['sep=,\nid,text', ['id', 'text']],
    ['id,whatever', ['id', '-', 'text']],
  ])('has a header `%s` that is not taken for a tweet where columns are named', async (header, columns) => {
    const row = columns.length === 2 ? '1,x' : '1,a,x';
    const text = `${header}${columns.length === 2 ? '' : ',TEXT'}\n${row}\n`;
    const { tweets, counts, tally } = await readFile(text, { columns });
    expect(tweets).toEqual({ 1: [] });
    expect(counts).toMatchObject({ tweets: 1, unreadable: 0 });
    expect(tally.lines).toContain('Left out, since they hold no tweets: the header of a table.');
  });

  it('keeps user, language and time', async () => {
    const { records } = await readFile(
      `{"rawContent":"x","date":"d","id":1,"user":{"username":"u","id":${exact}},"lang":"en"}`,
    );
    expect(JSON.parse(String(records[0]?.data))).toEqual({
      ...{ id_str: '1', text: 'x', created_at: 'd', lang: 'en' },
      user: { id_str: exact, screen_name: 'u' },
    });
  });

  it('is sent raw as it came where it is of the API, and with exact numbers where it is not', async () => {
    const line = `{"id":${exact}, "id_str":"${exact}","text":"x","extra":1}`;
    expect(String((await readFile(line, { isRaw: true })).records[0]?.data)).toBe(line);
    const wrapped = await readFile(`{"statuses":[${line}]}`, { isRaw: true });
    expect(String(wrapped.records[0]?.data)).toBe(line.replace(', ', ','));
  });

  it('tells that the id is that of the first version', async () => {
    const { tally } = await readFile(json({ data: { ...v2('5'), edit_history_tweet_ids: ['1', '5'] } }));
    expect(tally.firstRecord).toContain('  id: 1 (the first version, of edit_history_tweet_ids)');
  });

  it('tells how each field of the first tweet was found', async () => {
    expect((await readFile(json(flattened))).tally.firstRecord).toEqual([
      'The first tweet, at standard input:1:',
      '  id: 1 (member id)',
      '  text: x (member text)',
      '  created at: none',
      '  language: none',
      '  user id: 7 (member author_id)',
      '  user name: madeup (member includes.users.0.username)',
      '  hashtags: #cut #Whole (member includes.tweets.0.entities.hashtags)',
    ]);
    const { firstRecord } = (await readFile('id;content\n1;a #tag')).tally;
    expect(firstRecord).toContain('  text: a #tag (column content)');
    expect(firstRecord).toContain('  hashtags: #tag (found in the text)');
  });
});

describe('a deletion', () => {
  it.each<[string, string, string[]]>([
    ['API v1.1', json({ delete: { status: { id: 1, id_str: '1', user_id_str: '2' }, timestamp_ms: '3' } }), ['1']],
    ['API v1.1 with a numeric id alone', `{"delete":{"status":{"id":${exact}}}}`, [exact]],
    ['API v2', json({ data: { delete: { tweet: { id: '1', author_id: '4' }, event_at: 't' } } }), ['1']],
    ['API v2 without its envelope', json({ delete: { tweet: { id: '1' } } }), ['1']],
    [
      'a batch compliance job',
      json({ id: '1', action: 'delete', created_at: 't', redacted_at: 't', reason: 'deleted' }),
      ['1'],
    ],
    [
      "X's archive",
      `window.YTD.deleted_tweets.part0 = [{"tweet":{"id_str":"1","full_text":"x","deleted_at":"t"}}]`,
      ['1'],
    ],
  ])('is recognised from %s', async (_, text, ids) => {
    for (const isRaw of [false, true]) {
      const { deletions, tweets, records, counts } = await readFile(text, { isRaw });
      expect([deletions, tweets]).toEqual([ids, {}]);
      expect(records.map(({ partitionKey }) => partitionKey)).toEqual(ids);
      expect(counts).toMatchObject({ deletions: 1, tweets: 0, unreadable: 0 });
    }
  });
});

describe('what is no tweet', () => {
  const good = json(v1('1'));

  it.each<[string, string, string]>([
    ['a user', json({ id: '2', username: 'u', name: 'n' }), 'a user, not a tweet'],
    ['a page of users', json({ data: [{ id: '2', username: 'u' }] }), 'a user, not a tweet'],
    ['an id alone', json({ id: '2' }), 'no text'],
    ['a text alone', json({ text: 'x' }), 'no id'],
    ['something else', json({ a: 1 }), 'an object that is no tweet'],
    ['no object', '7', 'a number, not an object'],
    ['no JSON', 'not json', 'not JSON'],
    ['a field of a wrong type', json({ ...v1('2'), lang: 5 }), 'a field of a wrong type'],
    ['an id of 0', '{"id":0,"text":"x"}', 'an id of 0'],
    ['an id of 0 by another tool', '{"id":0,"tweet":"x"}', 'an id of 0'],
    ['half of a pair in a text', '{"id_str":"2","text":"bad \\ud83d"}', 'lone-surrogate'],
    ['a hashtag that is too long', json(v1('2', 'x'.repeat(513))), 'hashtag-too-long'],
    ['a hashtag of API v2 that is too long', json({ data: v2('2', 'x'.repeat(513)) }), 'hashtag-too-long'],
    ['an empty hashtag', json(v1('2', '')), 'hashtag-empty'],
    [
      'too many hashtags',
      json(v1('2', ...Array.from({ length: 1_501 }, (_, index) => `t${index}`))),
      'too-many-hashtags',
    ],
    ['an id that is too long', json(v1('2'.repeat(65))), 'an id of more than 64 characters'],
    ['a rounded id', '{"id":9.8e18,"text":"x"}', 'an id that is rounded'],
    [
      'another compliance result',
      json({ id: '2', action: 'scrub_geo' }),
      'a compliance result with the action "scrub_geo"',
    ],
    ['a limit notice', json({ limit: { track: 5 } }), 'X\'s message "limit"'],
    ['another compliance event', json({ data: { tweet_edit: { tweet: { id: '2' } } } }), 'X\'s message "tweet_edit"'],
    ['a delete notice without an id', json({ delete: { status: {} } }), 'a delete notice without an id'],
  ])('%s is counted, named, and ends in quarantine', async (_, text, reason) => {
    const { tweets, deletions, rejected, counts, tally, records } = await readFile(`${good}\n${text}\n`);
    expect([tweets, deletions, rejected.length]).toEqual([{ 1: [] }, [], 1]);
    expect(counts.unreadableReasons).toEqual([{ reason, count: 1, first: ['standard input:2'] }]);
    expect(tally.problems).toEqual([
      '1 record is no tweet and no delete notice, sent for quarantine:',
      `  1 × ${reason}: standard input:2`,
    ]);
    expect(records).toHaveLength(2);
    expect((await readFile(`${good}\n${text}\n`, { unreadable: 'skip' })).records).toHaveLength(1);
  });

  it('is left to who sends it, with its place, if it is too large, and counted there alone', async () => {
    const large = 'x'.repeat(1_100_000);
    const { records, counts, tally } = await readFile(`${good}\n${large}\n${json({ ...v1('2'), text: large })}\n`);
    expect(records.map(({ place }) => place)).toEqual([undefined, 'standard input:2', 'standard input:3']);
    expect(counts).toMatchObject({ tweets: 2, unreadable: 0 });
    expect(tally.problems).toEqual([]);
    expect((await readFile(`${good}\n${large}\n`, { unreadable: 'skip' })).counts).toMatchObject({ unreadable: 1 });
  });

  it('is not called sent if there is nothing of it', async () => {
    const { tally, records } = await readFile(`[${good}`);
    expect(records).toHaveLength(1);
    expect(tally.problems?.[0]).toBe('1 record is no tweet and no delete notice, not sent:');
  });

  it('is the header of a table that comes again, and broken JSON in one; whole JSON is read', async () => {
    const { tweets, counts } = await readFile('id,text\n1,x\nid,text\n{"id_str":"2","text":"x"}\n[{"id":"3",\n4,x\n');
    expect(tweets).toEqual({ 1: [], 2: [], 4: [] });
    expect(counts.unreadableReasons).toEqual([
      { reason: 'the header again', count: 1, first: ['standard input:3'] },
      { reason: 'JSON within a table', count: 1, first: ['standard input:5'] },
    ]);
  });

  it('is a row of a table whose id says that there is none', async () => {
    const rows = ['nan', 'NaN', 'None', 'null', '', ' ', 'N/A', '0'].map((id) => `${id},x\n`).join('');
    const { tweets, counts } = await readFile(`id,text\n1,x\n${rows}`);
    expect(tweets).toEqual({ 1: [] });
    expect(counts.unreadableReasons).toEqual([expect.objectContaining({ reason: 'no id', count: 8 })]);
  });

  it('is JSON that is no UTF-8', async () => {
    const text = Buffer.from(`${good}\n{"id_str":"2","text":"caf\xe9"}\n`, 'latin1');
    expect((await readFile(text)).counts).toMatchObject({ tweets: 1, unreadable: 1 });
  });

  it('stops the reading if it is to, after what is before it', async () => {
    const found: string[] = [];
    const reading = async () => {
      const { fileSource } = await import('@tweet-pipes/producer/sources/file');
      const { Readable } = await import('node:stream');
      const stdin = Readable.from([Buffer.from(`${good}\nx\n${json(v1('2'))}`)]);
      const source = await fileSource(['-'], { unreadable: 'stop', stdin });
      for await (const { partitionKey } of source.records()) found.push(partitionKey);
    };
    await expect(reading()).rejects.toThrow('standard input:2: not JSON');
    expect(found).toEqual(['1']);
  });

  it.each<[string, string, RegExp]>([
    [
      'users',
      json({ id: '2', username: 'u' }, { id: '3', username: 'v' }),
      /, but 2 × a user, not a tweet\. To send it for quarantine all the same, put a tweet into the file$/,
    ],
    ['plain text', 'made up words\nand more', /, it looks like plain text, which `produce text` reads/],
    ['a list of ids', '1234567890123456789\n1234567890123456780', /, it looks like a list of ids; .*twarc2 hydrate/],
    [
      'a table without a header',
      '0,9810000001,Mon,NO,u,"made up"\n',
      /, it looks like CSV with 6 columns without a header; .*--columns/,
    ],
    [
      'a table of two columns',
      '1860000000000000312,made up\n',
      /, it looks like CSV with 2 columns without a header; /,
    ],
    ['a table without an id', 'user,date,text\na,b,c\n', /columns without a column for the id; /],
    ['HTML', '<html>\n<p>', /, it looks like HTML or XML$/],
    [
      'ids that a spreadsheet rounded',
      'id,text\n9.8E+18,x\n',
      /, but 1 × an id that is rounded\. To send it for quarantine/,
    ],
    ['too much else', 'x\n'.repeat(1_500), /^there is no tweet among its first 1,?000 values, it looks like/],
  ])('is refused if the whole file is %s, before anything is sent', async (_, text, reason) => {
    const { records, counts } = await readFile(text);
    expect(records).toEqual([]);
    expect(counts).toMatchObject({ tweets: 0, unreadable: 0, refused: 1 });
    expect(counts.failedFiles).toEqual([{ place: 'standard input', reason: expect.stringMatching(reason) }]);
  });

  it('is refused in an empty file or page', async () => {
    for (const text of ['', '\n\n', '[]', json({ meta: { result_count: 0 } }), 'id,text\n']) {
      const { records, tally } = await readFile(text);
      expect([records, tally.problems]).toEqual([
        [],
        [expect.stringMatching(/^Refused standard input: .*(?:empty|no rows|without results)\.$/)],
      ]);
    }
  });

  it("is counted where an unknown part of X's archive has tweets, which are read", async () => {
    const objects = [archived('1', 'a'), { tweetHeader: { tweet_id: '2' } }, { id: '3', text: 'x' }, archived('4')];
    const part = (name: string) => `window.YTD.${name}.part0 = ${JSON.stringify(objects)}`;
    const { tweets, tally } = await readFile(part('tweets_of_tomorrow'));
    expect(tweets).toEqual({ 1: ['a'], 4: [] });
    expect([tally.problems, tally.lines]).toEqual([
      [],
      ['Left out, since they hold no tweets: window.YTD.tweets_of_tomorrow.part0 (2 ×).'],
    ]);
    for (const name of ['like', 'direct_messages_group', 'note_tweet']) {
      const closed = await readFile(part(name));
      expect(closed.records).toEqual([]);
      expect(closed.tally.lines).toEqual([`Left out, since they hold no tweets: window.YTD.${name}.part0 (4 ×).`]);
    }
  });

  it("is not sent from the other parts of X's archive", async () => {
    const messages = 'window.YTD.direct_messages.part0 = [ {"dmConversation": {"messages": [{"text": "made up"}]}} ]';
    const { records, tally } = await readFile(messages);
    expect(records).toEqual([]);
    expect([tally.problems, tally.lines]).toEqual([
      ['Refused standard input: it holds window.YTD.direct_messages.part0, and no tweets.'],
      ['Left out, since they hold no tweets: window.YTD.direct_messages.part0.'],
    ]);
  });
});
