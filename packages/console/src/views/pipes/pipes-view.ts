import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiFailure } from '../../api.ts';
import { postJson } from '../../app/call-api.ts';
import { formatDateTime } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { describeProblem, useLive } from '../../app/use-live.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card, KeyValues } from '../../components/card.ts';
import { Confirm } from '../../components/confirm.ts';
import { CopyButton } from '../../components/copy-button.ts';
import { Command, Empty, FailureNote, Loading, Note } from '../../components/notes.ts';
import { StatusBadge } from '../../components/status-badge.ts';
import type { Status } from '../../status.ts';
import type { Stage } from '../pipeline/api.ts';
import { figuresOf, lastErrorOf, pipeState } from '../pipeline/figures.ts';
import { FigureLine } from '../pipeline/stage-card.ts';
import type { PipeDetail, PipeList, PipeOrder } from './api.ts';
import { RedriveCard } from './redrive-card.ts';

/** Milliseconds between two looks, and while a pipe or a redrive moves. */
const [usualPauseMs, shortPauseMs] = [2_000, 500];

/** The pipes: how they are and what they wait for; start, stop and redrive. */
export function PipesView({ session, route }: ViewProps): VNode {
  const [round, setRound] = useState(0);
  const [pauseMs, setPauseMs] = useState(usualPauseMs);
  const { data, failure } = useLive<PipeList>('pipes', { round }, pauseMs);
  const look = () => setRound((before) => before + 1);
  const isMoving = data?.redrive?.endedAt === null || data?.pipes.some(({ state }) => isChange(state)) === true;
  useEffect(() => setPauseMs(isMoving ? shortPauseMs : usualPauseMs), [isMoving]);
  const { data: status } = useLive<Status>('status');
  const isReadOnly = session.place === 'aws';
  const shown = data?.pipes.filter(({ name }) => route.id === undefined || name === route.id);
  const steps = route.id === undefined ? [] : [{ title: 'Pipes', href: formatRoute('pipes') }];
  return html`
    <${Heading} title=${route.id === undefined ? 'Pipes' : (shown?.[0]?.title ?? 'Pipe')} steps=${steps} />
    ${failure && html`<${FailureNote} failure=${failure} what="The pipes cannot be read" />`}
    ${data === undefined && failure === undefined && html`<${Loading} what="the pipes" />`}
    ${
      shown?.length === 0 &&
      html`<${Empty} title=${route.id === undefined ? 'The stacks have no pipes' : 'There is no such pipe'} />`
    }
    ${
      isReadOnly &&
      html`<${Note} title="This page only reads.">
        Stop and start a pipe with <${Command}>aws pipes stop-pipe --name …<//> and${' '}
        <${Command}>aws pipes start-pipe --name …<//>, and follow dead letters
        with <${Command}>npx tweet-pipes redrive --stop<//>.<//>`
    }
    ${shown?.map(
      (pipe) => html`<${PipeCard} key=${pipe.name} pipe=${pipe} status=${status} isReadOnly=${isReadOnly}
        look=${look} />`,
    )}
    ${data && !isReadOnly && html`<${RedriveCard} redrive=${data.redrive} status=${status} look=${look} />`}`;
}

interface PipeCardProps {
  pipe: PipeDetail;
  status: Status | undefined;
  isReadOnly: boolean;
  /** Looks at the pipes at once. */
  look(): void;
}

function PipeCard({ pipe, status, isReadOnly, look }: PipeCardProps): VNode {
  const [failure, setFailure] = useState<ApiFailure>();
  const [isStopping, setStopping] = useState(false);
  const order = (action: PipeOrder['action']) => {
    setFailure(undefined);
    setStopping(false);
    const wanted: PipeOrder = { name: pipe.name, action };
    postJson<PipeList>('pipe', wanted).then(look, (problem: unknown) => setFailure(describeProblem(problem)));
  };
  const { text, tone } = pipeState(pipe.state);
  const isRunning = pipe.state === 'RUNNING' || pipe.state === 'STARTING';
  const isChanging = isChange(pipe.state);
  const button = isRunning
    ? html`<button type="button" class="button small" disabled=${isChanging}
      onClick=${() => setStopping(true)}>Stop<span class="unseen"> ${pipe.title}</span></button>`
    : html`<button type="button" class="button small" disabled=${isChanging}
      onClick=${() => order('start')}>Start<span class="unseen"> ${pipe.title}</span></button>`;
  const stage: Stage = { kind: 'pipe', title: pipe.title, name: pipe.name };
  const figures = status === undefined ? [] : figuresOf(stage, status);
  const lastError = status && lastErrorOf(stage, status);
  return html`<${Card} title=${pipe.title} description=${pipe.description}
    actions=${html`<${StatusBadge} tone=${tone}>${text}<//>${!isReadOnly && button}`}>
    ${failure && html`<${FailureNote} failure=${failure} what="The pipe was not changed" />`}
    ${pipe.reason && html`<${Note} tone="warning" title=${`AWS says: ${pipe.reason}`} />`}
    ${
      lastError &&
      html`<${Note} tone="warning"
        title=${`Last error, logged at ${formatDateTime(Date.parse(lastError.at))}`}>${lastError.text}<//>`
    }
    ${pipe.state !== pipe.desired && html`<p class="dim">It is to be ${pipe.desired}.</p>`}
    <dl class="figures wide">
      ${figures.map((figure) => html`<${FigureLine} key=${figure.label} figure=${figure} />`)}</dl>
    <details>
      <summary>Source, target and settings</summary>
      <${KeyValues} items=${[
        ['Source', arn(pipe.source)],
        ['Enrichment', pipe.enrichment === null ? 'none' : arn(pipe.enrichment)],
        ['Target', arn(pipe.target)],
        ['Dead-letter queue', pipe.deadLetterQueue === null ? 'none' : arn(pipe.deadLetterQueue)],
        ...pipe.settings.map(({ name, value }) => [name, html`<span class="mono">${value}</span>`] as const),
      ]} />
    </details>
    ${
      isStopping &&
      html`<${Confirm} title=${`Stop the pipe ${pipe.title}?`} action="Stop pipe" onConfirm=${() => order('stop')}
        onClose=${() => setStopping(false)}>
        It delivers nothing until it is started again, and then goes on where it was. What waits longer in the stream
        than the stream keeps it is lost: 24 hours by default.<//>`
    }
  <//>`;
}

/** `STARTING`, `STOPPING`, … */
function isChange(state: string): boolean {
  return state.endsWith('ING') && state !== 'RUNNING';
}

function arn(text: string): VNode {
  return html`<span class="mono">${text}</span><${CopyButton} text=${text} what="ARN" />`;
}
