import type { Journey, JourneyEvent, JourneyStep } from '@tweet-pipes/console/journey';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import { type Fate, fateOf, ownersOf } from './fate.ts';
import type { Findings, FoundExecution, QuarantinedRecord } from './findings.ts';
import { isKnown, verdictOf } from './verdict.ts';

/** A step, with what it is ordered by. */
export interface Dated extends Omit<JourneyStep, 'at'> {
  /** Epoch milliseconds; undefined where nothing tells. */
  atMs: number | undefined;
  /** The store tells the second only. */
  isToSecond?: boolean;
}

/** The order of steps of the same moment. */
const ranks: readonly JourneyEvent[] = [
  ...(['arrived', 'waiting', 'filtered', 'execution', 'given-up', 'redriven', 'quarantined', 'in-doubt'] as const),
  ...(['dropped', 'duplicate', 'stored', 'counted', 'not-counted', 'sentiment', 'lake-row'] as const),
  ...(['deleted', 'archived', 'forgotten'] as const),
];

/** The journey of a tweet: a step for each finding, in the order of time, and what they mean together. */
export function journeyOf(findings: Findings): Journey {
  const { id, notKnown, looked } = findings;
  return {
    id,
    known: isKnown(findings),
    verdict: verdictOf(findings),
    steps: ordered(stepsOf(findings)),
    notKnown,
    looked,
  };
}

/**
 * By time. A time to the second stands for the end of it. A step whose time is not known stands behind the last arrival
 * or execution of the same record, else at the end.
 */
export function ordered(steps: readonly Dated[]): JourneyStep[] {
  const arrivals = new Map<string, number>();
  for (const { atMs, record, what } of steps) {
    if (record === undefined || atMs === undefined || (what !== 'arrived' && what !== 'execution')) continue;
    arrivals.set(record, Math.max(arrivals.get(record) ?? 0, atMs));
  }
  const placeOf = ({ atMs, record, isToSecond }: Dated) =>
    atMs === undefined
      ? (arrivals.get(record ?? '') ?? Number.POSITIVE_INFINITY)
      : atMs + (isToSecond && atMs % 1000 === 0 ? 999 : 0);
  return steps
    .map((step, index) => ({ step, index, place: placeOf(step) }))
    .sort((a, b) => compare(a.place, b.place) || rank(a.step) - rank(b.step) || a.index - b.index)
    .map(({ step: { atMs, isToSecond = false, ...step } }) => ({
      at: atMs === undefined ? null : timeText(atMs, isToSecond),
      ...step,
    }));
}

