import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ApiFailure, ExecutionDetails, StartedExecution } from '../../api.ts';
import { postJson } from '../../app/call-api.ts';
import { formatDateTime, formatDuration, formatNumber } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { describeProblem, useLive } from '../../app/use-live.ts';
import { changeQuery } from '../../app/use-route.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card, KeyValues } from '../../components/card.ts';
import { Confirm } from '../../components/confirm.ts';
import { CopyButton } from '../../components/copy-button.ts';
import { Empty, FailureNote, Loading, Note, NotKnown } from '../../components/notes.ts';
import { Tabs } from '../../components/tabs.ts';
import { ErrorBox } from './error-box.ts';
import { EventTable } from './event-table.ts';
import { executionName } from './execution-name.ts';
import { allStates, readDefinition } from './graph/definition.ts';
import { StateGraph } from './graph/state-graph.ts';
import { overlayRuns, type Picks } from './overlay.ts';
import { StatePanel } from './state-panel.ts';
import { StateTable } from './state-table.ts';
import { RunStatus } from './status.ts';

/** Milliseconds between looks at an execution that runs, and at one that has ended: that one does not change. */
const [RUNNING_MS, ENDED_MS] = [1_500, 3_600_000];

/** One execution: its graph, its table, its events, and what each state got and gave. */
export function ExecutionView({ route, session, arn }: ViewProps & { arn: string }): VNode {
  const { at, tab } = route.query;
  const [everyMs, setEveryMs] = useState(RUNNING_MS);
  const { data: execution, failure } = useLive<ExecutionDetails>('execution', { arn, at }, everyMs);
  const wanted = execution === undefined || execution.tree.status === 'running' ? RUNNING_MS : ENDED_MS;
  if (wanted !== everyMs) setEveryMs(wanted);
  const list = {
    title: 'Executions',
    href: formatRoute('executions', undefined, { workflow: execution?.workflow.name }),
  };
  return html`
    <${Heading} title=${executionName(arn)} steps=${[list]}
      actions=${
        execution && html`<${StartAgain} execution=${execution} at=${at} isReadOnly=${session.place === 'aws'} />`
      } />
    ${failure && html`<${FailureNote} failure=${failure} what="The execution cannot be shown" />`}
    ${
      execution === undefined
        ? !failure && html`<${Loading} what="the execution" />`
        : html`<${Facts} execution=${execution} /><${Doubts} execution=${execution} />
          <${Views} key=${arn} execution=${execution} at=${at} tab=${tab} />`
    }`;
}

function Facts({ execution: { arn, workflow, tree, events, logging } }: { execution: ExecutionDetails }): VNode {
  const { status, startMs, endMs, error, cause } = tree;
  return html`<${Card} title="Details">
    <${KeyValues} items=${[
      ['Status', html`<${RunStatus} status=${status} />`],
      ['Workflow', workflow.title],
      ['Started', startMs === undefined ? undefined : formatDateTime(startMs)],
      ['Ended', endMs === undefined ? undefined : formatDateTime(endMs)],
      ['Duration', startMs === undefined || endMs === undefined ? undefined : formatDuration(endMs - startMs)],
      ['Events', `${formatNumber(events.length)}, level ${logging.level}`],
    ]} />
    <p class="arn">
      <span class="dim">ARN</span> <span class="mono">${arn}</span> <${CopyButton} text=${arn} what="ARN" /></p>
    ${error !== undefined && html`<${ErrorBox} error=${error} cause=${cause} status=${status} />`}
  <//>`;
}

