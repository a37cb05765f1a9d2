import { enableCompileCache, registerHooks } from 'node:module';
import { join } from 'node:path';
import { memoryFolder } from './memory-folder.ts';

// The runner gives jest's functions as globals alone. The tests import them, which tells their types and keeps the
// default runner possible.
const names = ['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'describe', 'expect', 'it', 'jest', 'test'];
const url = `data:text/javascript,export const { ${names.join(', ')} } = globalThis`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url, shortCircuit: true } : next(specifier, context),
});

// For the programs that the tests start, and for the next run.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/tweet-pipes/compiled');
enableCompileCache(process.env.NODE_COMPILE_CACHE);

// As for the programs that the tests start, so that both use the same assemblies.
process.env.AWS_EC2_METADATA_DISABLED = 'true';

// Where the tests make their temporary folders.
const folder = memoryFolder();
if (folder !== undefined) process.env.TMPDIR ??= folder;
