import {
  addRuntimeOptions as addGeneralOptions,
  type RuntimeFlags as GeneralFlags,
} from '@tweet-pipes/local-aws/command-line/runtime-options';
import { type Command, Option } from 'commander';
import { parseContext } from './context.ts';
import { defaultStacks, parseStacks } from './stacks.ts';

/** The values of the options that say how to run the stack on this machine. */
export interface RuntimeFlags extends GeneralFlags {
  context: Record<string, string>;
  /** Names of the stacks to run. */
  stacks: string[];
}

/** Adds the options of the commands that run the stack on this machine. */
export function addRuntimeOptions(command: Command): Command {
  command
    .addOption(
      new Option('--stacks <names>', 'the stacks to run, of TweetPipes,TweetLake,SalesLake, with all that they need')
        .argParser(parseStacks)
        .default([...defaultStacks], defaultStacks.join(',')),
    )
    .option(
      '-c, --context <key=value>',
      'an option of the stack, as for cdk deploy; may be repeated',
      parseContext,
      {},
    );
  return addGeneralOptions(command, { dataFolder: '.local' });
}
