import { isDeepStrictEqual } from 'node:util';
import { isHighWaterMark } from '@tweet-pipes/kit/position';

import type { Item, StoreName, Stores } from './stores.ts';

/** One thing in a store that is not as expected. */
export interface Difference {
  store: StoreName | 'lake' | 'orders';
  /** The item's, row's or object's key. */
  key: string;
  /** `is missing`, `must not be there`, `htCount is 3, must be 2`. */
  problem: string;
}

/** The same of the stores of tweets. */
export interface StoreDifference extends Difference {
  store: StoreName;
}

/** Columns with the content of a tweet; a stack that archives keys only leaves all of them out. */
const contentColumns = ['text', 'created_at', 'lang', 'user_id', 'user_name', 'hashtags'];

type Form = (value: unknown) => boolean;

const isTime: Form = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
const isText: Form = (value) => typeof value === 'string' && value !== '';
/** Epoch seconds from 2020 to 2100: milliseconds or a date in the past do not pass. */
const isExpiry: Form = (value) =>
  Number.isInteger(value) && Number(value) > 1_577_836_800 && Number(value) < 4_102_444_800;

/** Attributes that the expectation does not know: they must exist and have this form. */
const open: Record<StoreName, Readonly<Record<string, Form>>> = {
  tweets: { expiresAt: isExpiry },
  hashtags: { updatedAt: isTime },
  deletions: { deletedAt: isTime, expiresAt: isExpiry },
  archive: { event_id: isText, removed_at: isTime, expires_at: isExpiry },
  quarantine: { arrived_at: isTime },
};

/**
 * Every difference between the expected and the actual content of the stores, in the order of the stores.
 */
export function compareStores(expected: Stores, found: Stores): StoreDifference[] {
  const archive = hasContent(found.archive) ? expected.archive : withoutContent(expected.archive, found.archive);
  return [
    ...compare('tweets', expected.tweets, found.tweets),
    ...compare('hashtags', expected.hashtags, found.hashtags),
    ...compare('deletions', expected.deletions, found.deletions),
    ...compare('archive', archive, found.archive),
    ...compare('quarantine', expected.quarantine, found.quarantine),
  ];
}

function compare(store: StoreName, expected: Map<string, Item>, found: Map<string, Item>): StoreDifference[] {
  const differences: StoreDifference[] = [];
  for (const [key, item] of expected) {
    const other = found.get(key);
    const problems = other === undefined ? ['is missing'] : compareItem(store, item, other);
    for (const problem of problems) differences.push({ store, key, problem });
  }
  for (const key of found.keys())
    if (!expected.has(key)) differences.push({ store, key, problem: 'must not be there' });
  return differences;
}

function compareItem(store: StoreName, expected: Item, found: Item): string[] {
  const problems: string[] = [];
  const forms = open[store];
  for (const name of new Set([...Object.keys(expected), ...Object.keys(forms), ...Object.keys(found)])) {
    const value = found[name];
    if (Object.hasOwn(expected, name)) {
      const isSame =
        isDeepStrictEqual(value, expected[name]) || (store === 'quarantine' && isNumberInBase64(value, expected[name]));
      if (!isSame) problems.push(`${name} is ${show(value)}, must be ${show(expected[name])}`);
    } else if (forms[name] !== undefined) {
      if (!forms[name](value)) problems.push(`${name} is ${show(value)}, which cannot be`);
    } else if (!(store === 'hashtags' && isHighWaterMark(name, value))) {
      problems.push(`${name} must not be there`);
    }
  }
  return problems;
}

/** AWS does not document whether Pipes takes a bare number for JSON. Both forms in quarantine are right. */
function isNumberInBase64(value: unknown, expected: unknown): boolean {
  return typeof expected === 'number' && value === Buffer.from(String(expected)).toString('base64');
}

function hasContent(archive: Map<string, Item>): boolean {
  return [...archive.values()].some((row) => contentColumns.some((column) => Object.hasOwn(row, column)));
}

/** For a stack that archives keys only, which is recognized by its rows: none has a column with content. */
function withoutContent(expected: Map<string, Item>, found: Map<string, Item>): Map<string, Item> {
  if (found.size === 0) return expected;
  return new Map(
    [...expected].map(([key, row]) => [
      key,
      Object.fromEntries(Object.entries(row).filter(([column]) => !contentColumns.includes(column))),
    ]),
  );
}

/** A value as text of at most 120 characters. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
