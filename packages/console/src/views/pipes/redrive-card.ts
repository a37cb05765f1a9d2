import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api.ts';
import { postJson } from '../../app/call-api.ts';
import { formatNumber, formatTime } from '../../app/format.ts';
import { describeProblem } from '../../app/use-live.ts';
import { Card } from '../../components/card.ts';
import { Confirm } from '../../components/confirm.ts';
import { FailureNote, Note } from '../../components/notes.ts';
import type { Status } from '../../status.ts';
import type { RedriveOrder, RedriveState } from './api.ts';
import type { PipeReport } from './redrive.ts';

/** What the words of a report mean. */
const outcomeTexts: Readonly<Record<string, string>> = {
  stored: 'stored and counted',
  counted: 'stored before, counted now',
  'nothing-to-do': 'nothing left to do',
  duplicate: 'duplicates, not counted',
  dropped: 'dropped: deleted before',
  deleted: 'delete notices carried out',
  quarantined: 'put into quarantine',
  unproved: 'not provable, not counted again',
};

interface RedriveCardProps {
  redrive: RedriveState | null;
  status: Status | undefined;
  /** Looks at the redrive at once. */
  look(): void;
}

/** Follows the dead letters, after asking, and shows how far it is and what came of it. */
export function RedriveCard({ redrive, status, look }: RedriveCardProps): VNode {
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<ApiFailure>();
  const [order, setOrder] = useState<RedriveOrder>({ dryRun: false, stop: true, dismissExpired: false });
  const begin = (wanted: RedriveOrder) => {
    setAsking(false);
    setFailure(undefined);
    postJson<RedriveState>('redrive', wanted).then(look, (problem: unknown) => setFailure(describeProblem(problem)));
  };
  const isRunning = redrive?.endedAt === null;
  const option = (key: keyof RedriveOrder, text: string) => html`<label class="check">
    <input type="checkbox" checked=${order[key]} onChange=${() => setOrder({ ...order, [key]: !order[key] })} />
    ${text}</label>`;
  return html`<${Card} title="Redrive"
    description="Follows dead letters into the streams: stores, counts, quarantines or archives what the pipes gave up. Nothing is counted twice, however often it is repeated."
    actions=${html`
      <button type="button" class="button" disabled=${isRunning}
        onClick=${() => begin({ ...order, dryRun: true })}>Dry run</button>
      <button type="button" class="button primary" disabled=${isRunning}
        onClick=${() => setAsking(true)}>Redrive</button>`}>
    ${failure && html`<${FailureNote} failure=${failure} what="The redrive did not begin" />`}
    <p>${waitingText(waitingIn(status))}</p>
    ${redrive && html`<${Progress} redrive=${redrive} />`}
    ${
      isAsking &&
      html`<${Confirm} title="Follow the dead letters?" action="Redrive" onConfirm=${() => begin(order)}
        onClose=${() => setAsking(false)}>
        <p>Tweets that were never stored are stored and counted once, delete notices are carried out, removals are
          archived. What cannot be used goes to quarantine.</p>
        <div class="checks">
          ${option('stop', 'Stop the ingest pipe meanwhile, and start it in the end')}
          ${option('dismissExpired', 'Also remove dead letters whose records have left the stream')}
        </div>
      <//>`
    }
  <//>`;
}

/** Undefined where a queue could not be read. */
function waitingIn(status: Status | undefined): number | undefined {
  let waiting = 0;
  for (const { deadLetters } of status?.pipes ?? []) {
    if (!deadLetters.known) return undefined;
    waiting += deadLetters.value.waiting;
  }
  return status === undefined ? undefined : waiting;
}

function waitingText(waiting: number | undefined): string {
  if (waiting === undefined) return 'How many dead letters wait is not known.';
  if (waiting === 0) return 'No dead letters wait.';
  return `${formatNumber(waiting)} dead ${waiting === 1 ? 'letter waits' : 'letters wait'}.`;
}

function Progress({ redrive }: { redrive: RedriveState }): VNode {
  const { order, startedAt, endedAt, progress, note, reports, isClean, failure } = redrive;
  const what = order.dryRun ? 'Dry run' : 'Redrive';
  if (endedAt === null) {
    const far = progress === null ? (note ?? 'reading the queues') : `${progress.done} of ${progress.of} dead letters`;
    return html`<div role="status"><span class="spinner" aria-hidden="true"></span>
      ${what} since ${formatTime(startedAt)}: ${far} …</div>`;
  }
  if (failure !== null) {
    return html`<${Note} tone="bad" title=${`${what} of ${formatTime(startedAt)} failed`}>${failure}<//>`;
  }
  return html`
    <${Note} tone=${isClean ? 'good' : 'warning'}
      title=${`${what} of ${formatTime(startedAt)}: ${isClean ? 'everything is settled' : 'something stays'}`}>
      ${order.dryRun && 'Nothing was changed.'}<//>
    ${reports?.map((report) => html`<${Report} key=${report.pipe} report=${report} isDry=${order.dryRun} />`)}`;
}

function Report({ report, isDry }: { report: PipeReport; isDry: boolean }): VNode {
  const { pipe, messages, removed, expired, kept, keptCount, outcomes } = report;
  if (messages === 0) return html`<p class="dim">${pipe}: the dead-letter queue is empty.</p>`;
  const gone = expired > 0 ? `, ${formatNumber(expired)} records have left the stream` : '';
  return html`<section class="report">
    <h3>${pipe}</h3>
    <p>${formatNumber(messages)} messages, ${formatNumber(removed)} settled and
      removed, ${formatNumber(keptCount)} kept${gone}.</p>
    <ul class="plain">
      ${outcomes.map(
        ({ outcome, records }) => html`<li key=${outcome}>
          ${formatNumber(records)} ${isDry ? 'would be ' : ''}${outcomeTexts[outcome] ?? outcome}</li>`,
      )}
      ${kept.map(({ why, detail }, index) => html`<li key=${`kept ${index}`}>${why}: ${detail}</li>`)}
      ${
        keptCount > kept.length &&
        html`<li>… and ${formatNumber(keptCount - kept.length)} more: npx tweet-pipes redrive --dry-run --json</li>`
      }
    </ul>
  </section>`;
}
