import { type Command, InvalidArgumentError } from 'commander';

import type { Terminal } from '../terminal/terminal.ts';

/** `delete`: takes tweets back, through the stream or past it. */
export function addDelete(program: Command, terminal: Terminal): void {
  program
    .command('delete')
    .description('delete tweets by id; each ends as a row in the archive')
    .argument('<id...>', 'tweet ids, as text', parseId)
    .option('--direct', 'delete from the table at once, past the stream')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      `
A delete notice goes through the stream behind the tweet it deletes. The id is remembered, so the tweet is not stored again when it comes
again. Hashtag counts stay: they say how many tweets ever carried the hashtag.

With --direct the item is deleted from the table now. The id is not remembered: if the tweet comes once more, it is new and counts again.

Examples:
  $ npx tweet-pipes delete 1900000000000000001 1900000000000000002
  $ npx tweet-pipes delete --direct 1900000000000000001`,
    )
    .action(async (ids: string[], options: { direct?: true; json?: true }, command: Command) => {
      const [{ connect }, deletion] = await Promise.all([import('../stack/connect.ts'), import('../delete-tweets.ts')]);
      const { clients, outputs } = await connect(terminal, command);
      try {
        if (options.direct) await deletion.deleteDirectly(ids, clients, outputs, terminal, options);
        else await deletion.sendDeleteNotices(ids, clients, outputs, terminal, options);
      } finally {
        clients.destroy();
      }
    });
}

function parseId(text: string, before: string[] | undefined): string[] {
  if (text.length === 0 || text.length > 64) throw new InvalidArgumentError('A tweet id has 1 to 64 characters.');
  return [...(before ?? []), text];
}
