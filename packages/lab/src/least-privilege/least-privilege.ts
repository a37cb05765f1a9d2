import { run } from '@tweet-pipes/cli/run';
import { openTerminal } from '@tweet-pipes/cli/terminal/terminal';
import { leastPrivilegeProgram } from './program.ts';

process.exitCode = await run(process.argv.slice(2), openTerminal(), leastPrivilegeProgram);
