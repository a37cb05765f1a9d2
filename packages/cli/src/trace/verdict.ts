import type { Verdict } from '@tweet-pipes/console/journey';
import { plural } from '@tweet-pipes/kit/wording';
import { type Fate, fateOf, ownersOf } from './fate.ts';
import type { Findings } from './findings.ts';

/** Whether anything is known of the tweet. */
export function isKnown(findings: Findings): boolean {
  const { stored, tombstone, records, quarantined, archived, lakeRows, executions } = findings;
  const lists = [records, quarantined, archived, lakeRows, executions];
  return stored !== undefined || tombstone !== undefined || lists.some((list) => list.length > 0);
}

/** Answers "why is my tweet not counted?". */
export function verdictOf(findings: Findings): Verdict {
  if (!isKnown(findings)) {
    return {
      counted: 'no',
      why: 'No record with it was found on the stream, and no store has it.',
      do: `See that the producer sent it, and that the id is the exact text (JSON parsers round numeric ids). To search the stream further back: ${furtherBack(findings)}`,
    };
  }
  const fates = findings.records.map((record) => ({ record, ...fateOf(record, findings) }));
  const isStored = ownersOf(findings).size > 0;
  if (isStored) return verdictOfStored(findings);
  const tweets = fates.filter(({ record }) => record.kind !== 'notice');
  const [first] = ranked(tweets);
  if (first !== undefined)
    return first.fate === 'waiting' ? verdictOfWaiting(findings) : verdictOfFate(first, findings);
  return verdictWithoutRecord(findings);
}

/** The command, for a shell. */
function furtherBack({ id }: Findings): string {
  const word = /^\w+$/.test(id) ? id : `'${id.replaceAll("'", String.raw`'\''`)}'`;
  return `npx tweet-pipes trace ${word} --since 7d`;
}

function verdictOfStored(findings: Findings): Verdict {
  const { stored, counters, tombstone, redrives, records } = findings;
  const isDeleted = stored === undefined;
  const removed = isDeleted
    ? tombstone === undefined
      ? ' It left the table since; that lowers no count.'
      : ' It was deleted since; that lowers no count.'
    : '';
  const hashtags = stored?.hashtags ?? counters.map(({ hashtag }) => hashtag);
  const isExtracted = stored !== undefined || records.some(({ kind }) => kind === 'tweet') || counters.length > 0;
  if (hashtags.length === 0) {
    if (!isExtracted) {
      return {
        counted: 'not known',
        why: `It was stored.${removed} Its hashtags are not known any more.`,
      };
    }
    return {
      counted: 'no',
      why: `It is stored, and it has no hashtags.${removed}`,
      do: 'If its text has some, send it with its entities, or without --raw: docs/records.md, "Hashtags of a tweet".',
    };
  }
  const of = (isCounted: boolean | undefined) =>
    counters.filter((counter) => counter.isCounted === isCounted).map(({ hashtag }) => `#${hashtag}`);
  const [counted, missing, unclear] = [of(true), of(false), of(undefined)];
  const unproved = redrives.flatMap((redrive) => redrive.unproved);
  if (unproved.length > 0) {
    const which = unproved.map((hashtag) => `#${hashtag}`).join(', ');
    return {
      counted: 'not known',
      why: `Redrive could not prove whether it was counted for ${which}.`,
      do: 'Let the counters be computed again: npx tweet-pipes reconcile',
    };
  }
  if (missing.length === 0 && unclear.length === 0) {
    return { counted: 'yes', why: `It is counted once for ${counted.join(', ')}.${removed}` };
  }
  if (missing.length === 0) {
    return {
      counted: counted.length === 0 ? 'not known' : 'partly',
      why: `It is stored.${removed} The counters of ${unclear.join(', ')} do not say any more whether they count it.`,
      do: 'Let the counters be computed again: npx tweet-pipes reconcile',
    };
  }
  return {
    counted: counted.length === 0 ? 'pending' : 'partly',
    why: `It is stored and not counted for ${missing.join(', ')}: its batch is still processed, or failed after it stored it and is delivered again.`,
    do: 'If that lasts, see the pipe: npx tweet-pipes status. If the pipe is at its end: npx tweet-pipes reconcile',
  };
}

/** What explains most comes first. */
const order: readonly Fate['fate'][] = ['given-up', 'waiting', 'quarantined', 'dropped', 'filtered', 'not-known'];

function ranked<T extends Fate>(fates: readonly T[]): T[] {
  return [...fates].sort((a, b) => order.indexOf(a.fate) - order.indexOf(b.fate));
}

function verdictOfWaiting({ pipe }: Findings): Verdict {
  const where = 'Its record is on the stream, and the pipe has not processed it';
  const look = 'See how far the pipe is: npx tweet-pipes status';
  if (pipe === undefined || (pipe.state === 'RUNNING' && pipe.reason === undefined)) {
    return { counted: 'pending', why: `${where} yet.`, do: look };
  }
  const { name, state, reason } = pipe;
  const isDown = state === 'STOPPED' || state.endsWith('_FAILED');
  const first =
    reason === undefined ? 'Start it before the stream drops the record' : 'Repair that first, then start it';
  return {
    counted: 'pending',
    why: `${where}: the pipe ${name} is ${state}${reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`}.`,
    do: isDown ? `${first}: aws pipes start-pipe --name ${name}` : look,
    pipe: name,
  };
}

function verdictOfFate(fate: Exclude<Fate, { fate: 'waiting' }>, findings: Findings): Verdict {
  switch (fate.fate) {
    case 'given-up':
      return {
        counted: 'no',
        why: `The pipe gave its record up (${fate.condition}).${fate.error === undefined ? '' : ` The last error of the pipe before that: ${fate.error.replace(/\.$/, '')}.`}`,
        do: 'Repair the cause, then process it: npx tweet-pipes redrive',
      };
    case 'quarantined':
      return {
        counted: 'no',
        why: `Its record cannot be used and is in quarantine: ${fate.reason}.`,
        do: 'Repair the producer and send it again: docs/records.md, "Quarantine".',
      };
    case 'dropped':
      return {
        counted: 'no',
        why: 'It came after its delete notice, so it was neither stored nor counted.',
      };
    case 'filtered':
      return {
        counted: 'no',
        why: "The pipe's filter dropped its record.",
        do: 'See the filter: aws pipes describe-pipe',
      };
    case 'not-known':
    case 'stored':
    case 'duplicate':
    case 'deletes':
      return {
        counted: 'not known',
        why: 'Its record was processed, and the tweet is in no store: it may have expired, or was deleted in the table itself.',
        do: `Search the archive further back: ${furtherBack(findings)}. Or ask the lake: npx tweet-pipes query`,
      };
  }
}

function verdictWithoutRecord(findings: Findings): Verdict {
  const { quarantined, tombstone, records, lakeRows } = findings;
  const [object] = quarantined;
  if (object !== undefined) return verdictOfFate({ fate: 'quarantined', reason: object.reason }, findings);
  if (tombstone !== undefined) {
    return {
      counted: 'no',
      why: 'Only a delete notice for it came. A tweet of this id that comes later is neither stored nor counted.',
    };
  }
  if (records.length > 0) {
    return {
      counted: 'no',
      why: `No tweet of this id was found, only ${plural(records.length, 'delete notice')} that the pipe has not processed yet.`,
      do: 'See how far the pipe is: npx tweet-pipes status',
    };
  }
  const where = lakeRows.length > 0 ? 'The lake has it' : 'An execution saw it';
  return {
    counted: 'not known',
    why: `${where}, and the tables do not: it may have expired, or was deleted in the table itself.`,
  };
}
