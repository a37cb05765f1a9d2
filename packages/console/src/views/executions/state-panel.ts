import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EventDetails, ExecutionDetails, StateRun } from '../../api.ts';
import { formatDuration, formatNumber, formatTime } from '../../app/format.ts';
import { useOnce } from '../../app/use-live.ts';
import { Card, KeyValues } from '../../components/card.ts';
import { JsonText } from '../../components/json-tree.ts';
import { Command, Empty, FailureNote, Loading, NotKnown } from '../../components/notes.ts';
import { Field, Select } from '../../components/select.ts';
import { Tabs } from '../../components/tabs.ts';
import { ErrorBox } from './error-box.ts';
import type { DefinedState } from './graph/definition.ts';
import type { Picks, StateSummary } from './overlay.ts';
import { RunStatus, statuses } from './status.ts';

export interface StatePanelProps {
  execution: ExecutionDetails;
  /** When it began, for the calls that read its log. */
  at: string | undefined;
  /** Undefined where the execution itself is shown. */
  state: DefinedState | undefined;
  summary: StateSummary | undefined;
  picks: Picks;
  onPick(map: string, key: string | undefined): void;
  /** The id of the run that was chosen in a table. */
  runId: number | undefined;
}

/** What one state got, gave and did; without a state, what the execution got and gave. */
export function StatePanel(props: StatePanelProps): VNode {
  const { execution, at, state, summary, picks, onPick, runId } = props;
  const [chosenRun, setChosenRun] = useState<number>();
  const [tab, setTab] = useState('input');
  useEffect(() => setChosenRun(runId), [state?.name, runId, picks]);
  if (state === undefined)
    return html`<${ExecutionPanel} execution=${execution} at=${at} tab=${tab} onTab=${setTab} />`;
  const runs = summary?.runs ?? [];
  const run = runs.find(({ id }) => id === chosenRun) ?? worst(runs);
  return html`<${Card} title=${state.name} description=${state.comment}>
    <${Pickers} state=${state} summary=${summary} picks=${picks} onPick=${onPick} run=${run} onRun=${setChosenRun} />
    ${
      run === undefined
        ? html`<${Empty} title="This state did not run">Another branch was taken, or the execution ended before.<//>`
        : html`<${RunFacts} state=${state} run=${run} />
          <${Tabs} label=${`Data of ${state.name}`} chosen=${tab} onChoose=${setTab}
            tabs=${runTabs(execution, at, run)} />`
    }
  <//>`;
}

/** The run with the most to tell stands first. */
function worst(runs: readonly StateRun[]): StateRun | undefined {
  return (
    runs.find(({ status }) => status === 'failed' || status === 'timedOut') ??
    runs.find(({ status }) => status === 'caught') ??
    runs[0]
  );
}

/** The most iterations or runs that a field offers. The table view shows all of them. */
const PICKABLE = 500;

