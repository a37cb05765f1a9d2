import { run } from '../cli/run.ts';
import { processTerminal } from '../cli/terminal.ts';
import { scaleProgram } from './scale/program.ts';

process.exitCode = await run(process.argv.slice(2), processTerminal(), scaleProgram);
