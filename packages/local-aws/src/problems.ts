/** Something that does not work at the moment, and goes on by itself when its cause is gone. */
export interface Problem {
  /** The part and the resource: `pipe IngestPipe`. One problem each. */
  readonly what: string;
  /** What is wrong, without the content of records. */
  readonly why: string;
  /** The remedy, a sentence. */
  readonly do: string;
}

/** What a full disk is called, as a problem and in the errors of the runtime itself. */
export const DISK_FULL = 'disk full';
/** How the errors of systems, SQLite and LevelDB say it. */
const SYSTEM_FULL = /ENOSPC|EDQUOT|no space left|quota exceeded|disk is full/i;

/** Whether an error's text says that the disk is full. */
export function saysDiskFull(text: string): boolean {
  return text.includes(DISK_FULL) || SYSTEM_FULL.test(text);
}

/**
 * The current problems of a runtime. Each is one line on the console when it begins and one when it is over. What only
 * follows from a full disk is listed without a line: the disk has one.
 */
export class Problems {
  readonly #log: (line: string) => void;
  readonly #current = new Map<string, { problem: Problem; isLogged: boolean }>();
  #noticeFullDisk: (() => void) | undefined;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** Calls `notice`, which reports the disk, when another part meets a full disk before it is known. */
  onFullDisk(notice: () => void): void {
    this.#noticeFullDisk = notice;
  }

  /** Begins a problem, or continues it with another reason. `isSilent`: it had a line already. */
  report(problem: Problem, { isSilent = false }: { isSilent?: boolean } = {}): void {
    const { what, why } = problem;
    const known = this.#current.get(what);
    const isOfFullDisk = what !== DISK_FULL && saysDiskFull(why);
    const isDiskKnown = () => this.#current.has(DISK_FULL) || why.includes(DISK_FULL) || known !== undefined;
    if (isOfFullDisk && !isDiskKnown() && !isSilent) this.#noticeFullDisk?.();
    const wasLogged = known?.isLogged === true;
    const isLogged = wasLogged || !(isSilent || (isOfFullDisk && isDiskKnown()));
    this.#current.set(what, { problem, isLogged });
    if (isLogged && !wasLogged) this.#log(`${what}: ${why.replace(/\.$/, '')}. ${problem.do}`);
  }

  /** Ends the problem of a part, if it has one. */
  end(what: string, line = `${what}: works again.`): void {
    if (this.#current.get(what)?.isLogged) this.#log(line);
    this.#current.delete(what);
  }

  /** The current problems, the oldest first. */
  get list(): readonly Problem[] {
    return [...this.#current.values()].map(({ problem }) => problem);
  }
}
