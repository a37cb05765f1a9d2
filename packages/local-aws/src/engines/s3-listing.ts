import type { FauxqsModules } from './fauxqs-modules.ts';

type S3Store = InstanceType<FauxqsModules['S3Store']>;
type Listing = ReturnType<S3Store['listObjects']>;

/**
 * The store with S3's listings: ordered by the keys' UTF-8 bytes, without gaps between pages. fauxqs sorts by locale
 * but continues by code unit, so a page may skip keys (`a`, `B`, `c` one at a time loses `B`), and repeats common
 * prefixes. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function orderedListing(Store: FauxqsModules['S3Store']): FauxqsModules['S3Store'] {
  return class extends Store {
    override listObjects(
      bucket: string,
      { prefix = '', delimiter, maxKeys = 1_000, startAfter, marker }: Parameters<S3Store['listObjects']>[1] = {},
    ): Listing {
      const all = super.listObjects(bucket, { prefix, maxKeys: Number.MAX_SAFE_INTEGER }).objects;
      const ordered = all.map((object) => ({ object, bytes: Buffer.from(object.key) }));
      ordered.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
      return pageOf(ordered, { prefix, delimiter, maxKeys, after: Buffer.from(startAfter || marker || '') });
    }
  };
}

type Ordered = { object: Listing['objects'][number]; bytes: Buffer }[];

function pageOf(
  ordered: Ordered,
  options: { prefix: string; delimiter: string | undefined; maxKeys: number; after: Buffer },
): Listing {
  const objects: Listing['objects'] = [];
  let commonPrefixes: string[] = [];
  let prefixesAtLastObject = 0;
  for (const { object, bytes } of ordered) {
    const common = commonPrefix(object.key, options.prefix, options.delimiter);
    if (common !== undefined && common === commonPrefixes.at(-1)) continue;
    const entry = common === undefined ? bytes : Buffer.from(common);
    if (Buffer.compare(entry, options.after) <= 0) continue;
    if (objects.length + commonPrefixes.length >= options.maxKeys) {
      // The next page begins after the last object, so leave later prefixes to it.
      if (objects.length > 0) commonPrefixes = commonPrefixes.slice(0, prefixesAtLastObject);
      return { objects, commonPrefixes, isTruncated: options.maxKeys > 0 };
    }
    if (common !== undefined) commonPrefixes.push(common);
    else {
      objects.push(object);
      prefixesAtLastObject = commonPrefixes.length;
    }
  }
  return { objects, commonPrefixes, isTruncated: false };
}

function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
