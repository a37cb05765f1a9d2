import { describe, expect, it } from '@jest/globals';
import type { Fact } from '../../src/fact.ts';
import type { Status } from '../../src/status.ts';
import type { Stage, StageHistory } from '../../src/views/pipeline/api.ts';
import {
  agoText,
  figuresOf,
  formatRate,
  lastErrorOf,
  pipeState,
  rateOf,
  stateOf,
} from '../../src/views/pipeline/figures.ts';
import { columnsOf } from '../../src/views/pipeline/lane-columns.ts';
import { stageHref } from '../../src/views/pipeline/stage-links.ts';

const known = <T>(value: T): Fact<T> => ({ known: true, value });
const status: Status = {
  ...{ ok: true, at: '2026-11-29T12:00:00.000Z', where: 'here', minutes: 15, problems: [], stacks: [] },
  ...{ workflows: [], tables: [], deliveryStreams: [], functions: [], alarms: known([]) },
  streams: [
    {
      ...{ stack: 's', name: 'Tweets', label: 'Tweets' },
      shards: known({ open: 4, closed: 2, state: 'ACTIVE' }),
      traffic: known({ records: 1_234, refusedWrites: 7, refusedReads: 0 }),
    },
  ],
  pipes: [
    {
      ...{ stack: 's', name: 'Ingest', label: 'Ingest' },
      state: known({ state: 'STOPPED', desired: 'STOPPED', batchWindowSeconds: 1 }),
      lag: known({ records: 100, isAtLeast: true, seconds: 75, shards: [] }),
      executions: { known: false, why: 'CloudWatch is away' },
      deadLetters: known({ waiting: 2, inWork: 1, some: [] }),
      lastError: known({ at: '2026-11-29T11:59:00.000Z', text: 'States.Timeout' }),
    },
  ],
};
const stage = (kind: Stage['kind'], name: string): Stage => ({ kind, name, title: name });

describe('figuresOf', () => {
  it('shows what goes wrong only where something does', () => {
    expect(figuresOf(stage('stream', 'Tweets'), status)).toEqual([
      { label: 'records', value: '1,234' },
      { label: 'shards', value: '4 and 2 closed' },
      { label: 'writes refused', value: '7', tone: 'warning' },
    ]);
  });

  it('says why a figure is not known, and never shows 0 for it', () => {
    expect(figuresOf(stage('pipe', 'Ingest'), status)).toEqual([
      { label: 'lag', value: 'at least 100 records, 1 min 15 s' },
      { label: 'records', why: 'CloudWatch is away' },
      { label: 'dead letters', value: '3', tone: 'bad' },
    ]);
  });

  it('has none for a stage that the status does not know', () => {
    expect(figuresOf(stage('pipe', 'Other'), status)).toEqual([]);
  });
});

describe('stateOf', () => {
  it('is that of the resource', () => {
    expect(stateOf(stage('pipe', 'Ingest'), status)).toEqual({ text: 'STOPPED', tone: 'warning' });
    expect(stateOf(stage('stream', 'Tweets'), status)).toEqual({ text: 'ACTIVE', tone: 'good' });
    expect(stateOf(stage('producer', ''), status)).toBeUndefined();
  });

  it.each([
    ['RUNNING', 'good'],
    ['STARTING', 'active'],
    ['CREATE_FAILED', 'bad'],
  ])('colours %s as %s', (state, tone) => {
    expect(pipeState(state).tone).toBe(tone);
  });
});

describe('lastErrorOf', () => {
  it('is what the pipe logged', () => {
    expect(lastErrorOf(stage('pipe', 'Ingest'), status)?.text).toBe('States.Timeout');
    expect(lastErrorOf(stage('stream', 'Ingest'), status)).toBeUndefined();
  });
});

describe('rateOf', () => {
  const history: StageHistory = { periodSeconds: 60, at: [0, 60, 120], series: [] };
  const series = (...values: (number | null)[]) => ({ kind: 'stream' as const, name: 'n', label: 'records', values });

  it.each([
    [[0, 600, 300], 150, 10],
    [[0, 600, null], 150, 600 / 90],
    [[0, null, 30], 150, 30 / 90],
    [[5, null, null], 150, undefined],
    // A page that looks late does not make the rate lower than the periods are long.
    [[0, 600, 600], 500, 10],
  ])('of %j at %i s is %d', (values, now, rate) => {
    expect(rateOf(series(...values), history, now)).toBe(rate);
  });

  it.each([
    [0, '0'],
    [0.04321, '0.043'],
    [9.87, '9.9'],
    [1234.5, '1,235'],
  ])('shows %d as %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });
});

it.each([
  ['2026-11-29T11:59:59.000Z', 'now'],
  ['2026-11-29T11:59:00.000Z', '60 s ago'],
  ['2026-11-29T11:40:00.000Z', '20 min ago'],
  ['2026-11-29T02:00:00.000Z', '10 h ago'],
  ['2026-11-01T12:00:00.000Z', '28 days ago'],
])('says of %s that it was %s', (at, text) => {
  expect(agoText(at, Date.parse(status.at))).toBe(text);
});

it('puts stages that stand beside another into its column', () => {
  const [a, b, c] = [stage('pipe', 'a'), { ...stage('table', 'b'), isBeside: true as const }, stage('bucket', 'c')];
  expect(columnsOf([a, b, c])).toEqual([[a, b], [c]]);
});

it.each([
  ['pipe', 'Ingest', '#/pipes/Ingest'],
  ['workflow', 'arn:aws:states:r:1:stateMachine:W', '#/executions?workflow=W'],
  ['bucket', 'lake/tweets/', '#/objects?place=lake&prefix=tweets%2F'],
  ['table', 'Tweets', '#/pipeline?kind=table&name=Tweets'],
] as const)('leads from the %s %s to its detail', (kind, name, href) => {
  expect(stageHref(stage(kind, name))).toBe(href);
});
