import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { useLive } from '../../app/use-live.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { CopyButton } from '../../components/copy-button.ts';
import { Command, Empty, FailureNote, Loading, NotKnown } from '../../components/notes.ts';
import { Plot } from '../../components/plot.ts';
import { StatusBadge } from '../../components/status-badge.ts';
import type { PipelineReading, Stage } from './api.ts';
import { figuresOf, seriesOf, stateOf } from './figures.ts';
import { FigureLine, kindNames } from './stage-card.ts';
import { stageHref } from './stage-links.ts';

const pipelineStep = { title: 'Pipeline', href: formatRoute('pipeline') };

/** One stage of the pipeline that has no view of its own. */
export function StageView({ route: { query } }: ViewProps): VNode {
  const { data, failure } = useLive<PipelineReading>('pipeline');
  const stages = data?.lanes.flatMap((lane) => lane.stages) ?? [];
  const stage = stages.find(({ kind, name }) => kind === query.kind && name === (query.name ?? ''));
  return html`<${Heading} title=${stage?.title ?? 'Stage'} steps=${[pipelineStep]} />
    ${failure && html`<${FailureNote} failure=${failure} what="The stage cannot be read" />`}
    ${data === undefined && failure === undefined && html`<${Loading} what="the stage" />`}
    ${
      data &&
      stage === undefined &&
      html`<${Empty} title="There is no such stage">The stacks may have been deployed anew.<//>`
    }
    ${data && stage && html`<${Detail} stage=${stage} reading=${data} />`}`;
}

function Detail({ stage, reading }: { stage: Stage; reading: PipelineReading }): VNode {
  const { status, history, lanes } = reading;
  const state = stateOf(stage, status);
  const figures = figuresOf(stage, status);
  const neighbours = lanes.flatMap((lane) => neighboursOf(stage, lane.stages));
  return html`
    <${Card} title=${kindNames[stage.kind]}
      actions=${state && html`<${StatusBadge} tone=${state.tone}>${state.text}<//>`}>
      ${
        stage.kind === 'producer'
          ? html`<p>A producer puts records on the stream: <${Command}>npx tweet-pipes produce sample<//>, or any
              program with an AWS SDK.</p>`
          : html`<p class="mono">${stage.name}<${CopyButton} text=${stage.name} what="name" /></p>
              <dl class="figures wide">
                ${figures.map((figure) => html`<${FigureLine} key=${figure.label} figure=${figure} />`)}</dl>`
      }
      ${
        neighbours.length > 0 &&
        html`<p>Next: ${neighbours.map(
          (next, index) => html`${index > 0 && ', '}<a key=${next.name} href=${stageHref(next)}>${next.title}</a>`,
        )}.</p>`
      }
    <//>
    <${History} stage=${stage} history=${history} />`;
}

function History({ stage, history }: { stage: Stage; history: PipelineReading['history'] }): VNode | null {
  const series = seriesOf(stage, history);
  if (!history.known) return html`<${Card} title="Last minutes"><${NotKnown} why=${`${history.why}.`} /><//>`;
  if (series === undefined) return null;
  const { at, periodSeconds } = history.value;
  const label = `${series.label} in ${periodSeconds} s`;
  return html`<${Card} title="Last minutes" description=${`${label}, as CloudWatch has them.`}>
    <${Plot} label=${`${stage.title}: ${label}`} kind="bars" xs=${at} series=${[{ label, values: series.values }]} />
  <//>`;
}

/** What gets the data next; of several in one column all. */
function neighboursOf(stage: Stage, stages: readonly Stage[]): Stage[] {
  const at = stages.findIndex(({ kind, name }) => kind === stage.kind && name === stage.name);
  if (at === -1 || stage.isBeside) return [];
  const first = stages.findIndex((each, index) => index > at && !each.isBeside);
  if (first === -1) return [];
  const end = stages.findIndex((each, index) => index > first && !each.isBeside);
  return stages.slice(first, end === -1 ? stages.length : end);
}
