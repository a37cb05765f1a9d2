/**
 * The speed of the local runtime, compared with its engine and with the usual consumer, and part by part. `npm run
 * bench -- --help`; docs/performance.md has results.
 */
import { run } from '@tweet-pipes/cli/run';
import { openTerminal } from '@tweet-pipes/cli/terminal/terminal';
import { benchProgram } from './program.ts';

process.exitCode = await run(process.argv.slice(2), openTerminal(), benchProgram);