function Pickers(props: {
  state: DefinedState;
  summary: StateSummary | undefined;
  picks: Picks;
  onPick(map: string, key: string | undefined): void;
  run: StateRun | undefined;
  onRun(id: number): void;
}): VNode {
  const { state, summary, picks, onPick, run, onRun } = props;
  const iterations = summary?.iterations ?? [];
  const runs = summary?.runs ?? [];
  const all = { value: '', title: `All ${formatNumber(iterations.length)}` };
  const hasUniqueIndices = runs.length === 1 && iterations.every(({ iteration }) => iteration.attempt === 0);
  return html`<div class="pickers">
    ${
      iterations.length > 1 &&
      html`<${Field} label=${state.type === 'Parallel' ? 'Branch' : 'Iteration'}>
        <${Select} value=${picks[state.name] ?? ''}
          onChange=${(key: string) => onPick(state.name, key === '' ? undefined : key)}
          options=${[
            all,
            ...iterations.slice(0, PICKABLE).map(({ key, iteration }, index) => ({
              value: key,
              title: `${hasUniqueIndices ? iteration.index : index} · ${statuses[iteration.status].word}`,
            })),
          ]} /><//>`
    }
    ${
      runs.length > 1 &&
      html`<${Field} label="Run">
        <${Select} value=${String(run?.id)} onChange=${(id: string) => onRun(Number(id))}
          options=${runs.slice(0, PICKABLE).map(({ id, status, startMs }, index) => ({
            value: String(id),
            title: `${index + 1} of ${runs.length} · ${formatTime(startMs)} · ${statuses[status].word}`,
          }))} /><//>`
    }
  </div>`;
}

function RunFacts({ state, run }: { state: DefinedState; run: StateRun }): VNode {
  const { status, startMs, endMs, error, cause, attempts } = run;
  return html`<${KeyValues} items=${[
    ['Status', html`<${RunStatus} status=${status} />`],
    ['Type', state.resource ? `${state.type} · ${state.resource}` : state.type],
    ['Started', formatTime(startMs)],
    ['Duration', endMs === undefined ? undefined : formatDuration(endMs - startMs)],
    ...(attempts.length > 1 ? [['Attempts', formatNumber(attempts.length)] as const] : []),
  ]} />
  ${error !== undefined && html`<${ErrorBox} error=${error} cause=${cause} status=${status} />`}`;
}

function runTabs(execution: ExecutionDetails, at: string | undefined, run: StateRun) {
  const payload = (id: number | undefined, member: string, what: string, missing: string) =>
    html`<${Payload} key=${`${id} ${member}`} execution=${execution} at=${at} id=${id} member=${member} what=${what}
      missing=${missing} />`;
  const last = run.attempts.at(-1);
  const notLeft = run.status === 'running' ? 'The state has not ended yet.' : 'The state did not end with an output.';
  return [
    { key: 'input', title: 'Input', content: () => payload(run.id, 'input', 'input', 'The state has no input.') },
    ...(last === undefined
      ? []
      : [
          {
            key: 'arguments',
            title: 'Arguments',
            content: () => payload(last.scheduledId, 'parameters', 'arguments', 'The task has no arguments.'),
          },
          {
            key: 'result',
            title: 'Result',
            content: () =>
              payload(
                last.endId,
                'output',
                'result',
                last.error === undefined ? 'The task has not answered.' : 'The task failed, so it has no result.',
              ),
          },
        ]),
    { key: 'output', title: 'Output', content: () => payload(run.exitId, 'output', 'output', notLeft) },
    {
      key: 'variables',
      title: 'Variables',
      content: () =>
        payload(
          run.exitId,
          'assignedVariables',
          'variables',
          run.exitId === undefined ? notLeft : 'The state assigns no variable.',
        ),
    },
    ...(run.attempts.length === 0
      ? []
      : [{ key: 'attempts', title: 'Attempts', content: () => html`<${Attempts} run=${run} />` }]),
  ];
}

function Attempts({ run }: { run: StateRun }): VNode {
  return html`<ol class="attempts">${run.attempts.map(({ scheduledMs, endMs, error, cause }, index) => {
    const before = run.attempts[index - 1]?.endMs;
    return html`<li key=${index}>
      <div class="attempt"><strong>${index + 1}</strong> <span>${formatTime(scheduledMs)}</span>
        <span>${endMs === undefined ? 'no answer' : formatDuration(endMs - scheduledMs)}</span>
        ${before !== undefined && html`<span class="dim">after ${formatDuration(scheduledMs - before)}</span>`}
        <${RunStatus}
          status=${error === undefined ? (endMs === undefined ? 'running' : 'succeeded') : 'failed'} /></div>
      ${error !== undefined && html`<${ErrorBox} error=${error} cause=${cause} status="failed" />`}
    </li>`;
  })}</ol>`;
}

function ExecutionPanel(props: {
  execution: ExecutionDetails;
  at: string | undefined;
  tab: string;
  onTab(tab: string): void;
}): VNode {
  const { execution, at, tab, onTab } = props;
  const { tree, inputId, outputId } = execution;
  const payload = (id: number | undefined, member: string, missing: string) =>
    html`<${Payload} key=${member} execution=${execution} at=${at} id=${id} member=${member} what=${member}
      missing=${missing} />`;
  const noOutput = tree.status === 'running' ? 'The execution has not ended yet.' : 'The execution has no output.';
  return html`<${Card} title="Execution" description="Choose a state to see what it got and gave.">
    <${Tabs} label="Data of the execution" chosen=${tab} onChoose=${onTab} tabs=${[
      { key: 'input', title: 'Input', content: () => payload(inputId, 'input', 'The log does not have the input.') },
      { key: 'output', title: 'Output', content: () => payload(outputId, 'output', noOutput) },
    ]} />
  <//>`;
}

function Payload(props: {
  execution: ExecutionDetails;
  at: string | undefined;
  id: number | undefined;
  member: string;
  what: string;
  missing: string;
}): ComponentChildren {
  const { execution, at, id, member, what, missing } = props;
  const { data, failure } = useOnce<EventDetails>(id === undefined ? undefined : 'execution/event', {
    arn: execution.arn,
    at,
    id,
  });
  if (!execution.logging.hasData) return html`<${DataNotLogged} />`;
  if (id === undefined) return html`<p class="dim">${missing}</p>`;
  if (failure !== undefined) return html`<${FailureNote} failure=${failure} what=${`The ${what} cannot be read`} />`;
  if (data === undefined) return html`<${Loading} what=${what} />`;
  const value = data.details[member];
  if (value === undefined) return html`<p class="dim">${missing}</p>`;
  const isCut = isTruncated(data.details[`${member}Details`]);
  return html`${isCut && html`<${NotKnown} why="Only the first 248 KB are in the log, as on AWS." />`}
    <${JsonText} text=${typeof value === 'string' ? value : JSON.stringify(unwrapped(value))} what=${what} />`;
}

/** Variables are an object of JSON texts. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, parsed(text)]));
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isTruncated(details: unknown): boolean {
  return typeof details === 'object' && details !== null && 'truncated' in details && details.truncated === true;
}

/** Says that input, output and variables are not in the log, and how to have them there. */
function DataNotLogged(): VNode {
  return html`<${NotKnown}
    why="Input, output and variables are not logged, because they hold what tweets say and cost the most."
    remedy=${html`To log them: <${Command}>npm start -- -c tweetPipes:executionData=true<//>`} />`;
}
