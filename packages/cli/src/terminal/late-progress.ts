import { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** A progress line that begins with the first update. */
export class LateProgress {
  readonly #terminal: Pick<Terminal, 'progress'>;
  readonly #label: string;
  #progress: Progress | undefined;

  constructor(terminal: Pick<Terminal, 'progress'>, label: string) {
    this.#terminal = terminal;
    this.#label = label;
  }

  update(value: number): void {
    this.#progress ??= new Progress(this.#terminal, this.#label);
    this.#progress.update(value);
  }

  stop(): void {
    this.#progress?.stop();
    this.#progress = undefined;
  }
}
