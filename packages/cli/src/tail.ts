import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { latestTweets, type StoredTweet } from './tables/latest-tweets.ts';
import { readUnits } from './tables/scan.ts';
import { Progress } from './terminal/progress.ts';
import { plural, printable, type Terminal } from './terminal/terminal.ts';

/** So many characters of a text are shown to people. */
const longestText = 200;

/** Prints the tweets that arrived last, the latest at the end, and on standard error what reading them took. */
export async function tail(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  { n, json }: { n: number; json?: true },
  terminal: Terminal,
): Promise<void> {
  const cost = { items: 0, readUnits: 0 };
  const progress = new Progress(terminal, 'tweets read:');
  const onPage = () => progress.update(cost.items, readUnits(cost.readUnits));
  const tweets = await latestTweets(clients, table, n, { cost, onPage }).finally(() => progress.stop());
  tweets.reverse();
  if (json) return terminal.out(JSON.stringify(tweets));
  if (tweets.length === 0) return terminal.out('No tweet is stored.');
  for (const tweet of tweets) terminal.out(lineOf(tweet));
  terminal.err(`Read ${plural(cost.items, 'tweet')}, ${readUnits(cost.readUnits)}.`);
}

function lineOf({ id, text = '', createdAt, userName }: StoredTweet): string {
  const characters = [...text.replaceAll(/\s+/g, ' ')];
  const shown = characters.length > longestText ? `${characters.slice(0, longestText).join('')}…` : characters.join('');
  const parts = [id, createdAt, userName === undefined ? undefined : `@${userName}`, shown];
  return printable(parts.filter((part) => part !== undefined && part !== '').join('  '));
}
