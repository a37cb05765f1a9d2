import { formatDuration, formatNumber } from '../../app/format.ts';
import type { Tone } from '../../components/status-badge.ts';
import type { Fact } from '../../fact.ts';
import type { LoggedError, PipeLagStatus, Status } from '../../status.ts';
import type { Stage, StageHistory, StageSeries } from './api.ts';

/** A figure of a stage, as text. */
export interface Figure {
  readonly label: string;
  /** Undefined where it is not known; `why` says why not. */
  readonly value?: string;
  readonly why?: string;
  /** Default: nothing is wrong with it. */
  readonly tone?: Tone;
}

/** How a stage is, in a word. */
export interface StageState {
  readonly text: string;
  readonly tone: Tone;
}

/** What the status says about a stage. The first figures matter most. */
export function figuresOf(stage: Stage, status: Status): Figure[] {
  switch (stage.kind) {
    case 'stream':
      return streamFigures(stage, status);
    case 'pipe':
      return pipeFigures(stage, status);
    case 'workflow':
      return workflowFigures(stage, status);
    case 'table':
      return tableFigures(stage, status);
    case 'function':
      return functionFigures(stage, status);
    case 'delivery':
      return deliveryFigures(stage, status);
    case 'quarantine':
      return quarantineFigures(status);
    case 'producer':
    case 'bucket':
    case 'queries':
      return [];
  }
}

/** The state of a stage; undefined where it has none. */
export function stateOf({ kind, name }: Stage, status: Status): StageState | undefined {
  if (kind === 'pipe') {
    const state = status.pipes.find((pipe) => pipe.name === name)?.state;
    return state?.known === true ? pipeState(state.value.state) : undefined;
  }
  if (kind === 'stream' || kind === 'table' || kind === 'delivery') {
    const text = activeState(kind, name, status);
    return text === undefined ? undefined : { text, tone: text === 'ACTIVE' ? 'good' : 'active' };
  }
  return undefined;
}

/** The last error that a pipe or a workflow logged, while something of it fails. */
export function lastErrorOf({ kind, name }: Stage, { pipes, workflows }: Status): LoggedError | undefined {
  if (kind !== 'pipe' && kind !== 'workflow') return undefined;
  const found = [...pipes, ...workflows].find((each) => each.name === name)?.lastError;
  return found?.known === true ? found.value : undefined;
}

/** The colour of a pipe's state. */
export function pipeState(state: string): StageState {
  if (state === 'RUNNING') return { text: state, tone: 'good' };
  if (state === 'STOPPED') return { text: state, tone: 'warning' };
  return { text: state, tone: state.endsWith('_FAILED') ? 'bad' : 'active' };
}

/** The series of a stage. */
export function seriesOf({ kind, name }: Stage, history: Fact<StageHistory>): StageSeries | undefined {
  return history.known ? history.value.series.find((each) => each.kind === kind && each.name === name) : undefined;
}

/**
 * What comes in a second: of the period that runs and the one before it, so that it is neither old nor jumps at the
 * begin of each. Undefined where neither has a value.
 */
export function rateOf(
  series: StageSeries,
  { at, periodSeconds }: StageHistory,
  nowSeconds: number,
): number | undefined {
  const [before, running] = [series.values.at(-2) ?? null, series.values.at(-1) ?? null];
  if (before === null && running === null) return undefined;
  const elapsed = Math.min(periodSeconds, Math.max(1, nowSeconds - (at.at(-1) ?? nowSeconds)));
  return ((before ?? 0) + (running ?? 0)) / (periodSeconds + elapsed);
}

/** `0`, `0.4`, `12`, `1,234` */
export function formatRate(rate: number): string {
  if (rate === 0) return '0';
  return rate < 10 ? String(Number(rate.toPrecision(2))) : formatNumber(Math.round(rate));
}

