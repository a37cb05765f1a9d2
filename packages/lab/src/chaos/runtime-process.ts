import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { type ChildEvent, type ChildOptions, childEvent } from './child-events.ts';

/** How the process ended: by a signal, or by itself with an exit code. */
export interface Death {
  signal: string | undefined;
  exitCode: number | undefined;
  /** It killed itself where it was told to. */
  asPlanned: boolean;
  /** The last of what it said on standard error, at most 4 KiB. */
  lastWords: string;
}

type Ready = Extract<ChildEvent, { ready: unknown }>['ready'];

/** A runtime in a child process; see {@link ./runtime-child.ts}. */
export class RuntimeProcess {
  readonly pid: number | undefined;
  /** The last count of each injected fault. */
  faults: Readonly<Record<string, number>> = {};
  /** Resolves when it serves; undefined when it ended before. */
  readonly ready: Promise<Ready | undefined>;
  readonly ended: Promise<Death>;

  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #isDying = false;
  #lastWords = '';

  constructor(
    options: ChildOptions,
    { compileCache, onDelivered }: { compileCache: string; onDelivered(eventIds: readonly string[]): void },
  ) {
    const script = new URL('runtime-child.ts', import.meta.url).pathname;
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: compileCache },
      // A group of its own: Ctrl-C reaches the driver alone, which knows in which order things end.
      detached: true,
    });
    this.pid = this.#child.pid;
    const ready = Promise.withResolvers<Ready | undefined>();
    this.ready = ready.promise;
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-4_096);
    });
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => {
      const event = parse(line);
      if (event === undefined) this.#lastWords += `${line}\n`;
      else if ('ready' in event) ready.resolve(event.ready);
      else if ('faults' in event) this.faults = event.faults;
      else if ('delivered' in event) onDelivered(event.delivered);
      else this.#isDying = true;
    });
    const linesRead = once(lines, 'close');
    this.ended = once(this.#child, 'exit').then(async ([code, signal]) => {
      await linesRead;
      ready.resolve(undefined);
      return {
        signal: signal ?? undefined,
        exitCode: code ?? undefined,
        asPlanned: this.#isDying,
        lastWords: this.#lastWords.trim(),
      };
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** As Ctrl-C does. */
  stop(): void {
    this.#child.stdin.end();
  }
}

/** A line that a kill cut off is no event. */
function parse(line: string): ChildEvent | undefined {
  try {
    return childEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
