import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyFiles } from '../project-copy.ts';
import { Measurements } from './measurements.ts';
import type { Subject } from './subject.ts';

const execute = promisify(execFile);

/**
 * The two commands that a contributor waits for, in a copy of `project` as a fresh clone of it would be, once: rounds
 * would take long and give the same. Rejects with what a command has printed last when it fails.
 */
export function suiteSubject(project: string): Subject {
  return {
    name: 'suite',
    description: 'npm ci and npm test in a fresh clone',
    async run({ folder, signal, doing }) {
      const clone = join(folder, 'clone');
      await copyFiles(project, clone);
      const results = new Measurements();
      for (const command of ['ci', 'test']) {
        doing(`npm ${command}`);
        const startMs = performance.now();
        await npm(command, clone, signal);
        results.add(`npm ${command}`, 's', (performance.now() - startMs) / 1000);
      }
      results.goal('npm ci', { atMost: 30 });
      results.goal('npm test', { atMost: 240 });
      const notes = ['npm test: lint, types and all tests, where nothing is kept of a run before.'];
      return { figures: results.figures, ratios: results.ratios, notes };
    },
  };
}

async function npm(command: string, folder: string, signal: AbortSignal): Promise<void> {
  // Proxies and certificates are variables. Compiled modules that are kept elsewhere would not be there in a clone.
  const { NODE_COMPILE_CACHE: _kept, ...env } = process.env;
  const options = { cwd: folder, env: { ...env, NO_COLOR: '1' }, maxBuffer: Number.POSITIVE_INFINITY, signal };
  try {
    await execute('npm', [command], options);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`npm ${command} failed in a fresh clone: ${lastLines(error)}`, { cause: error });
  }
}

function lastLines(error: unknown): string {
  const printed = (['stdout', 'stderr'] as const).map((stream) =>
    error instanceof Error && stream in error ? String(Reflect.get(error, stream)) : '',
  );
  return printed.join('\n').trim().split('\n').slice(-20).join('\n');
}
