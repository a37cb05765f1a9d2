import type { SettledAs } from '../../record.ts';

interface InFlight {
  /** The position that is reached when this record and all before it are settled. */
  upToUs: number;
  settledAs: SettledAs | undefined;
}

/**
 * How far the events have been dealt with: the time up to which each is either in the stream or was not wanted. Records
 * are settled in any order. Times are microseconds since the epoch.
 */
export class Positions {
  #inFlight: InFlight[] = [];
  #readUs: number;
  #settledUs: number;
  #isHeld = false;

  /** @param startUs everything up to here is settled. */
  constructor(startUs: number) {
    this.#readUs = startUs;
    this.#settledUs = startUs;
  }

  /** Reading can continue here, with nothing lost. It stays before a record that was lost. */
  get settledUs(): number {
    return this.#settledUs;
  }

  /** An event that needs no record was read. */
  pass(timeUs: number): void {
    this.#readUs = Math.max(this.#readUs, timeUs);
    const last = this.#inFlight.at(-1);
    if (last !== undefined) last.upToUs = this.#readUs;
    else if (!this.#isHeld) this.#settledUs = this.#readUs;
  }

  /** An event was read whose record is now on its way. The result is called once, when that is settled. */
  begin(timeUs: number): (settledAs: SettledAs) => void {
    this.#readUs = Math.max(this.#readUs, timeUs);
    // Nothing behind a lost record counts any more, so nothing is kept.
    if (this.#isHeld) return () => {};
    const entry: InFlight = { upToUs: this.#readUs, settledAs: undefined };
    this.#inFlight.push(entry);
    return (settledAs) => {
      entry.settledAs = settledAs;
      this.#advance();
    };
  }

  #advance(): void {
    let settled = 0;
    for (const { upToUs, settledAs } of this.#inFlight) {
      if (settledAs === undefined) break;
      if (settledAs === 'lost') {
        this.#isHeld = true;
        this.#inFlight = [];
        return;
      }
      this.#settledUs = upToUs;
      settled += 1;
    }
    if (settled > 0) this.#inFlight.splice(0, settled);
  }
}
