import { EngineError } from './engine.ts';

/**
 * Throws {@link EngineError} on Windows, where engines and functions cannot be tied to this process: that takes
 * `/bin/sh` and process groups.
 */
export function checkPlatform(platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'win32') return;
  throw new EngineError(
    'The local runtime does not run on Windows itself. Run it in WSL, the Windows Subsystem for Linux, whose ports Windows reaches as its own (docs/platforms.md).',
  );
}
