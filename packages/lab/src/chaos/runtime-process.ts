import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { type ChildCommand, type ChildEvent, type ChildOptions, childEvent } from './child-events.ts';

/** How the process ended: by a signal or with an exit code. */
export interface ProcessExit {
  signal: string | undefined;
  exitCode: number | undefined;
  /** It killed itself at the crash point. */
  atCrashPoint: boolean;
  /** The end of its standard error, at most 4 KiB. */
  lastOutput: string;
}

type Ready = Extract<ChildEvent, { ready: unknown }>['ready'];

/** A runtime in a child process; see {@link ./runtime-child.ts}. */
export class RuntimeProcess {
  readonly pid: number | undefined;
  /** The last count of each injected fault. */
  faults: Readonly<Record<string, number>> = {};
  /** Resolves when it is ready; undefined if it exited before. */
  readonly ready: Promise<Ready | undefined>;
  readonly ended: Promise<ProcessExit>;

  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #isCrashing = false;
  #lastOutput = '';

  constructor(
    options: ChildOptions,
    { compileCache, onDelivered }: { compileCache: string; onDelivered(eventIds: readonly string[]): void },
  ) {
    const script = new URL('runtime-child.ts', import.meta.url).pathname;
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: compileCache },
      // Its own process group: Ctrl-C reaches only the driver, which stops everything in order.
      detached: true,
    });
    this.pid = this.#child.pid;
    const ready = Promise.withResolvers<Ready | undefined>();
    this.ready = ready.promise;
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastOutput = (this.#lastOutput + text).slice(-4_096);
    });
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => {
      const event = parse(line);
      if (event === undefined) this.#lastOutput += `${line}\n`;
      else if ('ready' in event) ready.resolve(event.ready);
      else if ('faults' in event) this.faults = event.faults;
      else if ('delivered' in event) onDelivered(event.delivered);
      else this.#isCrashing = true;
    });
    const linesRead = once(lines, 'close');
    this.ended = once(this.#child, 'exit').then(async ([code, signal]) => {
      await linesRead;
      ready.resolve(undefined);
      return {
        signal: signal ?? undefined,
        exitCode: code ?? undefined,
        atCrashPoint: this.#isCrashing,
        lastOutput: this.#lastOutput.trim(),
      };
    });
  }

  /** As `kill -9` does. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  tell(command: ChildCommand): void {
    this.#child.stdin.write(`${command}\n`);
  }

  /** Requests a regular stop, as Ctrl-C does. */
  stop(): void {
    this.#child.stdin.end();
  }
}

/** Undefined for a line that was cut off by a kill. */
function parse(line: string): ChildEvent | undefined {
  try {
    return childEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
