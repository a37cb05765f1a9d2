import { foldHashtag } from '@tweet-pipes/kit/hashtag';
import { isJsonObject } from '@tweet-pipes/kit/json';
import type { StreamRecord } from '@tweet-pipes/producer/record';

/** Every id and every hashtag that occurs anywhere in some records, also where it must not count. */
export interface Mentions {
  ids: Set<string>;
  /** Folded, as they are stored. */
  hashtags: Set<string>;
}

/**
 * Collects every key under which the records could have been stored or counted, rightly or wrongly. With these keys the
 * stores can be searched for what must not be there, without reading them whole.
 */
export function mentionsIn(records: Iterable<StreamRecord>): Mentions {
  const mentions: Mentions = { ids: new Set(), hashtags: new Set() };
  for (const { data } of records) {
    try {
      collect(JSON.parse(Buffer.from(data).toString('utf8')), mentions);
    } catch {
      // What is not JSON mentions nothing.
    }
  }
  return mentions;
}

function collect(value: unknown, mentions: Mentions): void {
  if (Array.isArray(value)) for (const element of value) collect(element, mentions);
  if (!isJsonObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string' && member !== '') {
      if ((name === 'id' || name === 'id_str') && member.length <= 64) mentions.ids.add(member);
      if ((name === 'text' || name === 'tag') && isHashtag(member)) mentions.hashtags.add(foldHashtag(member));
    } else collect(member, mentions);
  }
}

/**
 * Tells a hashtag from the text of a tweet, which has the same member name but blanks, or is longer than a key may be.
 */
function isHashtag(text: string): boolean {
  return !/\s/.test(text) && Buffer.byteLength(text) <= 2048;
}
