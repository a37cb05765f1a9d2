import { describe, expect, it } from '@jest/globals';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import { compareStores } from '../../src/verification/compare.ts';
import { expectStores } from '../../src/verification/expectation.ts';
import { emptyStores, type Item, type Stores } from '../../src/verification/stores.ts';
import { processed, sentAt } from './processed.ts';

const { records } = createSample({ records: 150 });
const sent = records.map((record, index) => sentAt(record, index));
const expected = expectStores(emptyStores(), sent);

/** The stores as they must be, after `change`. */
function differencesAfter(change: (stores: Stores) => void) {
  const found = processed(expected);
  change(found);
  return compareStores(expected, found);
}

function first(items: Map<string, Item>): string {
  const [key] = items.keys();
  if (key === undefined) throw new RangeError('The sample left this store empty.');
  return key;
}

function alter(items: Map<string, Item>, change: (item: Record<string, unknown>) => void): string {
  const key = first(items);
  const item = { ...items.get(key) };
  change(item);
  items.set(key, item);
  return key;
}

describe('comparing stores', () => {
  it('finds no difference where there is none', () => {
    expect(differencesAfter(() => {})).toEqual([]);
  });

  it.each(['tweets', 'hashtags', 'deletions', 'archive', 'quarantine'] as const)(
    'finds what %s lack and what they hold beyond',
    (store) => {
      expect(differencesAfter((stores) => stores[store].delete(first(stores[store])))).toEqual([
        { store, key: first(expected[store]), problem: 'is missing' },
      ]);
      expect(differencesAfter((stores) => stores[store].set('stray', {}))).toEqual([
        { store, key: 'stray', problem: 'must not be there' },
      ]);
    },
  );

  it.each([
    ['tweets', 'text', 'other words'],
    ['tweets', 'record', 'shardId-000000000000:006999999'],
    ['tweets', 'hashtags', ['other']],
    ['hashtags', 'htCount', 1_000],
    ['deletions', 'record', 'shardId-000000000000:006999999'],
    ['archive', 'cause', 'ttl'],
    ['archive', 'text', 'other words'],
    ['quarantine', 'reason', 'no-id-at-all'],
    ['quarantine', 'data', { id: 1 }],
  ] as const)('finds a wrong value in %s: %s', (store, attribute, value) => {
    let key = '';
    const differences = differencesAfter((stores) => {
      key = alter(stores[store], (item) => {
        item[attribute] = value;
      });
    });
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ store, key });
    expect(differences[0]?.problem).toMatch(new RegExp(`^${attribute} is .*, must be `));
  });

  it.each([
    ['tweets', 'expiresAt', 1_800_000_000_000],
    ['tweets', 'expiresAt', undefined],
    ['hashtags', 'updatedAt', 'yesterday'],
    ['deletions', 'deletedAt', 1_800_000_000],
    ['deletions', 'expiresAt', '1800000000'],
    ['archive', 'event_id', ''],
    ['archive', 'removed_at', null],
    ['quarantine', 'arrived_at', 'now'],
  ] as const)('finds a value in %s that cannot be: %s %j', (store, attribute, value) => {
    const differences = differencesAfter((stores) =>
      alter(stores[store], (item) => {
        item[attribute] = value;
      }),
    );
    expect(differences.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(new RegExp(`^${attribute} is .*, which cannot be$`)),
    ]);
  });

  it('accepts high-water marks of the right form, and no other unknown attribute', () => {
    const withAttribute = (name: string, value: unknown) =>
      differencesAfter((stores) =>
        alter(stores.hashtags, (item) => {
          item[name] = value;
        }),
      ).map(({ problem }) => problem);
    expect(withAttribute('s1a', '0041234')).toEqual([]);
    expect(withAttribute('s1a', '0031234')).toEqual(['s1a must not be there']);
    expect(withAttribute('S1', '0041234')).toEqual(['S1 must not be there']);
    expect(withAttribute('extra', 1)).toEqual(['extra must not be there']);
  });

  it('takes an archive without content only as a whole', () => {
    const contentColumns = ['text', 'created_at', 'lang', 'user_id', 'user_name', 'hashtags'];
    const strip = (item: Item) =>
      Object.fromEntries(Object.entries(item).filter(([name]) => !contentColumns.includes(name)));
    const keysOnly = differencesAfter((stores) => {
      for (const [key, row] of stores.archive) stores.archive.set(key, strip(row));
    });
    expect(keysOnly).toEqual([]);
    const one = differencesAfter((stores) => {
      const key = first(stores.archive);
      stores.archive.set(key, strip(stores.archive.get(key) ?? {}));
    });
    expect(one.length).toBeGreaterThan(0);
  });

  it('takes a bare number in quarantine parsed or in base64, and nothing else', () => {
    const [number] = [...expected.quarantine].find(([, { data }]) => typeof data === 'number') ?? [''];
    const data = Number(expected.quarantine.get(number)?.data);
    const withData = (value: unknown) =>
      differencesAfter((stores) => stores.quarantine.set(number, { ...stores.quarantine.get(number), data: value }));
    expect(withData(Buffer.from(String(data)).toString('base64'))).toEqual([]);
    expect(withData(String(data))).toHaveLength(1);
  });
});
