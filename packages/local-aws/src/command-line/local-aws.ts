import { processTerminal } from '@tweet-pipes/kit/command-line/process-terminal';
import { runProgram } from '@tweet-pipes/kit/command-line/run-program';
import { makeProgram } from './program.ts';

const terminal = processTerminal();
process.exitCode = await runProgram(process.argv.slice(2), terminal, () => makeProgram(terminal));
