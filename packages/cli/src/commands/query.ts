import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { plural } from '@tweet-pipes/kit/wording';
import { type Command, Option } from 'commander';
import { underWay } from '../explain.ts';
import type { ResultForm } from '../lake/print-result.ts';
import type { QueryRequest } from '../lake/run-query.ts';
import type { AthenaConnection } from '../stack/connect.ts';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';

interface QueryFlags extends ResultForm {
  sales?: true;
  sql?: string;
  param: string[];
}

/** The query whose rows are compared with the counters. */
const auditQuery = 'audit';

/** `query`: asks the lake. */
export function addQuery(program: Command, terminal: Terminal): void {
  program
    .command('query')
    .description('run a named query of the lakes, or SQL of your own; without either, list the named queries')
    .argument('[name]', 'a named query')
    .option('--sql <text>', 'SQL to run instead; - reads it from standard input')
    .option('--sales', 'ask the sales lake (default: a name in both, SQL in the lake of tweets if it is there)')
    .option('--param <literal>', 'value for a ? of the SQL; may be repeated, in the order of the ?', append, [])
    .option('--limit <rows>', 'rows to print (default: 100 of a table, all with --json and --csv)', integer(0, 10 ** 9))
    .addOption(new Option('--json', 'an array of objects on one line, values as Athena prints them').conflicts('csv'))
    .addOption(new Option('--csv', 'the whole result as CSV: each value in quotes, nothing for NULL'))
    .option('--typed', 'with --json: numbers and truth values as such, where JSON holds them exactly')
    .addHelpText(
      'after',
      `
It runs in the workgroup of the lake, with its limit on what a query may scan. AWS bills 5 USD for each TB scanned and
10 MB at least; what a query took goes to standard error. Name the hours that you want, and only they are scanned:
  WHERE datehour >= '2026/11/20/00'
Ctrl-C stops the query. AWS bills what it has scanned by then.

A --param is a literal of SQL. The shell takes its own quotes away, so a text needs two pairs:
  --param 5    --param "'text'"    --param "'it''s'"    --param "DATE '2026-11-20'"

The query audit is compared with the table of counters: it lists the hashtags whose counter is not what the lake says.
While records are under way there are differences: a counter is raised within seconds, and Firehose writes rows when
its buffer is full or old, after a minute and more.

Exit code 2 if the query failed or was stopped, or the audit found a difference.

Examples:
  $ npx tweet-pipes query
  $ npx tweet-pipes query languages
  $ npx tweet-pipes query audit
  $ npx tweet-pipes query hashtags_by_hour --csv > hashtags.csv
  $ npx tweet-pipes query --sql "SELECT count(*) AS n FROM tweets WHERE lang = ?" --param "'ko'" --json --typed
  $ npx tweet-pipes query --sql - < my.sql
  $ npx tweet-pipes query status_funnel
  $ npx tweet-pipes query --sales --sql "SELECT count(*) AS n FROM current_orders"`,
    )
    .action(async (name: string | undefined, flags: QueryFlags, command: Command) => {
      if (name !== undefined && flags.sql !== undefined) {
        throw new CliError(`Give a name or --sql, not both: ${name} is the name of a query.`);
      }
      if (flags.typed && !flags.json) throw new CliError('--typed is for --json.');
      const { withAthena } = await import('../stack/connect.ts');
      await withAthena(terminal, command, flags.sales ? 'sales' : undefined, async (connection) => {
        if (name === undefined && flags.sql === undefined) return list(connection, flags, terminal);
        const request = await requestOf(connection, name, flags, terminal);
        if (name === auditQuery) return audit(connection, request, flags, terminal);
        if (name !== undefined) return run(connection, request, flags, terminal);
        const { withTableHint } = await import('../lake/table-hint.ts');
        return withTableHint(connection, request.sql, () => run(connection, request, flags, terminal));
      });
    });
}

function append(value: string, before: string[]): string[] {
  return [...before, value];
}

async function list(
  { clients, lakes }: AthenaConnection,
  { json, csv }: QueryFlags,
  terminal: Terminal,
): Promise<void> {
  const { namedQueries } = await import('../lake/named-queries.ts');
  const { athena } = await clients.lake();
  const queries = (await Promise.all(lakes.map(({ workGroup }) => namedQueries(athena, workGroup)))).flat();
  if (csv) throw new CliError('--csv is for the result of a query.');
  if (json) return terminal.out(printableJson(queries.map(({ name, description }) => ({ name, description }))));
  const widest = Math.max(0, ...queries.map(({ name }) => name.length));
  for (const { name, description } of queries) {
    terminal.out(`${terminal.bold(name.padEnd(widest))}  ${printable(description)}`);
  }
  const workGroups = lakes.map(({ workGroup }) => workGroup).join(' and ');
  terminal.err(
    `They are in the workgroup${lakes.length > 1 ? 's' : ''} ${workGroups}. Run one: npx tweet-pipes query <name>`,
  );
}

async function requestOf(
  { clients, lakes }: AthenaConnection,
  name: string | undefined,
  { sql, param }: QueryFlags,
  terminal: Terminal,
): Promise<QueryRequest> {
  if (name !== undefined) {
    const { findNamedQuery } = await import('../lake/named-queries.ts');
    const { athena } = await clients.lake();
    const workGroups = lakes.map(({ workGroup }) => workGroup);
    const { workGroup, database, sql } = await findNamedQuery(athena, workGroups, name);
    return { workGroup, database, sql, parameters: param };
  }
  const text = sql === '-' ? await allOf(terminal.stdin) : (sql ?? '');
  if (text.trim() === '') throw new CliError('The SQL is empty.');
  const [{ workGroup, database }] = lakes;
  return { workGroup, database, sql: text, parameters: param };
}

async function allOf(stdin: Terminal['stdin']): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

async function run(
  { clients, endpoint }: AthenaConnection,
  request: QueryRequest,
  form: ResultForm,
  terminal: Terminal,
): Promise<void> {
  const [{ runQuery, queryCostSentence }, { openResult }, { printResult }] = await Promise.all([
    import('../lake/run-query.ts'),
    import('../lake/result.ts'),
    import('../lake/print-result.ts'),
  ]);
  const { athena } = await clients.lake();
  const finished = await runQuery(athena, request, terminal, terminal.interruptible());
  const printed = await underWay(terminal, async () => printResult(await openResult(athena, finished), form, terminal));
  terminal.err(`${plural(printed, 'row')}, ${queryCostSentence(finished.execution, endpoint)}`);
}

async function audit(
  connection: AthenaConnection,
  request: QueryRequest,
  form: ResultForm,
  terminal: Terminal,
): Promise<void> {
  const [{ auditLake, auditResult, auditSentences }, { queryCostSentence }, { printResult }] = await Promise.all([
    import('../lake/audit.ts'),
    import('../lake/run-query.ts'),
    import('../lake/print-result.ts'),
  ]);
  const report = await auditLake(connection, request, terminal);
  if (form.json || form.csv || report.differences.length > 0) await printResult(auditResult(report), form, terminal);
  for (const sentence of auditSentences(report)) terminal.err(sentence);
  terminal.err(queryCostSentence(report.execution, connection.endpoint));
  if (report.differences.length > 0) terminal.exitCode = 2;
}
