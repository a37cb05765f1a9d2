import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Sparkline } from '../../components/sparkline.ts';
import { StatusBadge } from '../../components/status-badge.ts';
import type { PipelineReading, Stage, StageKind } from './api.ts';
import { type Figure, figuresOf, formatRate, lastErrorOf, rateOf, seriesOf, stateOf } from './figures.ts';
import { stageHref } from './stage-links.ts';

/** AWS's name of what a stage is. */
export const kindNames: Readonly<Record<StageKind, string>> = {
  producer: 'Your program',
  stream: 'Kinesis',
  pipe: 'EventBridge Pipes',
  workflow: 'Step Functions',
  table: 'DynamoDB',
  function: 'Lambda',
  delivery: 'Firehose',
  bucket: 'S3',
  quarantine: 'S3',
  queries: 'Athena',
};

/** One stage: its state, its figures, and what went through it in the last minutes. All of it leads to its detail. */
export function StageCard({ stage, reading }: { stage: Stage; reading: PipelineReading }): VNode {
  const { status, history } = reading;
  const state = stateOf(stage, status);
  const figures = figuresOf(stage, status);
  const lastError = lastErrorOf(stage, status);
  const isWrong = status.problems.some(({ what }) => what.split(' ').includes(nameOf(stage)));
  const tone =
    isWrong || figures.some((figure) => figure.tone === 'bad')
      ? 'bad'
      : figures.some((figure) => figure.tone === 'warning')
        ? 'warning'
        : '';
  return html`<article class="stage ${tone}">
    <header>
      <span class="stage-kind">${kindNames[stage.kind]}</span>
      ${state && html`<${StatusBadge} tone=${state.tone}>${state.text}<//>`}
    </header>
    <h3><a href=${stageHref(stage)}>${stage.title}</a></h3>
    <${Rate} stage=${stage} reading=${reading} />
    ${
      figures.length > 0 &&
      html`<dl class="figures">
        ${figures.map((figure) => html`<${FigureLine} key=${figure.label} figure=${figure} />`)}</dl>`
    }
    ${lastError && html`<p class="last-error" title=${lastError.text}>${lastError.text}</p>`}
    ${history.known && html`<${Line} stage=${stage} reading=${reading} />`}
  </article>`;
}

/** A name with its value, or with why it is not known. */
export function FigureLine({ figure: { label, value, why, tone } }: { figure: Figure }): VNode {
  return html`<div><dt>${label}</dt><dd class=${tone ?? ''}>${
    value ??
    html`<span class="unknown" title=${why}>${isEmpty(why) ? '–' : 'not known'}
      <span class="unseen">: ${why}</span></span>`
  }</dd></div>`;
}

/** Where nothing happens CloudWatch has no values, and not 0. */
function isEmpty(why: string | undefined): boolean {
  return why?.startsWith('CloudWatch has no values') ?? false;
}

function Rate({ stage, reading: { history, status } }: { stage: Stage; reading: PipelineReading }): VNode | null {
  const series = seriesOf(stage, history);
  if (series === undefined || !history.known) return null;
  const rate = rateOf(series, history.value, Date.parse(status.at) / 1_000);
  if (rate === undefined) return html`<p class="rate">no ${series.label} of late</p>`;
  return html`<p class="rate"><span class="big">${formatRate(rate)}</span> ${series.label} / s</p>`;
}

function Line({ stage, reading: { history } }: { stage: Stage; reading: PipelineReading }): VNode | null {
  const series = seriesOf(stage, history);
  if (series === undefined || !history.known || series.values.every((value) => value === null)) return null;
  const { at, periodSeconds } = history.value;
  return html`<${Sparkline} label=${`${stage.title}: ${series.label} in ${periodSeconds} s`} times=${at}
    values=${series.values} height=${32} />`;
}

function nameOf({ kind, name }: Stage): string {
  if (kind === 'workflow') return name.split(':').at(-1) ?? name;
  return kind === 'quarantine' ? 'quarantine' : name;
}
