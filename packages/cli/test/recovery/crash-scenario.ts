import { sortableSequence } from '@tweet-pipes/kit/position';
import { notice, type RecoveryFixture, tweet } from './recovery-fixture.ts';

const manyHashtags = 230;

/** One dead letter of each kind that redrive can meet, with ids and hashtags of its own, and the expected outcome. */
export class CrashScenario {
  readonly #fixture: RecoveryFixture;
  readonly #own: string;
  readonly #records: string[];
  readonly expected: object;

  private constructor(fixture: RecoveryFixture, own: string, records: string[]) {
    this.#fixture = fixture;
    this.#own = own;
    this.#records = records;
    const [, stored, , deleted, , overtakenNotice] = records;
    this.expected = {
      counts: { new: 1, stored: 1, seen: 7, overtaken: 1, 'many-0': 1, [`many-${manyHashtags - 1}`]: 1 },
      tweets: {
        new: `redrive:${records[0]}`,
        stored: `redrive:${stored}`,
        deleted: undefined,
        overtaken: undefined,
        many: `redrive:${records[6]}`,
      },
      tombstones: { deleted: [deleted, 'before'], overtaken: [overtakenNotice, `redrive:${records[4]}`] },
      unproved: [`${own}seen`],
      quarantined: 'not-an-object',
    };
  }

  static async prepare(fixture: RecoveryFixture, own: string): Promise<CrashScenario> {
    const many = Array.from({ length: manyHashtags }, (_, n) => `${own}many-${n}`);
    const records = await fixture.put(
      tweet(`${own}new`, `${own}new`),
      tweet(`${own}stored`, `${own}stored`, `${own}seen`),
      Buffer.from('neither JSON nor a tweet'),
      notice(`${own}deleted`),
      tweet(`${own}overtaken`, `${own}overtaken`),
      notice(`${own}overtaken`),
      tweet(`${own}many`, ...many),
    );
    const [, stored = '', , , , overtakenNotice = ''] = records;
    const { TweetTableName, HashtagTableName, DeletionTableName } = fixture.app.outputs;
    const hashtags = { L: [{ S: `${own}stored` }, { S: `${own}seen` }] };
    await fixture.putItem(TweetTableName, { id: { S: `${own}stored` }, record: { S: stored }, hashtags });
    await fixture.putItem(TweetTableName, { id: { S: `${own}deleted` }, record: { S: 'before' }, hashtags: { L: [] } });
    // The sequence numbers of a shard grow, so this one is past the stored tweet.
    const s0 = { S: sortableSequence(overtakenNotice) };
    await fixture.putItem(HashtagTableName, { hashtag: { S: `${own}seen` }, htCount: { N: '7' }, s0 });
    await fixture.putItem(DeletionTableName, {
      id: { S: `${own}overtaken` },
      record: { S: overtakenNotice },
      tweetRecord: { S: '' },
    });
    for (const [index, record] of records.entries()) if (index !== 5) await fixture.pointTo(record);
    return new CrashScenario(fixture, own, records);
  }

  /** What the stores hold of the scenario, in the form of `expected`. */
  async found(): Promise<object> {
    const { counts, tweets, tombstones } = this.expected as { counts: object; tweets: object; tombstones: object };
    const read = async <T>(names: object, get: (name: string) => Promise<T>) =>
      Object.fromEntries(
        await Promise.all(Object.keys(names).map(async (name) => [name, await get(this.#own + name)] as const)).then(
          (all) => all.map(([name, value]) => [name, value]),
        ),
      );
    return {
      counts: await read(counts, (name) => this.#fixture.count(name)),
      tweets: await read(tweets, async (id) => (await this.#fixture.tweet(id))?.record),
      tombstones: await read(tombstones, async (id) => {
        const tombstone = await this.#fixture.tombstone(id);
        return [tombstone?.record, tombstone?.tweetRecord];
      }),
      unproved: (await this.#fixture.object(this.#records[1] ?? '', 'quarantine/unproved/'))?.unproved,
      quarantined: (await this.#fixture.object(this.#records[2] ?? ''))?.reason,
    };
  }
}