/** Without milliseconds that the store does not tell. */
function timeText(ms: number, isToSecond: boolean): string {
  const text = new Date(ms).toISOString();
  return isToSecond ? text.replace('.000Z', 'Z') : text;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function rank({ what }: Dated): number {
  return ranks.indexOf(what);
}

function stepsOf(findings: Findings): Dated[] {
  const { tombstone } = findings;
  const [record] = ownersOf(findings);
  return [
    ...recordSteps(findings),
    ...findings.executions.map(executionStep),
    ...storedSteps(findings),
    ...findings.quarantined.map(quarantineStep),
    ...findings.givenUp.map(({ position, condition, atMs, error }): Dated => {
      const before = error === undefined ? '' : `; its last error before that: ${error}`;
      const text = `the pipe gave the record up: ${condition}${before}`;
      return { atMs, what: 'given-up', text, record: position, reason: condition };
    }),
    ...findings.redrives.map(({ position, atMs, counted, unproved, removes }): Dated => {
      const parts = [
        counted.length === 0 ? 'counted nothing' : `counted ${counted.map((hashtag) => `#${hashtag}`).join(', ')}`,
        ...(unproved.length === 0 ? [] : [`could not prove ${unproved.map((hashtag) => `#${hashtag}`).join(', ')}`]),
        ...(removes ? ['removed the tweet again, as its notice asked'] : []),
      ];
      return { atMs, what: 'redriven', text: `redrive processed the record: ${parts.join('; ')}`, record: position };
    }),
    ...findings.counters.map(({ hashtag, isCounted, count, atMs }): Dated => {
      const now = count === undefined ? 'there is no such counter' : `the counter is ${thousands(count)} now`;
      const text =
        isCounted === true
          ? `counted for #${hashtag}; ${now}`
          : isCounted === false
            ? `not counted for #${hashtag}; ${now}`
            : `the counter of #${hashtag} does not say any more whether it counts it; ${now}`;
      return {
        atMs,
        what: isCounted === true ? 'counted' : 'not-counted',
        text,
        hashtag,
        ...(record === undefined ? {} : { record }),
      };
    }),
    ...(tombstone === undefined ? [] : deletionSteps(tombstone, findings)),
    ...findings.archived.map(({ position, removedMs, cause, object }): Dated => {
      const by = cause === 'ttl' ? 'it expired' : 'a delete notice or a person removed it';
      const text = `the item left the table (${by}); its row is in the archive`;
      return { atMs: removedMs, isToSecond: true, what: 'archived', text, record: position, object, reason: cause };
    }),
    ...findings.lakeRows.map(({ kind, position, arrivedMs, object }): Dated => {
      const text = `a row of the lake: ${kind === 'delete' ? 'its delete notice' : 'the tweet'}`;
      return { atMs: arrivedMs, what: 'lake-row', text, record: position, object };
    }),
  ];
}

function recordSteps(findings: Findings): Dated[] {
  return findings.records.flatMap((found) => {
    const { position: record, arrivedMs: atMs, kind } = found;
    const text = `${kind === 'notice' ? 'a delete notice for it' : 'a record with it'} came to the stream`;
    const arrived: Dated = { atMs, what: 'arrived', text, record };
    return [arrived, ...fateSteps(fateOf(found, findings), record)];
  });
}

/** What the stores do not hold themselves: they have steps of their own. */
function fateSteps(fate: Fate, record: string): Dated[] {
  const step = (what: JourneyEvent, text: string): Dated[] => [{ atMs: undefined, what, text, record }];
  switch (fate.fate) {
    case 'waiting':
      return step('waiting', 'the pipe has not processed the record');
    case 'filtered':
      return step('filtered', "the pipe's filter dropped the record");
    case 'duplicate':
      return step('duplicate', `a duplicate of record ${fate.owner}: neither stored nor counted`);
    case 'dropped':
      return step('dropped', `dropped: its delete notice, record ${fate.notice}, came before`);
    case 'quarantined':
    case 'given-up':
    case 'stored':
    case 'deletes':
    case 'not-known':
      return [];
  }
}

function storedSteps(findings: Findings): Dated[] {
  const { stored, records } = findings;
  if (stored === undefined) {
    const text = 'stored, and it left the table since';
    return [...ownersOf(findings)].map((record) => ({ atMs: undefined, what: 'stored', text, record }));
  }
  const { position: record, hashtags, arrivedMs: atMs, sentiment, isRedriven } = stored;
  const tags = hashtags.length === 0 ? 'without hashtags' : `with ${hashtags.map((each) => `#${each}`).join(' ')}`;
  const text = `stored${isRedriven ? ' by redrive' : ''}, ${tags}`;
  const steps: Dated[] = [{ atMs: undefined, what: 'stored', text, record }];
  if (atMs !== undefined && !records.some(({ position }) => position === record)) {
    steps.push({ atMs, isToSecond: true, what: 'arrived', text: 'a record with it came to the stream', record });
  }
  if (sentiment !== undefined) {
    steps.push({ atMs: sentiment.atMs, what: 'sentiment', text: `its sentiment is ${sentiment.label}`, record });
  }
  return steps;
}

function deletionSteps(
  { position: record, tweetPosition, deletedMs, forgottenMs }: NonNullable<Findings['tombstone']>,
  { records }: Findings,
): Dated[] {
  const removed =
    tweetPosition === undefined
      ? 'a delete notice was carried out'
      : tweetPosition === ''
        ? 'a delete notice was carried out; there was no tweet to remove'
        : `deleted: a delete notice removed the tweet of record ${tweetPosition}`;
  const arrived: Dated = {
    atMs: deletedMs,
    what: 'arrived',
    text: 'a delete notice for it came to the stream',
    record,
  };
  const isOnStream = records.some(({ position }) => position === record);
  const steps: Dated[] = [
    ...(isOnStream ? [] : [arrived]),
    { atMs: undefined, what: 'deleted', text: removed, record },
  ];
  if (forgottenMs !== undefined) {
    const text = 'forgotten: nothing of it is left in the lake, in results and in quarantine';
    steps.push({ atMs: forgottenMs, what: 'forgotten', text });
  }
  return steps;
}

/** Reasons that the workflow never gives: it cannot read such records (docs/records.md, "Quarantine"). */
const onlyByRedrive = /^(?:too-large|not-processable):/;

function quarantineStep({ position: record, folder, reason, atMs, object }: QuarantinedRecord): Dated {
  if (folder === 'quarantine') {
    return {
      atMs,
      isToSecond: true,
      what: 'quarantined',
      text: `${onlyByRedrive.test(reason) ? 'redrive put it into quarantine' : 'put into quarantine'}: ${reason}`,
      record,
      object,
      reason,
    };
  }
  return {
    atMs,
    isToSecond: true,
    what: 'in-doubt',
    text: `reported under quarantine/${folder}/: ${reason}`,
    record,
    object,
    reason,
  };
}

function executionStep(found: FoundExecution): Dated {
  const { arn, startedMs, endedMs, end, error, position: record, records, decision, reason } = found;
  const batch = records === 1 ? 'it alone' : `a batch of ${plural(records, 'record')}`;
  const lasted = endedMs === undefined ? '' : ` in ${thousands(endedMs - startedMs)} ms`;
  const result =
    end === 'SUCCEEDED'
      ? decision === undefined
        ? `succeeded${lasted}; its log does not say what it did with the record`
        : `${decision}${lasted}`
      : end === undefined
        ? 'its end is not logged'
        : `${end}${lasted}${error === undefined ? '' : `: ${error}`}; the pipe delivers the records again`;
  const why = reason ?? error;
  return {
    atMs: startedMs,
    what: 'execution',
    text: `an execution took ${batch}: ${result}`,
    record,
    execution: arn,
    ...(decision === undefined || end !== 'SUCCEEDED' ? {} : { decision }),
    ...(why === undefined ? {} : { reason: why }),
  };
}
