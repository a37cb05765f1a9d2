import { plural } from '@tweet-pipes/kit/wording';
import type { SourceTally } from '../../record.ts';

/** What an account can be when it is not active: https://atproto.com/specs/account */
const statuses = ['deleted', 'takendown', 'suspended', 'deactivated'] as const;

/** Counts the events of a run. What comes again after a pause in the connection is counted again. */
export class BlueskyTally {
  posts = 0;
  updates = 0;
  deletes = 0;
  /** Posts and updates that the keywords or languages leave out. */
  unmatched = 0;
  /** Posts whose text is not a text. */
  withoutText = 0;
  /** Frames that are no events. */
  unreadable = 0;
  /** How often events were not kept by Jetstream any more. */
  gaps = 0;
  /** Accounts whose history was replaced. */
  resyncs = 0;
  readonly #gone = { deleted: 0, takendown: 0, suspended: 0, deactivated: 0, other: 0 };

  accountGone(status: string): void {
    this.#gone[statuses.find((known) => known === status) ?? 'other'] += 1;
  }

  summary(): SourceTally {
    const { posts, updates, deletes, unmatched, withoutText, unreadable, gaps, resyncs } = this;
    const { deleted, takendown, suspended, deactivated, other } = this.#gone;
    const lines = [
      `Bluesky: ${plural(posts, 'post')}, ${plural(updates, 'update')} and ${plural(deletes, 'delete')}; ` +
        `${plural(unmatched, 'post')} did not match.`,
    ];
    const gone = Object.entries(this.#gone).flatMap(([status, count]) => (count > 0 ? [`${count} ${status}`] : []));
    if (resyncs > 0) gone.push(`${resyncs} with a new history`);
    if (gone.length > 0) {
      lines.push(
        `Accounts: ${gone.join(', ')}. Bluesky does not list their posts, so what is stored of them stays (docs/bring-your-tweets.md).`,
      );
    }
    const problems: string[] = [];
    if (unreadable > 0) problems.push(`${plural(unreadable, 'event')} could not be read, and left out.`);
    if (withoutText > 0) problems.push(`${plural(withoutText, 'post')} with a text that is none, sent for quarantine.`);
    if (gaps > 0) problems.push(`Events are missing ${gaps === 1 ? 'once' : `${gaps} times`}.`);
    return {
      note: plural(deletes, 'delete'),
      lines,
      problems,
      counts: {
        ...{ posts, updates, deletes, unmatched, withoutText, unreadable, gaps },
        accountsDeleted: deleted,
        accountsTakenDown: takendown,
        accountsSuspended: suspended,
        accountsDeactivated: deactivated,
        accountsOther: other,
        resyncs,
      },
    };
  }
}
