/** What a listing asks for. `after` is a key or a common prefix; what sorts up to it is left out. */
export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string;
  /** 0-1000. */
  readonly maxKeys: number;
  readonly after: string;
}

/** An object, or the prefix that several keys have in common up to the delimiter. */
export type ListingEntry<Item> = { readonly key: string; readonly object: Item } | { readonly prefix: string };

/**
 * One page of S3's listing: objects and common prefixes, ordered by the UTF-8 bytes of their keys.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listingPage<Item extends { readonly key: string }>(
  objects: readonly Item[],
  { prefix, delimiter, maxKeys, after }: ListingQuery,
): { entries: ListingEntry<Item>[]; isTruncated: boolean } {
  const ordered = objects
    .filter(({ key }) => key.startsWith(prefix))
    .map((object) => ({ object, bytes: Buffer.from(object.key) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const start = Buffer.from(after);
  const entries: ListingEntry<Item>[] = [];
  let lastPrefix: string | undefined;
  for (const { object, bytes } of ordered) {
    const common = commonPrefix(object.key, prefix, delimiter);
    if (common !== undefined && common === lastPrefix) continue;
    if (Buffer.compare(common === undefined ? bytes : Buffer.from(common), start) <= 0) continue;
    if (entries.length >= maxKeys) return { entries, isTruncated: maxKeys > 0 };
    lastPrefix = common;
    entries.push(common === undefined ? { key: object.key, object } : { prefix: common });
  }
  return { entries, isTruncated: false };
}

/** The key or the prefix by which an entry sorts. */
export function entryName(entry: ListingEntry<unknown>): string {
  return 'prefix' in entry ? entry.prefix : entry.key;
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
