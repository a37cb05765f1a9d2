import type { Fact, Problem } from '@tweet-pipes/console/fact';
import type { PipeStatus, Status } from '@tweet-pipes/console/status';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import { duration } from '../terminal/duration.ts';
import { dataSize, printable } from '../terminal/terminal.ts';
import { textTable } from '../terminal/text-table.ts';

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
  const cell = <T>(of: string, fact: Fact<T>, text: (value: T) => string): string => {
    if (fact.known) return text(fact.value);
    unknown.set(fact.why, (unknown.get(fact.why) ?? new Set()).add(of));
    return blank;
  };
  const table = (title: string, names: readonly string[], rows: readonly (readonly string[])[]): string[] => {
    if (rows.length === 0) return [];
    const header = [title, ...names].map((name, index) => ({ name, isNumber: index > 0 && !isText.has(name) }));
    return ['', ...textTable(header, rows, columns)];
  };
  const body = [
    ...table(
      'Pipes',
      ['state', 'behind', 'records', 'failed', 'retries now', 'dead letters'],
      status.pipes.map((pipe) => pipeRow(pipe, cell)),
    ),
    ...table(
      'Workflows',
      ['started', 'succeeded', 'failed', 'timed out', 'average', 'longest'],
      status.workflows.map(({ label, executions: fact }) => {
        const of = 'executions of workflows';
        const count = (text: (value: Value<typeof fact>) => string) => cell(of, fact, text);
        return [
          label,
          count(({ started }) => thousands(started)),
          count(({ succeeded }) => thousands(succeeded)),
          count(({ failed, aborted }) => thousands(failed + aborted)),
          count(({ timedOut }) => thousands(timedOut)),
          count(({ averageMs }) => milliseconds(averageMs)),
          count(({ longestMs }) => milliseconds(longestMs)),
        ];
      }),
    ),
    ...table(
      'Streams',
      ['state', 'shards', 'records', 'refused writes', 'refused reads'],
      status.streams.map(({ label, shards, traffic }) => [
        label,
        cell('shards of streams', shards, ({ state }) => state),
        cell('shards of streams', shards, ({ open, closed }) =>
          closed === 0 ? `${open} open` : `${open} open, ${closed} closed`,
        ),
        cell('traffic of streams', traffic, ({ records }) => thousands(records)),
        cell('traffic of streams', traffic, ({ refusedWrites }) => thousands(refusedWrites)),
        cell('traffic of streams', traffic, ({ refusedReads }) => thousands(refusedReads)),
      ]),
    ),
    ...table(
      'Tables',
      ['state', 'write units', 'a second', 'throttled'],
      status.tables.map(({ label, state, traffic }) => [
        label,
        cell('state of tables', state, ({ state }) => state),
        cell('writes of tables', traffic, ({ writeUnits }) => thousands(Math.round(writeUnits))),
        cell('writes of tables', traffic, ({ writeUnits }) => (writeUnits / (status.minutes * 60)).toFixed(1)),
        cell('writes of tables', traffic, ({ throttledWrites }) => thousands(throttledWrites)),
      ]),
    ),
    ...table(
      'Delivery streams',
      ['state', 'newest object', 'waits in Firehose', 'records', 'error objects'],
      status.deliveryStreams.map(({ label, state, newest, errors, traffic }) => [
        label,
        cell('state of delivery streams', state, (value) => value),
        cell('objects of delivery streams', newest, ({ at }) =>
          at === undefined ? 'none in 2 h' : `${duration((Date.parse(status.at) - Date.parse(at)) / 1000)} ago`,
        ),
        cell('traffic of delivery streams', traffic, ({ oldestSeconds }) =>
          oldestSeconds === undefined ? '–' : duration(oldestSeconds),
        ),
        cell('traffic of delivery streams', traffic, ({ records }) => thousands(records)),
        cell('errors of delivery streams', errors, ({ objects, isAtLeast }) => many(objects, isAtLeast)),
      ]),
    ),
    ...table(
      'Functions',
      ['invocations', 'errors', 'throttled', 'longest'],
      status.functions.map(({ label, invocations: fact }) => {
        const count = (text: (value: Value<typeof fact>) => string) => cell('invocations of functions', fact, text);
        return [
          label,
          count(({ started }) => thousands(started)),
          count(({ errors }) => thousands(errors)),
          count(({ throttles }) => thousands(throttles)),
          count(({ longestMs }) => milliseconds(longestMs)),
        ];
      }),
    ),
    '',
    ...(status.quarantine === undefined
      ? []
      : [`Quarantine: ${cell('quarantine', status.quarantine, quarantineText)}`]),
    `Alarms: ${cell('alarms', status.alarms, (alarms) => {
      const ringing = alarms.filter(({ state }) => state === 'ALARM').length;
      return `${plural(alarms.length, 'alarm')}, ${thousands(ringing)} ring`;
    })}`,
    ...(status.local === undefined
      ? []
      : [
          `Local runtime: ${cell('local runtime', status.local, ({ health, dataFolder, freeBytes, faults }) => {
            const injected = Object.entries(faults).map(([kind, count]) => `${kind} ${thousands(count)}`);
            const more = injected.length === 0 ? '' : `; injected faults so far: ${injected.join(', ')}`;
            return `${health}, data in ${dataFolder}, ${dataSize(freeBytes)} of the disk free${more}`;
          })}`,
        ]),
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

type Value<F> = Extract<F, { known: true }> extends { value: infer T } ? T : never;

function headline({ ok, problems, stacks }: Status): string {
  const of = stacks.map(({ name }) => name).join(', ');
  return ok ? `All is well: ${of}` : `${plural(problems.length, 'problem')}: ${of}`;
}

function problemLines({ what, why, do: remedy }: Problem, bold: (text: string) => string): string[] {
  return [`  ${bold(printable(what))}: ${printable(why.replace(/\.$/, ''))}.`, `    ${printable(remedy)}`];
}

function pipeRow(
  { label, state, lag, executions, retriesNow, deadLetters }: PipeStatus,
  cell: <T>(of: string, fact: Fact<T>, text: (value: T) => string) => string,
): string[] {
  return [
    label,
    cell('state of pipes', state, ({ state }) => state),
    cell('lag of pipes', lag, ({ records, isAtLeast, seconds }) =>
      records === 0 ? '0' : `${many(records, isAtLeast)}${seconds === undefined ? '' : `, ${duration(seconds)}`}`,
    ),
    cell('executions of pipes', executions, ({ records }) => thousands(records)),
    cell('executions of pipes', executions, ({ failed }) => thousands(failed)),
    retriesNow === undefined ? '–' : thousands(retriesNow),
    cell('dead letters of pipes', deadLetters, ({ waiting, inWork }) =>
      inWork === 0 ? thousands(waiting) : `${thousands(waiting)}, ${thousands(inWork)} in work`,
    ),
  ];
}

function quarantineText(quarantine: Value<NonNullable<Status['quarantine']>>): string {
  const { objects, isAtLeast, newestAt, reasons, read } = quarantine;
  if (objects === 0) return 'empty';
  const tally = reasons.map(({ reason, objects }) => `${reason} ${thousands(objects)}`).join(', ');
  const of = read < objects ? ` of the newest ${thousands(read)}` : '';
  return `${many(objects, isAtLeast)} ${objects === 1 ? 'record' : 'records'}, the newest of ${newestAt}; by reason${of}: ${tally}`;
}

function many(count: number, isAtLeast: boolean): string {
  return `${isAtLeast ? '≥ ' : ''}${thousands(count)}`;
}

function milliseconds(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 10_000 ? `${thousands(Math.round(ms))} ms` : duration(ms / 1000);
}
