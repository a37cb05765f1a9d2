import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { printable } from '../terminal/terminal.ts';
import type { LogSource, SourceKind } from './log-source.ts';

const kinds: Readonly<Record<string, SourceKind>> = {
  workflow: 'workflow',
  workflows: 'workflow',
  pipe: 'pipe',
  pipes: 'pipe',
  function: 'function',
  functions: 'function',
  delivery: 'delivery',
  deliveries: 'delivery',
};

/**
 * The sources that a word means: a kind, a name, a part of a name, or a log group of the account. Throws CliError that
 * lists what there is, for a word that means none and where nothing logs.
 */
export async function chooseSources(
  sources: readonly LogSource[],
  word: string | undefined,
  clients: Pick<AwsClients, 'observation'>,
): Promise<LogSource[]> {
  const meant = word === undefined ? [...sources] : sources.filter((source) => isMeant(source, word));
  if (meant.length > 0) return meant;
  if (word !== undefined && (await isGroup(word, clients))) {
    return [{ kind: 'group', name: word, label: word, logGroupName: word }];
  }
  const list = sources.map(
    ({ kind, label, logGroupName }) => `  ${kind} ${label}, log group ${logGroupName ?? 'none'}`,
  );
  throw new CliError(
    printable(`There is no log of ${JSON.stringify(word ?? '')}. There are:`).concat(
      `\n${list.map(printable).join('\n')}\nName a kind (workflow, pipe, function, delivery), a name, a part of one, or any log group of the account.`,
    ),
  );
}

function isMeant({ kind, name, label, logGroupName = '' }: LogSource, word: string): boolean {
  const wanted = Object.hasOwn(kinds, word) ? kinds[word] : undefined;
  if (wanted !== undefined) return kind === wanted;
  if (logGroupName === word) return true;
  const part = word.toLowerCase();
  return [name, label, logGroupName].some((text) => text.toLowerCase().includes(part));
}

async function isGroup(logGroupName: string, clients: Pick<AwsClients, 'observation'>): Promise<boolean> {
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(logGroupName)) return false;
  const { logs } = await clients.observation();
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
  return logGroups.some((group) => group.logGroupName === logGroupName);
}
