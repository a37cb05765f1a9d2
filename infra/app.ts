import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';

// Node keeps compiled modules there. The folder may be deleted at any time.
const cacheFolder = join(import.meta.dirname, '../node_modules/.cache/tweet-pipes/compiled');
enableCompileCache(process.env.NODE_COMPILE_CACHE ?? cacheFolder);
// The CDK's check of templates takes longer than all else, and the local endpoint itself says what it cannot run.
if (process.env.AWS_ENDPOINT_URL !== undefined) process.env.CDK_VALIDATION ??= 'false';

const { bundleAhead } = await import('./constructs/function-bundles.ts');
// Both take most of the time of a synthesis. esbuild works in a process of its own.
const [, { createApp }] = await Promise.all([bundleAhead(), import('./create-app.ts')]);
try {
  createApp().synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
