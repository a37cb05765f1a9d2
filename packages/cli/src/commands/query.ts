import { plural } from '@tweet-pipes/kit/wording';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { underWay } from '../explain.ts';
import type { ResultForm } from '../lake/print-result.ts';
import type { QueryRequest } from '../lake/run-query.ts';
import { integer } from '../options/numbers.ts';
import type { LakeConnection } from '../stack/connect.ts';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';

interface QueryFlags extends ResultForm {
  sql?: string;
  param: string[];
}

/** The query whose rows are compared with the counters. */
const auditQuery = 'audit';

/** `query`: asks the lake. */
export function addQuery(program: Command, terminal: Terminal): void {
  program
    .command('query')
    .description('run a named query of the lake, or SQL of your own; without either, list the named queries')
    .argument('[name]', 'a named query of the workgroup')
    .option('--sql <text>', 'SQL to run instead; - reads it from standard input')
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
  $ npx tweet-pipes query --sql - < my.sql`,
    )
    .action(async (name: string | undefined, flags: QueryFlags, command: Command) => {
      if (name !== undefined && flags.sql !== undefined) {
        throw new CliError(`Give a name or --sql, not both: ${name} is the name of a query.`);
      }
      if (flags.typed && !flags.json) throw new CliError('--typed is for --json.');
      const { withLake } = await import('../stack/connect.ts');
      await withLake(terminal, command, async (connection) => {
        if (name === undefined && flags.sql === undefined) return list(connection, flags, terminal);
        const request = await requestOf(connection, name, flags, terminal);
        if (name === auditQuery) return audit(connection, request, flags, terminal);
        return run(connection, request, flags, terminal);
      });
    });
}

function append(value: string, before: string[]): string[] {
  return [...before, value];
}

async function list({ clients, lake }: LakeConnection, { json, csv }: QueryFlags, terminal: Terminal): Promise<void> {
  const { namedQueries } = await import('../lake/named-queries.ts');
  const { athena } = await clients.lake();
  const queries = await namedQueries(athena, lake.WorkGroupName);
  if (csv) throw new CliError('--csv is for the result of a query.');
  if (json) return terminal.out(printableJson(queries.map(({ name, description }) => ({ name, description }))));
  const widest = Math.max(0, ...queries.map(({ name }) => name.length));
  for (const { name, description } of queries) {
    terminal.out(`${terminal.bold(name.padEnd(widest))}  ${printable(description)}`);
  }
  terminal.err(`They are in the workgroup ${lake.WorkGroupName}. Run one: npx tweet-pipes query <name>`);
}

async function requestOf(
  { clients, lake }: LakeConnection,
  name: string | undefined,
  { sql, param }: QueryFlags,
  terminal: Terminal,
): Promise<QueryRequest> {
  const { WorkGroupName: workGroup, LakeDatabaseName: database } = lake;
  if (name !== undefined) {
    const { findNamedQuery } = await import('../lake/named-queries.ts');
    const { athena } = await clients.lake();
    const query = await findNamedQuery(athena, workGroup, name);
    return { workGroup, database: query.database, sql: query.sql, parameters: param };
  }
  const text = sql === '-' ? await allOf(terminal.stdin) : (sql ?? '');
  if (text.trim() === '') throw new CliError('The SQL is empty.');
  return { workGroup, database, sql: text, parameters: param };
}

async function allOf(stdin: Terminal['stdin']): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

async function run(
  { clients, endpoint }: LakeConnection,
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
  connection: LakeConnection,
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