/** What the log does not say. */
function Doubts({ execution: { isWhole, logging, tree } }: { execution: ExecutionDetails }): VNode {
  return html`
    ${
      !isWhole &&
      logging.level === 'ALL' &&
      html`<${NotKnown}
        why="The log no longer has the first events of this execution: they were trimmed, or their retention is over. What is left is shown." />`
    }
    ${
      !isWhole &&
      logging.level !== 'ALL' &&
      html`<${NotKnown} why=${`The workflow logs at the level ${logging.level}, so only failures are shown.`}
        remedy="Set tweetPipes:logLevel to ALL." />`
    }
    ${
      tree.status === 'lost' &&
      html`<${Note} tone="warning" title="The log has no end of this execution.">
        The runtime was stopped while it ran, or its last events were lost. The pipe delivers its batch again.<//>`
    }`;
}

function Views({
  execution,
  at,
  tab,
}: {
  execution: ExecutionDetails;
  at: string | undefined;
  tab: string | undefined;
}): VNode {
  const [picks, setPicks] = useState<Picks>({});
  const [chosen, setChosen] = useState<{ name: string; runId?: number }>();
  const machine = useMemo(() => readDefinition(execution.definition), [execution.definition]);
  const overlay = useMemo(() => overlayRuns(execution.tree.states, picks), [execution.tree, picks]);
  if (machine === undefined) return html`<${Empty} title="The definition cannot be read" />`;
  const state = allStates(machine).find(({ name }) => name === chosen?.name);
  const pick = (map: string, key: string | undefined) => setPicks((before) => ({ ...before, [map]: key }));
  const panel = html`<${StatePanel} execution=${execution} at=${at} state=${state}
    summary=${chosen && overlay.states.get(chosen.name)}
    picks=${picks} onPick=${pick} runId=${chosen?.runId} />`;
  const choose = (name: string, runId?: number) => {
    if (runId !== undefined) setPicks({});
    setChosen({ name, ...(runId === undefined ? {} : { runId }) });
  };
  return html`<${Tabs} label="Views of the execution" chosen=${tab}
    onChoose=${(key: string) => changeQuery({ tab: key })} tabs=${[
      {
        key: 'graph',
        title: 'Graph view',
        content: () => html`<div class="split">
        <${Card} title="States" isFlush description=${picksText(picks)}>
          <${StateGraph} machine=${machine} overlay=${overlay} chosen=${chosen?.name} onChoose=${choose} /><//>
        ${panel}</div>`,
      },
      {
        key: 'table',
        title: 'Table view',
        content: () => html`<div class="split">
        <${Card} title="States" isFlush>
          <${StateTable} tree=${execution.tree} chosen=${chosen?.runId} onChoose=${choose} /><//>${panel}</div>`,
      },
      { key: 'events', title: 'Event view', content: () => html`<${EventTable} execution=${execution} at=${at} />` },
    ]} />`;
}

function picksText(picks: Picks): string | undefined {
  const picked = Object.entries(picks).flatMap(([name, key]) => (key === undefined ? [] : [name]));
  return picked.length === 0 ? undefined : `One iteration of ${picked.join(' and ')}`;
}

function StartAgain(props: { execution: ExecutionDetails; at: string | undefined; isReadOnly: boolean }): VNode {
  const { execution, at, isReadOnly } = props;
  const [step, setStep] = useState<'idle' | 'asked' | 'busy'>('idle');
  const [failure, setFailure] = useState<ApiFailure>();
  const why = whyNot(execution, isReadOnly);
  const start = () => {
    setStep('busy');
    postJson<StartedExecution>('execution/start', {
      arn: execution.arn,
      ...(at === undefined ? {} : { at: Number(at) }),
    }).then(
      (started) => {
        location.hash = formatRoute('executions', started.arn, { at: String(started.startMs) });
      },
      (problem: unknown) => {
        setFailure(describeProblem(problem));
        setStep('idle');
      },
    );
  };
  return html`
    ${why !== undefined && html`<span class="dim" id="why-not">${why}</span>`}
    <button type="button" class="button" disabled=${why !== undefined}
      aria-describedby=${why === undefined ? undefined : 'why-not'}
      onClick=${() => setStep('asked')}>Start again with this input</button>
    ${failure && html`<${FailureNote} failure=${failure} what="It was not started" />`}
    ${
      step !== 'idle' &&
      html`<${Confirm} title="Start an execution with this input?" action="Start execution" isBusy=${step === 'busy'}
        onConfirm=${start} onClose=${() => setStep('idle')}>
        <p>It gets the same records once more. The ingest workflow counts no record twice: it takes them for a
          redelivery.</p><//>`
    }`;
}

function whyNot({ inputId, logging }: ExecutionDetails, isReadOnly: boolean): string | undefined {
  if (isReadOnly) return 'On AWS the console changes nothing.';
  if (!logging.hasData) return 'The input is not logged.';
  return inputId === undefined ? 'The log no longer has the input.' : undefined;
}
