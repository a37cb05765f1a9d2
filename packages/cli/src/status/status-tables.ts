import type { Fact } from '@tweet-pipes/console/fact';
import type { Status } from '@tweet-pipes/console/status';
import { thousands } from '@tweet-pipes/kit/wording';
import { duration } from '../terminal/duration.ts';

/** A row for each part of one kind. */
export interface StatusTable {
  title: string;
  /** Of the columns after the first, which has the labels. */
  names: string[];
  rows: string[][];
}

/** The text of a value. If it is not known, notes why and `of` what it is. */
export type Cell = <T>(of: string, fact: Fact<T>, text: (value: T) => string) => string;

/** What a fact tells if it is known. */
export type Value<F> = Extract<F, { known: true }> extends { value: infer T } ? T : never;

/** The parts of a status by their kinds. */
export function statusTables(status: Status, cell: Cell): StatusTable[] {
  return [
    pipeTable(status, cell),
    workflowTable(status, cell),
    streamTable(status, cell),
    dynamodbTable(status, cell),
    deliveryTable(status, cell),
    functionTable(status, cell),
  ];
}

function pipeTable({ pipes }: Status, cell: Cell): StatusTable {
  return {
    title: 'Pipes',
    names: ['state', 'behind', 'records', 'failed', 'retries now', 'dead letters'],
    rows: pipes.map(({ label, state, lag, executions, retriesNow, deadLetters }) => [
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
    ]),
  };
}

function workflowTable({ workflows }: Status, cell: Cell): StatusTable {
  return {
    title: 'Workflows',
    names: ['started', 'succeeded', 'failed', 'timed out', 'average', 'longest'],
    rows: workflows.map(({ label, executions: fact }) => {
      const count = (text: (value: Value<typeof fact>) => string) => cell('executions of workflows', fact, text);
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
  };
}

function streamTable({ streams }: Status, cell: Cell): StatusTable {
  return {
    title: 'Streams',
    names: ['state', 'shards', 'records', 'refused writes', 'refused reads'],
    rows: streams.map(({ label, shards, traffic }) => [
      label,
      cell('shards of streams', shards, ({ state }) => state),
      cell('shards of streams', shards, ({ open, closed }) =>
        closed === 0 ? `${open} open` : `${open} open, ${closed} closed`,
      ),
      cell('traffic of streams', traffic, ({ records }) => thousands(records)),
      cell('traffic of streams', traffic, ({ refusedWrites }) => thousands(refusedWrites)),
      cell('traffic of streams', traffic, ({ refusedReads }) => thousands(refusedReads)),
    ]),
  };
}

function dynamodbTable({ tables, minutes }: Status, cell: Cell): StatusTable {
  return {
    title: 'Tables',
    names: ['state', 'write units', 'a second', 'throttled'],
    rows: tables.map(({ label, state, traffic }) => [
      label,
      cell('state of tables', state, ({ state }) => state),
      cell('writes of tables', traffic, ({ writeUnits }) => thousands(Math.round(writeUnits))),
      cell('writes of tables', traffic, ({ writeUnits }) => (writeUnits / (minutes * 60)).toFixed(1)),
      cell('writes of tables', traffic, ({ throttledWrites }) => thousands(throttledWrites)),
    ]),
  };
}

function deliveryTable({ deliveryStreams, at: readAt }: Status, cell: Cell): StatusTable {
  return {
    title: 'Delivery streams',
    names: ['state', 'newest object', 'waits in Firehose', 'records', 'error objects'],
    rows: deliveryStreams.map(({ label, state, newest, errors, traffic }) => [
      label,
      cell('state of delivery streams', state, (value) => value),
      cell('objects of delivery streams', newest, ({ at }) =>
        at === undefined ? 'none in 2 h' : `${duration((Date.parse(readAt) - Date.parse(at)) / 1000)} ago`,
      ),
      cell('traffic of delivery streams', traffic, ({ oldestSeconds }) =>
        oldestSeconds === undefined ? '–' : duration(oldestSeconds),
      ),
      cell('traffic of delivery streams', traffic, ({ records }) => thousands(records)),
      cell('errors of delivery streams', errors, ({ objects, isAtLeast }) => many(objects, isAtLeast)),
    ]),
  };
}

function functionTable({ functions }: Status, cell: Cell): StatusTable {
  return {
    title: 'Functions',
    names: ['invocations', 'errors', 'throttled', 'longest'],
    rows: functions.map(({ label, invocations: fact }) => {
      const count = (text: (value: Value<typeof fact>) => string) => cell('invocations of functions', fact, text);
      return [
        label,
        count(({ started }) => thousands(started)),
        count(({ errors }) => thousands(errors)),
        count(({ throttles }) => thousands(throttles)),
        count(({ longestMs }) => milliseconds(longestMs)),
      ];
    }),
  };
}

/** A number that may be higher in truth. */
export function many(count: number, isAtLeast: boolean): string {
  return `${isAtLeast ? '≥ ' : ''}${thousands(count)}`;
}

function milliseconds(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 10_000 ? `${thousands(Math.round(ms))} ms` : duration(ms / 1000);
}
