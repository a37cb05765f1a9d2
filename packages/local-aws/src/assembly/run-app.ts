import { spawn } from 'node:child_process';
import { briefNodeError } from './brief-node-error.ts';

/** What an app printed last, for its error message. Bounds the memory for an app that prints without end. */
const PRINTED_CHARACTERS = 64 * 1024;

/** A command that failed. The message is what it printed, without frames of Node and of packages. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** How a command of a CDK app is run. */
export interface AppCommand {
  /** As for a shell: `node bin/app.ts`. */
  command: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Ends it, and what it started. */
  signal?: AbortSignal | undefined;
}

/** A command that runs. */
export interface StartedApp {
  /** Writes an empty line to its standard input and closes that. */
  release(): void;
  /** Closes its standard input without a line: one that waits ends. */
  discard(): void;
  /** Resolves when it has succeeded. Rejects with {@link CommandError}, or the reason of the signal. */
  readonly ended: Promise<void>;
}

/** Runs a command as the CDK CLI does, by the shell. Throws {@link CommandError}, and the reason of `signal`. */
export async function runApp(command: AppCommand): Promise<void> {
  const { release, ended } = startApp(command);
  release();
  await ended;
}

/** Starts a command as {@link runApp}, for one that waits until it is released. */
export function startApp({ command, folder, environment, signal }: AppCommand): StartedApp {
  signal?.throwIfAborted();
  // A shell may start the app as a process of its own, so the whole group ends with it.
  const isGroup = process.platform !== 'win32';
  const child = spawn(withThisNode(command), {
    cwd: folder,
    env: environment,
    shell: true,
    detached: isGroup,
    stdio: 'pipe',
  });
  const printed = { out: '', err: '' };
  for (const [stream, name] of [[child.stdout, 'out'] as const, [child.stderr, 'err'] as const]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed[name] = (printed[name] + text).slice(-PRINTED_CHARACTERS);
    });
  }
  child.stdin.on('error', () => {}); // It has ended without reading.
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(isGroup ? -child.pid : child.pid, 'SIGTERM');
    } catch {
      // It has ended.
    }
  };
  signal?.addEventListener('abort', end);
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      if (signal?.aborted) return reject(signal.reason);
      if (code === 0) return resolve();
      const ending = killedBy === null ? `It ended with exit code ${code}.` : `It was ended by ${killedBy}.`;
      reject(new CommandError(briefNodeError(printed.err.trim()) || printed.out.trim() || ending));
    });
  }).finally(() => signal?.removeEventListener('abort', end));
  ended.catch(() => {}); // A caller that waits for it gets it.
  return { release: () => void child.stdin.end('\n'), discard: () => void child.stdin.end(), ended };
}

/** An app command "node" means this process's Node, which may not be the one on PATH. */
function withThisNode(command: string): string {
  return command.replace(/^\s*node(?=\s)/, () => `"${process.execPath}"`);
}