/** How long ago a time of ISO 8601 is: `now`, `40 s ago`, `12 min ago`. */
export function agoText(at: string, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(at)) / 1_000));
  if (seconds < 3) return 'now';
  if (seconds < 100) return `${seconds} s ago`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h ago` : `${Math.round(seconds / 86_400)} days ago`;
}

function streamFigures({ name }: Stage, { streams }: Status): Figure[] {
  const stream = streams.find((each) => each.name === name);
  if (stream === undefined) return [];
  return [
    figure('records', stream.traffic, ({ records }) => formatNumber(records)),
    figure('shards', stream.shards, ({ open, closed }) => (closed === 0 ? `${open}` : `${open} and ${closed} closed`)),
    ...troubles(stream.traffic, ({ refusedWrites, refusedReads }) => [
      { label: 'writes refused', count: refusedWrites },
      { label: 'reads refused', count: refusedReads },
    ]),
  ];
}

function pipeFigures({ name }: Stage, { pipes }: Status): Figure[] {
  const pipe = pipes.find((each) => each.name === name);
  if (pipe === undefined) return [];
  return [
    figure('lag', pipe.lag, lagText),
    figure('records', pipe.executions, ({ records }) => formatNumber(records)),
    ...troubles(pipe.executions, ({ failed, throttled }) => [
      { label: 'attempts failed', count: failed },
      { label: 'throttled', count: throttled },
    ]),
    ...(pipe.deadLetters.known
      ? troubles(pipe.deadLetters, ({ waiting, inWork }) => [{ label: 'dead letters', count: waiting + inWork }], 'bad')
      : [figure('dead letters', pipe.deadLetters, () => '')]),
  ];
}

function lagText({ records, isAtLeast, seconds }: PipeLagStatus): string {
  if (records === 0) return 'none';
  const age = seconds === undefined ? '' : `, ${formatDuration(seconds * 1_000)}`;
  return `${isAtLeast ? 'at least ' : ''}${formatNumber(records)} records${age}`;
}

function workflowFigures({ name }: Stage, { workflows }: Status): Figure[] {
  const workflow = workflows.find((each) => each.name === name || name.endsWith(`:${each.name}`));
  if (workflow === undefined) return [];
  return [
    figure('executions', workflow.executions, ({ started }) => formatNumber(started)),
    figure('average', workflow.executions, ({ averageMs }) =>
      averageMs === undefined ? '–' : formatDuration(averageMs),
    ),
    ...troubles(
      workflow.executions,
      ({ failed, timedOut, aborted, throttled }) => [
        { label: 'failed', count: failed },
        { label: 'timed out', count: timedOut },
        { label: 'aborted', count: aborted },
        { label: 'throttled', count: throttled },
      ],
      'bad',
    ),
  ];
}

function tableFigures({ name }: Stage, { tables }: Status): Figure[] {
  const table = tables.find((each) => each.name === name);
  if (table === undefined) return [];
  return [
    figure('items', table.state, ({ items }) => formatNumber(items)),
    figure('write units', table.traffic, ({ writeUnits }) => formatNumber(Math.round(writeUnits))),
    ...troubles(table.traffic, ({ throttledWrites }) => [{ label: 'writes throttled', count: throttledWrites }]),
  ];
}

function functionFigures({ name }: Stage, { functions }: Status): Figure[] {
  const found = functions.find((each) => each.name === name);
  if (found === undefined) return [];
  return [
    figure('invocations', found.invocations, ({ started }) => formatNumber(started)),
    ...troubles(
      found.invocations,
      ({ errors, throttles }) => [
        { label: 'errors', count: errors },
        { label: 'throttled', count: throttles },
      ],
      'bad',
    ),
  ];
}

function deliveryFigures({ name }: Stage, { deliveryStreams, at }: Status): Figure[] {
  const found = deliveryStreams.find((each) => each.name === name);
  if (found === undefined) return [];
  return [
    figure('newest object', found.newest, (newest) =>
      newest.at === undefined ? 'none in 2 h' : agoText(newest.at, Date.parse(at)),
    ),
    figure('records', found.traffic, ({ records }) => formatNumber(records)),
    ...troubles(found.errors, ({ objects }) => [{ label: 'error objects', count: objects }], 'bad'),
  ];
}

function quarantineFigures({ quarantine }: Status): Figure[] {
  if (quarantine === undefined) return [];
  return [
    figure(
      'objects',
      quarantine,
      ({ objects, isAtLeast }) => `${isAtLeast ? 'at least ' : ''}${formatNumber(objects)}`,
    ),
    ...troubles(quarantine, ({ recent }) => [{ label: 'new', count: recent }]),
    ...troubles(
      quarantine,
      ({ outOfOrder, unproved }) => [
        { label: 'out of order', count: outOfOrder },
        { label: 'unproved', count: unproved },
      ],
      'bad',
    ),
  ];
}

function figure<T>(label: string, fact: Fact<T>, text: (value: T) => string): Figure {
  return fact.known ? { label, value: text(fact.value) } : { label, why: fact.why };
}

/** Counts of what goes wrong, those that are not 0. */
function troubles<T>(
  fact: Fact<T>,
  counts: (value: T) => { label: string; count: number }[],
  tone: Tone = 'warning',
): Figure[] {
  if (!fact.known) return [];
  return counts(fact.value).flatMap(({ label, count }) =>
    count === 0 ? [] : [{ label, value: formatNumber(count), tone }],
  );
}

function activeState(kind: 'stream' | 'table' | 'delivery', name: string, status: Status): string | undefined {
  switch (kind) {
    case 'stream': {
      const shards = status.streams.find((each) => each.name === name)?.shards;
      return shards?.known ? shards.value.state : undefined;
    }
    case 'table': {
      const state = status.tables.find((each) => each.name === name)?.state;
      return state?.known ? state.value.state : undefined;
    }
    case 'delivery': {
      const state = status.deliveryStreams.find((each) => each.name === name)?.state;
      return state?.known ? state.value : undefined;
    }
  }
}
