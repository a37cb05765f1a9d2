import { type EarlySynthesis, synthesizeEarly } from '@tweet-pipes/local-aws/assembly/early-synthesis';
import type { Booted } from '@tweet-pipes/local-aws/command-line/serve';
import { appOf } from '@tweet-pipes/local-aws/local-app';
import { PROJECT_APP } from '../project-folder.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { BootFlags } from './boot.ts';

/**
 * Boots a runtime, as `boot`. The app is synthesized in its own process while the modules of the runtime are loaded,
 * which on the first start takes as long.
 */
export async function beginStart(flags: BootFlags, terminal: Terminal): Promise<Booted> {
  const startMs = terminal.clock.now();
  const synthesis = flags.empty ? undefined : await beginSynthesis(flags, terminal);
  try {
    const { boot } = await import('./boot.ts');
    return await boot(flags, { startMs, synthesis }, terminal);
  } finally {
    await synthesis?.end();
  }
}

function beginSynthesis({ context }: BootFlags, terminal: Terminal): Promise<EarlySynthesis> {
  const { appFolder, cacheFolder } = PROJECT_APP;
  return synthesizeEarly({ ...appOf({ appFolder, context }), cacheFolder, signal: terminal.interruptible() });
}
