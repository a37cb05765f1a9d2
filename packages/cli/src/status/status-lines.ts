import type { Problem } from '@tweet-pipes/console/fact';
import type { Status } from '@tweet-pipes/console/status';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import { dataSize, printable } from '../terminal/terminal.ts';
import { textTable } from '../terminal/text-table.ts';
import { type Cell, many, type StatusTable, statusTables, type Value } from './status-tables.ts';

/** What stands where a value is not known; the reasons are at the end. */
const blank = '?';

/** How a status is laid out. */
export interface StatusLayout {
  /** Width of the screen; undefined: as wide as needed. */
  columns: number | undefined;
  bold(text: string): string;
}

/** A status for people: what is wrong and what to do, then all that is known, then what is not. */
export function statusLines(status: Status, { columns, bold }: StatusLayout): string[] {
  const unknown = new Map<string, Set<string>>();
  const cell: Cell = (of, fact, text) => {
    if (fact.known) return text(fact.value);
    unknown.set(fact.why, (unknown.get(fact.why) ?? new Set()).add(of));
    return blank;
  };
  const body = [
    ...statusTables(status, cell).flatMap((table) => tableLines(table, columns)),
    '',
    ...summaryLines(status, cell),
  ];
  const errors = [...status.pipes, ...status.workflows].flatMap(({ label, lastError }) =>
    lastError?.known === true ? [`  ${label}, ${lastError.value.at}: ${lastError.value.text}`] : [],
  );
  const notKnown = [...unknown].map(([why, of]) => `  ${[...of].join(', ')}: ${why.replace(/\.$/, '')}.`);
  return [
    bold(printable(headline(status))),
    ...status.problems.flatMap((problem) => problemLines(problem, bold)),
    ...body.map(printable),
    ...(errors.length === 0 ? [] : ['', 'Last errors, of what fails or is retried:', ...errors.map(printable)]),
    ...(notKnown.length === 0 ? [] : ['', `Not known (${blank}):`, ...notKnown.map(printable)]),
    '',
    printable(`Counts are of the last ${status.minutes} minutes. Read at ${status.at} from ${status.where}.`),
  ];
}

/** Columns of text; the others are numbers and stand under their last digit. */
const isText: ReadonlySet<string> = new Set(['state', 'shards']);

function tableLines({ title, names, rows }: StatusTable, columns: number | undefined): string[] {
  if (rows.length === 0) return [];
  const header = [title, ...names].map((name, index) => ({ name, isNumber: index > 0 && !isText.has(name) }));
  return ['', ...textTable(header, rows, columns)];
}

function summaryLines({ quarantine, alarms, local }: Status, cell: Cell): string[] {
  return [
    ...(quarantine === undefined ? [] : [`Quarantine: ${cell('quarantine', quarantine, quarantineText)}`]),
    `Alarms: ${cell('alarms', alarms, (all) => {
      const ringing = all.filter(({ state }) => state === 'ALARM').length;
      return `${plural(all.length, 'alarm')}, ${thousands(ringing)} ring`;
    })}`,
    ...(local === undefined ? [] : [`Local runtime: ${cell('local runtime', local, localText)}`]),
  ];
}

function localText({ health, dataFolder, freeBytes, faults }: Value<NonNullable<Status['local']>>): string {
  const injected = Object.entries(faults).map(([kind, count]) => `${kind} ${thousands(count)}`);
  const more = injected.length === 0 ? '' : `; injected faults so far: ${injected.join(', ')}`;
  return `${health}, data in ${dataFolder}, ${dataSize(freeBytes)} of the disk free${more}`;
}

function headline({ ok, problems, stacks }: Status): string {
  const of = stacks.map(({ name }) => name).join(', ');
  return ok ? `All is well: ${of}` : `${plural(problems.length, 'problem')}. Stacks looked at: ${of}`;
}

function problemLines({ what, why, do: remedy }: Problem, bold: (text: string) => string): string[] {
  return [`  ${bold(printable(what))}: ${printable(why.replace(/\.$/, ''))}.`, `    ${printable(remedy)}`];
}

function quarantineText(quarantine: Value<NonNullable<Status['quarantine']>>): string {
  const { objects, isAtLeast, newestAt, reasons, read } = quarantine;
  if (objects === 0) return 'empty';
  const tally = reasons.map(({ reason, objects }) => `${reason} ${thousands(objects)}`).join(', ');
  const of = read < objects ? ` of the newest ${thousands(read)}` : '';
  return `${many(objects, isAtLeast)} ${objects === 1 ? 'record' : 'records'}, the newest of ${newestAt}; by reason${of}: ${tally}`;
}
