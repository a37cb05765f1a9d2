import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { hasCode } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';

/** What to execute, and with what. */
export interface ExecuteOptions {
  /** The program and its first arguments, such as {@link pythonProgram}. */
  program: readonly [command: string, ...args: string[]];
  /** Path of the notebook. */
  notebook: string;
  /** Path of the notebook with its outputs; its folder exists. */
  output: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Ends the program as Ctrl-C does. What was executed by then is written. */
  signal: AbortSignal;
  /** Called when a cell begins. */
  onCell(cell: number, cells: number): void;
}

/** How it went. */
export type Execution =
  | { kind: 'executed' }
  /** A cell raised an error, and the cells after it were not executed. */
  | { kind: 'cell-failed'; error: string }
  /** Nothing was executed: Python has not these packages. */
  | { kind: 'packages-missing'; packages: readonly string[] }
  /** There is no such program. */
  | { kind: 'no-program' }
  /** The program ended early. `output` is what it wrote on standard error, maybe nothing. */
  | { kind: 'broken'; output: string };

const lineSchema = z.union([
  z.object({ cell: z.number(), cells: z.number() }),
  z.object({ failed: z.string() }),
  z.object({ missing: z.array(z.string()).min(1) }),
]);

/** The program that executes notebooks, run by this command of Python. */
export function pythonProgram(python: string): ExecuteOptions['program'] {
  return [python, fileURLToPath(new URL('execute.py', import.meta.url))];
}

/** Executes a notebook in a process of its own. Rejects only if the process cannot be started for another reason. */
export async function executeNotebook(options: ExecuteOptions): Promise<Execution> {
  const { program, notebook, output, env, signal, onCell } = options;
  const [command, ...args] = program;
  const child = spawn(command, [...args, notebook, output], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env },
    // In a group of its own, a Ctrl-C of the terminal reaches it once, by the signal below.
    detached: process.platform !== 'win32',
  });
  const interrupt = () => child.kill('SIGINT');
  const end = () => child.kill('SIGKILL');
  signal.addEventListener('abort', interrupt);
  process.once('exit', end);
  try {
    const [[code], execution, complaints] = await Promise.all([
      once(child, 'close'),
      readLines(child.stdout, onCell),
      text(child.stderr),
    ]);
    return code === 0 ? execution : { kind: 'broken', output: complaints.trim() };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { kind: 'no-program' };
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
    process.off('exit', end);
  }
}

async function readLines(stdout: Readable, onCell: ExecuteOptions['onCell']): Promise<Execution> {
  let execution: Execution = { kind: 'executed' };
  for await (const line of createInterface({ input: stdout })) {
    const told = lineSchema.parse(JSON.parse(line));
    if ('cell' in told) onCell(told.cell, told.cells);
    else if ('failed' in told) execution = { kind: 'cell-failed', error: told.failed };
    else execution = { kind: 'packages-missing', packages: told.missing };
  }
  return execution;
}
