import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { formatBytes, formatSecond } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { useLive } from '../../app/use-live.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { FailureNote, Loading, NotKnown } from '../../components/notes.ts';
import { Alarms } from './alarms.ts';
import type { Lane, PipelineReading } from './api.ts';
import { columnsOf } from './lane-columns.ts';
import { Problems } from './problems.ts';
import { StageCard } from './stage-card.ts';
import { StageView } from './stage-view.ts';

/** The stages, live: what is wrong, then the way of the data; or one of them, if the address names it. */
export function PipelineView(props: ViewProps): VNode {
  return props.route.query.kind === undefined ? html`<${Pipeline} />` : html`<${StageView} ...${props} />`;
}

function Pipeline(): VNode {
  const { data, failure } = useLive<PipelineReading>('pipeline');
  const description = html`What goes through each stage, and how far it is behind. Counts are of the last 15 minutes.
    ${data && html` As of <time datetime=${data.status.at}>${formatSecond(Date.parse(data.status.at))}</time>.`}`;
  return html`<${Heading} title="Pipeline" description=${description} />
    ${failure && html`<${FailureNote} failure=${failure} what="The pipeline cannot be read" />`}
    ${
      data === undefined
        ? failure === undefined && html`<${Loading} what="the pipeline" />`
        : html`<${Stages} reading=${data} />`
    }`;
}

function Stages({ reading }: { reading: PipelineReading }): VNode {
  const { status, lanes, history } = reading;
  return html`
    <${Problems} status=${status} />
    ${!history.known && html`<${NotKnown} why=${`There are no rates and lines: ${history.why}.`} />`}
    ${lanes.map((lane) => html`<${LaneCard} key=${lane.title} lane=${lane} reading=${reading} />`)}
    <${Alarms} alarms=${status.alarms} />
    ${
      status.local?.known &&
      html`<p class="dim">Data in ${status.local.value.dataFolder}, ${formatBytes(status.local.value.freeBytes)} free.${' '}
        ${Object.entries(status.local.value.faults).map(
          ([kind, count]) => html`<span key=${kind}>Injected fault ${kind}: ${count}. </span>`,
        )}</p>`
    }`;
}

function LaneCard({ lane, reading }: { lane: Lane; reading: PipelineReading }): VNode {
  return html`<${Card} title=${lane.title}>
    <ol class="lane">
      ${columnsOf(lane.stages).map(
        (column) => html`<li key=${column[0]?.name} class=${`lane-column ${column.length > 2 ? 'many' : ''}`}>
          ${column.map(
            (stage) => html`<${StageCard} key=${`${stage.kind} ${stage.name}`} stage=${stage} reading=${reading} />`,
          )}
        </li>`,
      )}
    </ol>
  <//>`;
}
