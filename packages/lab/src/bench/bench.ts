/**
 * How fast the local runtime is, beside its engine, beside the field's usual way, and part by part. `npm run bench --
 * --help`; what it showed: docs/performance.md.
 */
import { run } from '@tweet-pipes/cli/run';
import { processTerminal } from '@tweet-pipes/cli/terminal/terminal';
import { benchProgram } from './program.ts';

process.exitCode = await run(process.argv.slice(2), processTerminal(), benchProgram);
