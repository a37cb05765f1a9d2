/** Made-up tweets whose ids are told apart by any changed byte. */
export const ids = Array.from({ length: 6 }, (_, index) => `97${index}${index}${index}000000000000${index}`);
const v1 = ids.map((id, index) => ({ id_str: id, text: `made up ü ${index} #t`, lang: 'en', user: { id_str: '5' } }));
const v2 = ids.map((id, index) => ({ id, text: `made up ${index}`, entities: { hashtags: [{ tag: 't' }] } }));
const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** The same tweets in every form. */
export const forms: Record<string, string> = {
  'JSON lines': lines(v1),
  'an array': JSON.stringify(v1),
  'a pretty array': JSON.stringify(v1, null, 2),
  'pretty values': v1.map((tweet) => JSON.stringify(tweet, null, 1)).join('\n'),
  'values after each other': v1.map((tweet) => JSON.stringify(tweet)).join(''),
  'a page': JSON.stringify({ data: v2, meta: { result_count: 6 } }),
  envelopes: lines(v2.map((data) => ({ data }))),
  'JSON in texts': lines(v1.map((tweet) => JSON.stringify(tweet))),
  "X's archive": `window.YTD.tweets.part0 = ${JSON.stringify(
    v1.map((tweet) => ({ tweet })),
    null,
    2,
  )}`,
  'a search page': JSON.stringify({ statuses: v1, search_metadata: {} }),
  'twarc2, flattened': lines(v2.map((tweet) => ({ ...tweet, author: { id: '5', username: 'u' }, __twarc: {} }))),
  'lines with commas': v1.map((tweet) => `${JSON.stringify(tweet)},\n`).join(''),
  elasticdump: lines(v1.map((tweet) => ({ _index: 'i', _id: '1', _source: tweet }))),
  mongoexport: lines(v1.map((tweet) => ({ _id: { $oid: '5f' }, ...tweet, created_at: { $date: '2020' } }))),
  versions: lines(v2.map((tweet) => ({ data: { ...tweet, id: `5${tweet.id}`, edit_history_tweet_ids: [tweet.id] } }))),
  'numeric ids': ids.map((id) => `{"id":${id},"tweet":"made up #t","username":"u"}\n`).join(''),
  snscrape: ids.map((id) => `{"id":${id},"rawContent":"made up","hashtags":["t"],"user":{"id":5}}\n`).join(''),
  'a table with tabs': `tweet_id\ttweet_text\n${ids.map((id) => `${id}\tmade up #t\n`).join('')}`,
  CSV: `id,text,lang\n${ids.map((id) => `${id},"made, up\n#t",en\n`).join('')}`,
};
