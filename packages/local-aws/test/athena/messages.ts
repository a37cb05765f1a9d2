/** Four messages, by the object that holds them, in folders by year, month, day and hour. */
const message = (row: {
  text: string;
  likes: number | null;
  hashtags: string[];
  user: { id: string; screen_name: string };
}) => ({
  ...row,
  raw: JSON.stringify({ n: row.likes, tags: row.hashtags, u: { name: row.user.screen_name } }),
});

const ann = { id: 'u1', screen_name: 'ann' };
const bob = { id: 'u2', screen_name: 'bob' };
const cho = { id: 'u3', screen_name: 'cho' };

export const messages: Readonly<Record<string, object[]>> = {
  '2026/11/20/10/a.jsonl.gz': [
    {
      id: '1',
      user: ann,
      text: 'First #Coffee of the day',
      hashtags: ['Coffee'],
      likes: 5,
      lang: 'en',
      created_at: '2026-11-20T10:05:00.000Z',
      ms: 1795169100,
    },
    {
      id: '2',
      user: bob,
      text: 'nothing to tag',
      hashtags: [],
      likes: 1,
      lang: 'en',
      created_at: '2026-11-20T10:59:00.000Z',
      ms: 1795172340,
    },
  ].map((row) => message(row)),
  '2026/11/20/11/b.jsonl.gz': [
    {
      id: '3',
      user: ann,
      text: '#Köln #tea',
      hashtags: ['Köln', 'tea'],
      likes: 9,
      lang: 'de',
      created_at: '2026-11-20T11:01:00.000Z',
      ms: 1795172460,
    },
  ].map((row) => message(row)),
  '2026/11/21/00/c.jsonl.gz': [
    {
      id: '4',
      user: cho,
      text: '#tea, #Coffee, #tea',
      hashtags: ['tea', 'Coffee', 'tea'],
      likes: null,
      lang: 'ko',
      created_at: '2026-11-21T00:30:00.000Z',
      ms: 1795221000,
    },
  ].map((row) => message(row)),
};

/** The columns of the messages in the catalog's types. The keys of their partitions are year, month, day and hour. */
export const messageColumns = {
  id: 'string',
  user: 'struct<id:string,screen_name:string>',
  text: 'string',
  hashtags: 'array<string>',
  likes: 'int',
  lang: 'string',
  created_at: 'string',
  ms: 'bigint',
  raw: 'string',
};
