import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatIso } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { useOnce } from '../../app/use-live.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { Empty, FailureNote, Loading, Note } from '../../components/notes.ts';
import type { Tone } from '../../components/status-badge.ts';
import { StatusBadge } from '../../components/status-badge.ts';
import { inputText } from '../../components/table.ts';
import type { Journey, JourneyEvent, JourneyStep, Verdict } from '../../journey.ts';

/** Search by id, and the journey of a tweet. */
export function TweetView({ route: { id } }: ViewProps): VNode {
  const [round, setRound] = useState(0);
  const { data, failure } = useOnce<Journey>(id === undefined ? undefined : 'tweet', { id, round });
  const steps = id === undefined ? [] : [{ title: 'Tweet', href: formatRoute('tweet') }];
  return html`
    <${Heading} title=${id === undefined ? 'Tweet' : `Tweet ${id}`} steps=${steps}
      description="Everything that is known about one tweet: its records, executions, counters, removal and rows."
      actions=${
        id !== undefined &&
        html`<button type="button" class="button" onClick=${() => setRound(round + 1)}>Look again</button>`
      } />
    <${Search} key=${id} id=${id ?? ''} />
    ${failure && html`<${FailureNote} failure=${failure} what="The tweet cannot be traced" />`}
    ${id !== undefined && data === undefined && failure === undefined && html`<${Loading} what="the journey" />`}
    ${data && html`<${JourneyCards} journey=${data} />`}`;
}

function Search({ id }: { id: string }): VNode {
  const [text, setText] = useState(id);
  const search = (event: Event) => {
    event.preventDefault();
    if (text.trim() !== '') location.hash = formatRoute('tweet', text.trim());
  };
  return html`<form class="search-form" role="search" onSubmit=${search}>
    <label for="tweet-id">Tweet id</label>
    <input id="tweet-id" class="mono" inputmode="numeric" autocomplete="off" spellcheck=${false}
      placeholder="1860000000000000001"
      value=${text} onInput=${(event: Event) => setText(inputText(event))} />
    <button type="submit" class="button primary">Trace</button>
  </form>`;
}

const verdictTones: Readonly<Record<Verdict['counted'], Tone>> = {
  yes: 'good',
  no: 'warning',
  partly: 'warning',
  pending: 'active',
  'not known': 'warning',
};
const verdictTitles: Readonly<Record<Verdict['counted'], string>> = {
  yes: 'It is counted.',
  no: 'It is not counted.',
  partly: 'It is counted for some of its hashtags.',
  pending: 'It is not counted yet.',
  'not known': 'Whether it is counted is not known.',
};

function JourneyCards({ journey }: { journey: Journey }): VNode {
  const { verdict, steps, notKnown, looked, known } = journey;
  const tone = verdict.pipe === undefined ? verdictTones[verdict.counted] : 'warning';
  return html`
    <${Note} tone=${tone === 'quiet' ? 'active' : tone} title=${verdictTitles[verdict.counted]}>
      <p>${verdict.why}</p>${verdict.do && html`<p><strong>What to do:</strong> ${verdict.do}</p>`}
      ${verdict.pipe && html`<p><a href=${formatRoute('pipes', verdict.pipe)}>See the pipe on this page</a></p>`}<//>
    <${Card} title="Journey" count=${String(steps.length)}>
      ${
        known
          ? html`<ol class="journey">${steps.map((step, index) => html`<${Step} key=${index} step=${step} />`)}</ol>`
          : html`<${Empty} title="Nothing knows this tweet">
            Check the id. Logs and streams forget what is older than they keep.<//>`
      }
    <//>
    ${
      notKnown.length > 0 &&
      html`<${Card} title="Not known"><dl class="key-values">${notKnown.map(
        ({ what, why, do: remedy }) => html`<div key=${what}><dt>${what}</dt><dd>${why}. ${remedy}</dd></div>`,
      )}</dl><//>`
    }
    <p class="dim">Looked in: ${looked.join(', ')}.</p>`;
}

const stepTones: Readonly<Record<JourneyEvent, Tone>> = {
  arrived: 'active',
  waiting: 'active',
  filtered: 'quiet',
  execution: 'active',
  stored: 'good',
  duplicate: 'quiet',
  dropped: 'warning',
  quarantined: 'bad',
  'in-doubt': 'warning',
  counted: 'good',
  'not-counted': 'warning',
  'given-up': 'bad',
  redriven: 'good',
  deleted: 'warning',
  archived: 'active',
  'lake-row': 'active',
  sentiment: 'active',
  forgotten: 'quiet',
};

function Step({ step }: { step: JourneyStep }): VNode {
  const { at, what, text, record, execution, object, hashtag, reason, decision } = step;
  return html`<li>
    <div class="journey-head">
      <${StatusBadge} tone=${stepTones[what]}>${what.replaceAll('-', ' ')}${decision ? `: ${decision}` : ''}<//>
      <time class="dim" datetime=${at ?? undefined}>${at === null ? 'time not known' : formatIso(at)}</time>
    </div>
    <p>${text}</p>
    <ul class="journey-links">
      ${hashtag && html`<li><bdi>#${hashtag}</bdi></li>`}
      ${reason && html`<li>${reason}</li>`}
      ${record && html`<li class="mono">${record}</li>`}
      ${execution && html`<li><a href=${formatRoute('executions', execution)}>Execution</a></li>`}
      ${object && html`<li><${ObjectLink} uri=${object} /></li>`}
    </ul>
  </li>`;
}

function ObjectLink({ uri }: { uri: string }): VNode {
  const [, place, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  return place === undefined || key === undefined
    ? html`<span class="mono">${uri}</span>`
    : html`<a class="mono" href=${formatRoute('objects', undefined, { place, key })}>${uri}</a>`;
}
