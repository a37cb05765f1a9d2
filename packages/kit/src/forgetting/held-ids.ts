/**
 * Members that name a tweet, as text, so that it also finds them in what is no valid JSON: `id` and `id_str`, as text
 * or number, and in the JSON of DynamoDB.
 */
const idMember = /"(?:id|id_str)"\s*:\s*(?:\{\s*"S"\s*:\s*)?(?:"((?:[^"\\]|\\.)*)"|(\d+))/g;

/** The ids of all versions of an edited tweet. */
const editHistory = /"edit_history_tweet_ids"\s*:\s*\[([^\]]*)\]/g;
const text = /"((?:[^"\\]|\\.)*)"/g;

/**
 * The ids of the tweets that raw text holds: of the record itself, and of those within it, such as the original of a
 * retweet. It may also give ids of users and media, which are no tweets. JSON within a JSON string is looked into.
 */
export function heldIds(raw: string): Set<string> {
  const ids = new Set<string>();
  for (const [, quoted, digits] of raw.matchAll(idMember)) {
    const id = digits ?? unescaped(quoted ?? '');
    if (id !== undefined) ids.add(id);
  }
  for (const [, list = ''] of raw.matchAll(editHistory)) {
    for (const [, quoted = ''] of list.matchAll(text)) {
      const id = unescaped(quoted);
      if (id !== undefined) ids.add(id);
    }
  }
  if (raw.includes('\\"')) for (const id of heldIds(raw.replaceAll('\\"', '"').replaceAll('\\\\', '\\'))) ids.add(id);
  return ids;
}

function unescaped(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted;
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    return undefined;
  }
}
