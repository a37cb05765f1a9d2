import type { JsonObject } from '@tweet-pipes/kit/json';
import { thousands } from '@tweet-pipes/kit/wording';
import type { SourceTally } from '../record.ts';

/** Places that are named for each reason, and files that are named. */
const [mostPlaces, mostFiles] = [3, 20];

/** What becomes of records that cannot be used: the workflow's quarantine, nothing, or the reading ends. */
export type Unreadable = 'send' | 'skip' | 'stop';

/** A file, or a member of one, that could not be read, or not to its end. */
interface Failed {
  /** With the line, if some of it was read. */
  place: string;
  reason: string;
}

/** The files that were given by one path. */
interface Given {
  /** Without anything to use: damaged, or of a part of X's archive that should hold tweets. */
  damaged: FailedFiles;
  /** The same, whole, and of a form that may stand beside tweets. */
  others: FailedFiles;
  /** Parts of X's archive that hold something else. They are named by {@link ReadingTally.addOther}. */
  otherParts: FailedFiles;
  isArchiveOfX: boolean;
  /** A tweet or delete notice came from it. */
  isUsed: boolean;
}

/** The records that cannot be used for one reason. */
interface Reason {
  count: number;
  /** How many of them are sent all the same. */
  sent: number;
  /** The first places. */
  first: string[];
}

/** The first of some files, and how many there are. */
class FailedFiles {
  readonly first: Failed[] = [];
  count = 0;

  add(failed: Failed): void {
    this.count += 1;
    if (this.first.length < mostFiles) this.first.push(failed);
  }
}

/**
 * Counts what a source read: tweets, delete notices, what it could not use by reason, files that it refused or that
 * broke off. Nothing that was read is left out. The other files of X's own archive are no failures.
 */
export class ReadingTally {
  readonly #unreadable: Unreadable;
  readonly #isDry: boolean;
  #tweets = 0;
  #deletions = 0;
  readonly #reasons = new Map<string, Reason>();
  readonly #given = new Map<string, Given>();
  readonly #brokenOff = new FailedFiles();
  /** Parts of X's archive that hold something else, by name. */
  readonly #others = new Map<string, number>();
  #firstRecord: readonly string[] = [];

  /** @param isDry nothing is sent. */
  constructor(unreadable: Unreadable, isDry: boolean) {
    this.#unreadable = unreadable;
    this.#isDry = isDry;
  }

