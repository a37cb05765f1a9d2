import { SingleBar } from 'cli-progress';

import type { Terminal } from './terminal.ts';

/** A progress line. Nothing is drawn unless standard error is a terminal. */
export class Progress {
  readonly #bar: SingleBar;

  /** @param total undefined when unknown; then only the count is shown. */
  constructor(terminal: Pick<Terminal, 'progress'>, label: string, total?: number) {
    const format = total === undefined ? `${label} {value} {note}` : `${label} {bar} {value}/{total} {note}`;
    this.#bar = new SingleBar({
      format,
      stream: terminal.progress,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      linewrap: false,
    });
    this.#bar.start(total ?? 0, 0, { note: '' });
  }

  update(value: number, note = ''): void {
    this.#bar.update(value, { note });
  }

  /** Clears the line. */
  stop(): void {
    this.#bar.stop();
  }
}
