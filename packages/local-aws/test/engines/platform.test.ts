import { expect, it } from '@jest/globals';
import { checkPlatform } from '../../src/engines/platform.ts';

it('is told to run in WSL on Windows, and nothing elsewhere', () => {
  expect(() => checkPlatform('win32')).toThrow(/^The local runtime does not run on Windows itself\. Run it in WSL/);
  for (const platform of ['linux', 'darwin'] as const) expect(() => checkPlatform(platform)).not.toThrow();
});