  addTweet(explain: () => readonly string[]): void {
    if (this.#tweets === 0) this.#firstRecord = explain();
    this.#tweets += 1;
  }

  addDeletion(): void {
    this.#deletions += 1;
  }

  /** @param isSent for the workflow to quarantine. */
  addUnreadable(reason: string, place: string, isSent: boolean): void {
    const known = this.#reasons.get(reason) ?? { count: 0, sent: 0, first: [] };
    known.count += 1;
    known.sent += isSent ? 1 : 0;
    if (known.first.length < mostPlaces) known.first.push(place);
    this.#reasons.set(reason, known);
  }

  /**
   * @param path the one that was given: the file, or a folder that it is in.
   * @param isOther it is whole and something else, as a picture, which is no failure in X's archive.
   */
  addRefused(path: string, place: string, reason: string, isOther: boolean): void {
    const { others, damaged } = this.#givenBy(path);
    (isOther ? others : damaged).add({ place, reason });
  }

  /** @param path as for {@link addRefused}. It is a failure only where nothing else of the path can be used. */
  addOtherPart(path: string, place: string, reason: string): void {
    this.#givenBy(path).otherParts.add({ place, reason });
  }

  markUsed(path: string): void {
    this.#givenBy(path).isUsed = true;
  }

  addBrokenOff(place: string, reason: string): void {
    this.#brokenOff.add({ place, reason });
  }

  addOther(what: string): void {
    this.#others.set(what, (this.#others.get(what) ?? 0) + 1);
  }

  markArchiveOfX(path: string): void {
    this.#givenBy(path).isArchiveOfX = true;
  }

  toTally(): SourceTally {
    const given = [...this.#given.values()];
    const failed = given.flatMap((some) =>
      isUsedArchive(some) ? [some.damaged] : [some.damaged, some.others, ...(some.isUsed ? [] : [some.otherParts])],
    );
    const refused = failed.flatMap(({ first }) => first).slice(0, mostFiles);
    const refusedCount = sum(failed.map(({ count }) => count));
    const otherFiles = sum(given.filter(isUsedArchive).map(({ others }) => others.count));
    const unreadable = sum([...this.#reasons.values()].map(({ count }) => count));
    return {
      note: unreadable === 0 ? '' : `${thousands(unreadable)} unreadable`,
      lines: this.#lines(otherFiles),
      problems: [
        ...this.#unreadableLines(unreadable),
        ...named('Reading broke off at', this.#brokenOff.first, this.#brokenOff.count),
        ...named('Refused', refused, refusedCount),
      ],
      firstRecord: this.#firstRecord,
      counts: {
        tweets: this.#tweets,
        deletions: this.#deletions,
        unreadable,
        unreadableReasons: [...this.#reasons].map(([reason, { count, first }]) => ({ reason, count, first })),
        brokenOff: this.#brokenOff.count,
        refused: refusedCount,
        failedFiles: [...this.#brokenOff.first, ...refused].map(({ place, reason }): JsonObject => ({ place, reason })),
      },
    };
  }

  #givenBy(path: string): Given {
    const known = this.#given.get(path);
    const given = known ?? {
      damaged: new FailedFiles(),
      others: new FailedFiles(),
      otherParts: new FailedFiles(),
      isArchiveOfX: false,
      isUsed: false,
    };
    this.#given.set(path, given);
    return given;
  }

  #lines(otherFiles: number): string[] {
    const others = [...this.#others].map(([what, times]) => (times === 1 ? what : `${what} (${thousands(times)} ×)`));
    return [
      ...(others.length === 0
        ? []
        : [
            `Left out, since they hold no tweets: ${others.slice(0, mostFiles).join(', ')}${others.length > mostFiles ? ', …' : ''}.`,
          ]),
      ...(otherFiles === 0 ? [] : [`Left out of X's archive: ${thousands(otherFiles)} other files.`]),
    ];
  }

  #unreadableLines(unreadable: number): string[] {
    if (unreadable === 0) return [];
    const what =
      unreadable === 1
        ? '1 record is no tweet and no delete notice'
        : `${thousands(unreadable)} records are neither tweets nor delete notices`;
    const sent = sum([...this.#reasons.values()].map((reason) => reason.sent));
    return [
      `${what}${fateOf(this.#unreadable, this.#isDry, sent, unreadable)}:`,
      ...[...this.#reasons].map(
        ([reason, known]) =>
          `  ${thousands(known.count)} × ${reason}: ${known.first.join(', ')}${known.count > known.first.length ? ', …' : ''}`,
      ),
    ];
  }
}

/** Of which the files without tweets are no failures. */
function isUsedArchive({ isArchiveOfX, isUsed }: Given): boolean {
  return isArchiveOfX && isUsed;
}

function fateOf(unreadable: Unreadable, isDry: boolean, sent: number, all: number): string {
  if (unreadable === 'stop') return '';
  if (sent === 0) return ', not sent';
  return `, ${sent === all ? '' : `${thousands(sent)} `}${isDry ? 'would be ' : ''}sent for quarantine`;
}

function named(verb: string, failed: readonly Failed[], all: number): string[] {
  const lines = failed.map(({ place, reason }) => `${verb} ${place}: ${reason.replace(/\.$/, '')}.`);
  return all > failed.length ? [...lines, `${verb} ${thousands(all - failed.length)} more.`] : lines;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
