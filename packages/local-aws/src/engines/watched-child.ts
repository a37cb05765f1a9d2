import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { EngineError } from './engine.ts';

/**
 * Runs the program beside a reader of file descriptor 3, a pipe from this process. When this process ends, even by
 * `kill -9`, the kernel closes the pipe and the reader kills the program. When the program ends first, the shell kills
 * the reader and passes the exit code on.
 */
const WATCHER = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ read -r _ <&3; kill -9 "$child" 2>/dev/null; } &
watch=$!
wait "$child"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`;

/** A program that runs beside this process and ends with it. */
export interface WatchedChild {
  /** The last 4 KiB of the program's output, for error messages. */
  output(): string;
  /** Resolves when the program has printed a line with `text`; rejects with {@link EngineError} when it ends first. */
  printed(text: string): Promise<void>;
  /** Resolves with the exit code when the program has ended. */
  readonly ended: Promise<number | null>;
  /** Kills the program (SIGKILL) and resolves when it has ended. */
  stop(): Promise<void>;
}

/** What a program gets of this process's environment: no credentials. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR'];

/**
 * Starts a program that ends with this process, however it ends. The program has its own process group, so that Ctrl-C
 * reaches only this process, which decides the order of shutdown. Needs `/bin/sh`.
 *
 * @param environment what the program gets beside PATH, HOME and TMPDIR
 */
export function startWatchedChild(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): WatchedChild {
  const shell: ChildProcess = spawn('/bin/sh', ['-c', WATCHER, 'watcher', command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])), ...environment },
  });
  let output = '';
  const waiting = new Set<() => void>();
  const heard = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-4_096);
    for (const check of waiting) check();
  };
  shell.stdout?.on('data', heard);
  shell.stderr?.on('data', heard);
  shell.stdin?.on('error', () => {}); // The program ended before the pipe was closed.
  const ended = new Promise<number | null>((resolve) => {
    shell.once('exit', resolve);
    shell.once('error', (error) => {
      output += error.message;
      resolve(null);
    });
  });
  return {
    output: () => output,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!output.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        void ended.then(() => reject(new EngineError(`${command} ended before it was ready: ${output.trim()}`)));
      }),
    ended,
    async stop() {
      shell.stdin?.end();
      await ended;
      if (shell.stdout?.closed === false) await once(shell.stdout, 'close');
    },
  };
}
