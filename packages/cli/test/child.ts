import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { childEnvironment } from '../../../test/child-environment.ts';

const bin = join(import.meta.dirname, '../bin/tweet-pipes.mjs');

/** The program as a process of its own. */
export interface Child {
  process: ChildProcess;
  /** Everything printed, when it has ended. */
  ended: Promise<{ exitCode: number | null; out: string; err: string }>;
  /** Resolves with the match as soon as standard output or error holds one; rejects when the process ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

export function startChild(args: readonly string[], env: Record<string, string> = {}): Child {
  // With the same NODE_ENV as the tests it uses the assemblies that they have made.
  const { NODE_ENV } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    env: childEnvironment({ NODE_ENV, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { out: '', err: '' };
  const listeners = new Set<() => void>();
  for (const [stream, name] of [[child.stdout, 'out'] as const, [child.stderr, 'err'] as const]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<{ exitCode: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, ...printed }));
  });
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(printed.out) ?? pattern.exec(printed.err);
        if (match === null) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      look();
      void ended.then(({ exitCode, out, err }) => reject(new Error(`It ended with ${exitCode}:\n${out}\n${err}`)));
    });
  return { process: child, ended, says };
}
