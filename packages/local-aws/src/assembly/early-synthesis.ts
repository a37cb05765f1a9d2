import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginSynthesis, type SynthesizeOptions } from './synthesize.ts';

/** A synthesis that began before the runtime did, whose modules take as long to load as the app takes to run. */
export interface EarlySynthesis {
  /** Puts the cloud assembly in the place of a folder. Call it once. Throws SynthesisError. */
  into(folder: string): Promise<void>;
  /** Ends what still runs, and deletes the temporary folder. */
  end(): Promise<void>;
}

/**
 * Begins a synthesis. Resolves when the app runs in its own process, or a kept assembly is being copied. What goes
 * wrong is thrown by `into`.
 */
export async function synthesizeEarly(options: Omit<SynthesizeOptions, 'outputFolder'>): Promise<EarlySynthesis> {
  const over = new AbortController();
  const signal = options.signal === undefined ? over.signal : AbortSignal.any([options.signal, over.signal]);
  const folder = mkdtemp(join(tmpdir(), 'local-aws-assembly-'));
  const outputFolder = async () => join(await folder, 'assembly');
  const run = outputFolder().then((to) => beginSynthesis({ ...options, outputFolder: to, signal }));
  await run.catch(() => {});
  return {
    async into(target) {
      await (await run).ended;
      const assembly = await outputFolder();
      await rm(target, { recursive: true, force: true });
      // Another file system takes a copy.
      await rename(assembly, target).catch(() => cp(assembly, target, { recursive: true }));
    },
    async end() {
      over.abort();
      await run.then(({ ended }) => ended).catch(() => {});
      await rm(await folder.catch(() => ''), { recursive: true, force: true });
    },
  };
}
