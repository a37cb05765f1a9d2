import { isDeepStrictEqual } from 'node:util';
import { parseTimestamp } from '@tweet-pipes/kit/lake-timestamp';
import { eventIdOf } from '@tweet-pipes/kit/position';
import { type Difference, show } from './compare.ts';
import { quarantineKey } from './expectation.ts';
import { deletedKey, type Lake } from './read-lake.ts';
import type { Item, SentRecord, Stores } from './stores.ts';

/** Columns of the lake by the attributes of a tweet. `created_at` has another form. */
const columns: [column: string, attribute: string][] = [
  ['text', 'text'],
  ['lang', 'lang'],
  ['user_id', 'userId'],
  ['user_name', 'userName'],
  ['hashtags', 'hashtags'],
];

/**
 * Every difference between the lake and the other stores in what a run sent. A tweet must be in `tweets_live` exactly
 * if it is in the table, with its fields and position; in `tweets_distinct` also if it is not. The rows of `deleted`
 * and `quarantine` must be those of archive and quarantine. An earlier run may have left other copies.
 */
export function compareLake(sent: readonly SentRecord[], found: Stores, lake: Lake): Difference[] {
  return [
    ...compareTweets(sent, found, lake),
    ...compareDeleted(sent, found, lake),
    ...compareQuarantine(sent, found, lake),
  ];
}

function compareTweets(sent: readonly SentRecord[], { tweets }: Stores, lake: Lake): Difference[] {
  const differences: Difference[] = [];
  const note = (view: string, id: string, problem: string) =>
    differences.push({ store: 'lake', key: `${view} ${id}`, problem });
  const ofRun = new Set(sent.map(({ position }) => position));
  for (const [id, first] of firstTweets(sent)) {
    const row = lake.tweets.get(id);
    const item = tweets.get(id);
    if (lake.live.has(id) !== (item !== undefined)) {
      note('tweets_live', id, item === undefined ? 'must not be there' : 'is missing');
    }
    if (row === undefined) {
      note('tweets_distinct', id, 'is missing');
      continue;
    }
    // A row of an earlier run is known by the table alone.
    if (ofRun.has(String(row.position))) {
      for (const problem of compareRow(row, { ...first.item, record: first.position })) {
        note('tweets_distinct', id, problem);
      }
    }
    if (item !== undefined && item.record === row.position) {
      for (const problem of compareRow(row, item)) note('tweets_live', id, problem);
    }
  }
  return differences;
}

/** The first tweet of each id that was sent. */
function firstTweets(sent: readonly SentRecord[]): Map<string, { position: string; item: object }> {
  const firsts = new Map<string, { position: string; item: object }>();
  for (const { record, position } of sent) {
    const { meaning } = record;
    if (meaning.kind !== 'tweet' || firsts.has(meaning.id)) continue;
    firsts.set(meaning.id, { position, item: meaning.item });
  }
  return firsts;
}

function compareRow(row: Item, wanted: Item): string[] {
  const problems = columns.flatMap(([column, attribute]) => differs(column, row[column], wanted[attribute]));
  const createdAtMs = parseTimestamp(String(row.created_at));
  const wantedMs = Date.parse(String(wanted.createdAt));
  return [
    ...problems,
    ...(Object.is(createdAtMs, wantedMs) ? [] : [`created_at is ${row.created_at}, must be ${wanted.createdAt}`]),
    ...differs('position', row.position, wanted.record),
  ];
}

function compareDeleted(sent: readonly SentRecord[], { archive }: Stores, lake: Lake): Difference[] {
  const ids = new Set(sent.flatMap(({ record: { meaning } }) => (meaning.kind === 'tweet' ? meaning.id : [])));
  const archived = new Map(
    [...archive.values()]
      .filter(({ table, id }) => table === 'tweets' && ids.has(String(id)))
      .map((row) => [deletedKey(String(row.id), String(row.record)), row]),
  );
  const names = [...columns.map(([column]) => column), 'created_at'];
  return [...new Set([...archived.keys(), ...lake.deleted.keys()])].flatMap((key): Difference[] => {
    const [wanted, row] = [archived.get(key), lake.deleted.get(key)];
    if (row !== undefined && !ids.has(String(row.id))) return [];
    const problems =
      row === undefined || wanted === undefined
        ? [row === undefined ? 'is missing' : 'must not be there']
        : names.flatMap((name) => differs(name, row[name], wanted[name]));
    return problems.map((problem) => ({ store: 'lake', key: `deleted ${key}`, problem }));
  });
}

function compareQuarantine(sent: readonly SentRecord[], { quarantine }: Stores, lake: Lake): Difference[] {
  return sent.flatMap(({ position }): Difference[] => {
    const [reason, wanted] = [
      lake.quarantine.get(eventIdOf(position)),
      quarantine.get(quarantineKey(position))?.reason,
    ];
    return differs('reason', reason, wanted).map((problem) => ({
      store: 'lake',
      key: `quarantine ${eventIdOf(position)}`,
      problem,
    }));
  });
}

function differs(name: string, value: unknown, wanted: unknown): string[] {
  return isDeepStrictEqual(value ?? undefined, wanted ?? undefined)
    ? []
    : [`${name} is ${show(value)}, must be ${show(wanted)}`];
}
