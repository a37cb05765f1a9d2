/** Something that does not work at the moment, and goes on by itself when its cause is gone. */
export interface Problem {
  /** The part and the resource: `pipe IngestPipe`. One problem each. */
  readonly what: string;
  /** What is wrong, without the content of records. */
  readonly why: string;
  /** The remedy, a sentence. */
  readonly do: string;
}

/** How the errors of systems, SQLite, LevelDB and of the runtime itself say it. */
const FULL = /\bdisk full\b|ENOSPC|EDQUOT|no space left|quota exceeded|disk is full/i;

/** Whether an error's text says that the disk is full. */
export function saysDiskFull(text: string): boolean {
  return FULL.test(text);
}

/**
 * The current problems of a runtime. Each is one line on the console when it begins and one when it is over. What only
 * follows from a full disk, which has a line of its own, is listed without a line.
 */
export class Problems {
  readonly #log: (line: string) => void;
  readonly #current = new Map<string, { problem: Problem; isLogged: boolean }>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** Begins a problem, or continues it with another reason. `isSilent`: it had a line already. */
  report(problem: Problem, { isSilent = false }: { isSilent?: boolean } = {}): void {
    const known = this.#current.get(problem.what);
    const wasLogged = known?.isLogged === true;
    const isLogged = wasLogged || !(isSilent || this.#followsFromFullDisk(problem, known !== undefined));
    this.#current.set(problem.what, { problem, isLogged });
    if (isLogged && !wasLogged) this.#log(`${problem.what}: ${problem.why.replace(/\.$/, '')}. ${problem.do}`);
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

  /** A known problem may be reported once more after the disk has room again. */
  #followsFromFullDisk({ what, why }: Problem, isKnown: boolean): boolean {
    if (!saysDiskFull(`${what}: ${why}`)) return false;
    return isKnown || this.list.some((other) => saysDiskFull(`${other.what}: ${other.why}`));
  }
}
