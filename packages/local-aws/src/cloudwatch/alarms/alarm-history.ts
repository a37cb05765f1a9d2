/** The newest entries that are kept, of all alarms together. */
const MOST_ENTRIES = 2_000;

/** What happened to an alarm. */
export interface HistoryEntry {
  readonly alarm: string;
  readonly alarmType: 'MetricAlarm' | 'CompositeAlarm';
  readonly atMs: number;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  /** One sentence: `Alarm updated from OK to ALARM`. */
  readonly summary: string;
  readonly data: object;
}

/** The history of all alarms, in memory. */
export class AlarmHistory {
  readonly #entries: HistoryEntry[] = [];

  add(entry: HistoryEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > MOST_ENTRIES) this.#entries.splice(0, this.#entries.length - MOST_ENTRIES);
  }

  /** The oldest first. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }
}
