#!/usr/bin/env node
import '@tweet-pipes/kit/node-version';
// Old versions of Node do not export enableCompileCache, and read all imports before the first one runs.
import module from 'node:module';
import { join } from 'node:path';

// Node keeps the compiled modules, types stripped: a start takes a fifth less time. The variable is for the CDK app,
// which runs in a process of its own. Anybody may delete the folder.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../../node_modules/.cache/tweet-pipes/compiled');
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
await import('../src/tweet-pipes.ts');
