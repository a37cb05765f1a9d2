import { Command, Help } from 'commander';

import type { ProcessTerminal } from './process-terminal.ts';

/**
 * A command line that prints on this terminal and never ends the process: usage errors and --help throw commander's
 * CommanderError after their text is printed.
 */
export function terminalProgram(name: string, terminal: Pick<ProcessTerminal, 'out' | 'err'>): Command {
  return (
    new Command(name)
      .exitOverride()
      .configureOutput({
        writeOut: (text) => terminal.out(text.trimEnd()),
        writeErr: (text) => terminal.err(text.trimEnd()),
      })
      // That nothing is given by default needs no words.
      .configureHelp({
        optionDescription: (option) => new Help().optionDescription(option).replace(/ \(default: (?:\[\]|\{\})\)$/, ''),
      })
      .showHelpAfterError('(--help shows what there is)')
  );
}
