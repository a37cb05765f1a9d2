#!/usr/bin/env node
import '@tweet-pipes/kit/node-version';

await import('../src/tweet-pipes.ts');
