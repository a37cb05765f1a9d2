import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatDuration, formatNumber, formatTime } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { useLive } from '../../app/use-live.ts';
import { changeQuery } from '../../app/use-route.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { Command, Empty, FailureNote, Loading, Note } from '../../components/notes.ts';
import { Plot } from '../../components/plot.ts';
import { Field, Select } from '../../components/select.ts';
import { type Column, SearchField, Table } from '../../components/table.ts';
import type { HashtagReading, RankedCounter } from './api.ts';

const limits = [20, 100, 1_000];
const limitOptions = limits.map((each) => ({ value: String(each), title: formatNumber(each) }));

/** The largest counters, and how they became what they are. */
export function HashtagsView({ session, route: { query } }: ViewProps): VNode {
  const limit = limits.find((each) => String(each) === query.limit) ?? 20;
  const [find, setFind] = useState('');
  const { data, failure } = useLive<HashtagReading>('hashtags', { limit, find: find || undefined });
  return html`
    <${Heading} title="Hashtags"
      description="How many distinct tweets carry each hashtag. Deleted tweets stay counted." />
    ${failure && html`<${FailureNote} failure=${failure} what="The counters cannot be read" />`}
    ${
      data === undefined
        ? failure === undefined && html`<${Loading} what="the counters" />`
        : html`<${Counters} reading=${data} limit=${limit} find=${find} onFind=${setFind}
          hasLake=${session.stacks.length > 1} isPaid=${session.place === 'aws'} />`
    }`;
}

interface CountersProps {
  reading: HashtagReading;
  limit: number;
  find: string;
  onFind(text: string): void;
  hasLake: boolean;
  isPaid: boolean;
}

function Counters({ reading, limit, find, onFind, hasLake, isPaid }: CountersProps): VNode {
  const { top, counters, isWhole } = reading;
  const largest = top[0]?.count ?? 0;
  const columns: readonly Column<RankedCounter>[] = [
    {
      key: 'rank',
      title: 'Rank',
      width: '11ch',
      isNumber: true,
      cell: ({ rank }) => rank ?? html`<span title="Not among the 1,000 largest">–</span>`,
      sortValue: ({ rank }) => rank ?? undefined,
    },
    {
      key: 'hashtag',
      title: 'Hashtag',
      width: '40%',
      cell: ({ hashtag }) => html`<bdi>#${hashtag}</bdi>`,
      sortValue: ({ hashtag }) => hashtag,
    },
    {
      key: 'count',
      title: 'Tweets',
      width: '14ch',
      isNumber: true,
      cell: ({ count }) => formatNumber(count),
      sortValue: ({ count }) => count,
    },
    {
      key: 'bar',
      title: 'Of the largest',
      isSecondary: true,
      cell: ({ count }) =>
        html`<span class="share" style=${{ width: `${(100 * count) / Math.max(1, largest)}%` }}></span>`,
    },
  ];
  const filters = html`<${SearchField} label="Find hashtags" value=${find} onChange=${onFind} />
    ${
      find !== '' &&
      html`<span class="matches" role="status">${formatNumber(top.length)} of ${formatNumber(counters)}</span>`
    }`;
  return html`
    ${
      !isWhole &&
      html`<${Note} title="The first reading runs.">
        What stands below is of the ${formatNumber(counters)} counters that have been read
        so far, not of all.<//>`
    }
    <${Card} title="Top hashtags" description=${readingText(reading, isPaid)} isFlush
      actions=${html`<${Field} label="Show"><${Select} value=${String(limit)} options=${limitOptions}
        onChange=${(value: string) => changeQuery({ limit: value })} /><//>`}>
      <${Table} label="Hashtags" columns=${columns} rows=${top} keyOf=${({ hashtag }: RankedCounter) => hashtag}
        filters=${filters}
        empty=${html`<${NoCounters} reading=${reading} isSearch=${find !== ''} />`} />
    <//>
    <${OverTime} reading=${reading} hasLake=${hasLake} />`;
}

function NoCounters({ reading, isSearch }: { reading: HashtagReading; isSearch: boolean }): VNode {
  if (!reading.isWhole) return html`<${Loading} what="the counters for the first time" />`;
  if (isSearch) {
    return html`<${Empty} title="No match">
      Searched: the 1,000 largest for a part of their name, all for the whole name.<//>`;
  }
  return html`<${Empty} title="No hashtag has been counted yet">
    Feed some tweets: <${Command}>npx tweet-pipes produce sample<//><//>`;
}

function readingText(
  { isWhole, counters, readAt, tookMs, readUnits, usd, running }: HashtagReading,
  isPaid: boolean,
): string {
  const cost = isPaid ? `, which cost ${usd < 0.0001 ? 'less than 0.0001' : usd.toFixed(4)} USD` : '';
  const read =
    isWhole && readAt !== null
      ? `Of ${formatNumber(counters)} counters, read at ${formatTime(readAt)} in ${formatDuration(tookMs)}: ${formatNumber(readUnits)} read units${cost}.`
      : '';
  const now = running === null ? '' : ` Reading again: ${formatNumber(running.counters)} so far.`;
  return `${read}${now}`;
}

function OverTime({ reading: { history }, hasLake }: { reading: HashtagReading; hasLake: boolean }): VNode {
  const lake = hasLake
    ? html`By hour, also of the time before: run the query <a
      href=${formatRoute('queries', 'tweets/hashtags_by_hour')}>hashtags_by_hour</a>.`
    : '';
  const description = html`Since this page was first opened, at each reading of the table. ${lake}`;
  const times = history.at.map((ms) => ms / 1_000);
  const series = history.series.map(({ hashtag, counts }) => ({ label: `#${hashtag}`, values: counts }));
  return html`<${Card} title="Counts over time" description=${description}>
    ${
      times.length < 2
        ? html`<${Empty} title="There is one reading so far">The lines begin with the second one.<//>`
        : html`<${Plot} label="Counts of the largest hashtags over time" xs=${times} series=${series} />`
    }
  <//>`;
}
