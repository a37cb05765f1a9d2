import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type BenchStack, openStack } from '../stack.ts';
import type { Mode } from './modes.ts';

/** Two runtimes in one process: one with roles enforced, one with roles off. */
export interface PairProcess {
  readonly stacks: Readonly<Record<Mode, BenchStack>>;
  /** Processor time of the process with all its threads since its start, milliseconds. Collects its garbage first. */
  cpuMs(): Promise<number>;
  /** Stops both; resolves when the process is gone. */
  stop(): Promise<void>;
}

const endpoints = z.object({ enforce: z.string(), off: z.string() });

/** Starts the process. Rejects if it ends before both runtimes are ready. */
export async function startPair(options: {
  /** An empty folder. */
  folder: string;
  shards: number;
  /** For its Node: `--cpu-prof`. */
  nodeFlags: readonly string[];
}): Promise<PairProcess> {
  const { folder, shards, nodeFlags } = options;
  const child = fork(fileURLToPath(new URL('./pair.ts', import.meta.url)), [folder, String(shards)], {
    execArgv: ['--expose-gc', ...nodeFlags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { pid } = child;
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`The process of both runtimes ended with exit code ${code}.`);
  });
  exited.catch(() => {});
  const message = async (): Promise<unknown> => (await Promise.race([once(child, 'message'), exited]))[0];
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const clients: BenchStack['clients'][] = [];
  const stop = async () => {
    for (const each of clients) each.destroy();
    if (child.connected) child.disconnect();
    await exited.catch(() => {});
  };
  try {
    const found = endpoints.parse(await message());
    const open = async (mode: Mode): Promise<BenchStack> => {
      const failure = () => (hasEnded() ? 'The process of both runtimes ended.' : undefined);
      const runtime = { endpoint: found[mode], pid: pid ?? 0, readySeconds: 0, failure, stop };
      const stack = await openStack(runtime, join(folder, mode));
      clients.push(stack.clients);
      return stack;
    };
    const stacks = { enforce: await open('enforce'), off: await open('off') };
    return {
      stacks,
      async cpuMs() {
        const answer = message();
        child.send('cpu');
        return z.number().parse(await answer) / 1000;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
