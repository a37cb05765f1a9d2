import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api.ts';
import { postJson } from '../../app/call-api.ts';
import { formatNumber } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { describeProblem, useOnce } from '../../app/use-live.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { CopyButton } from '../../components/copy-button.ts';
import { Command, Empty, FailureNote, Loading, Note } from '../../components/notes.ts';
import { Plot } from '../../components/plot.ts';
import { type Column, Table } from '../../components/table.ts';
import { Tabs } from '../../components/tabs.ts';
import type { ListedQuery, QueryList, QueryOrder, QueryOutcome } from './api.ts';
import { isNumberType, plotOf } from './query-plot.ts';

/** The named queries of the lakes, or one of them with its result. */
export function QueriesView({ session, route }: ViewProps): VNode {
  const { data, failure } = useOnce<QueryList>('queries');
  const query = data?.queries.find((each) => keyOf(each) === route.id);
  const steps = route.id === undefined ? [] : [{ title: 'Queries', href: formatRoute('queries') }];
  return html`
    <${Heading} title=${query?.name ?? 'Queries'} steps=${steps}
      description=${query?.description ?? 'Questions to the lakes, asked of Athena.'} />
    ${failure && html`<${FailureNote} failure=${failure} what="The queries cannot be listed" />`}
    ${data === undefined && failure === undefined && html`<${Loading} what="the queries" />`}
    ${data && route.id === undefined && html`<${List} queries=${data.queries} />`}
    ${data && route.id !== undefined && query === undefined && html`<${Empty} title="There is no such query" />`}
    ${query && html`<${QueryCard} key=${keyOf(query)} query=${query} isReadOnly=${session.place === 'aws'} />`}`;
}

function keyOf({ lake, name }: ListedQuery): string {
  return `${lake}/${name}`;
}

const columns: readonly Column<ListedQuery>[] = [
  {
    key: 'name',
    title: 'Query',
    width: '30ch',
    cell: (query) => html`<a href=${formatRoute('queries', keyOf(query))}>${query.name}</a>`,
    sortValue: ({ name }) => name,
  },
  {
    key: 'lake',
    title: 'Workgroup',
    width: '16ch',
    isSecondary: true,
    cell: ({ workGroup }) => workGroup,
    sortValue: ({ workGroup }) => workGroup,
  },
  {
    key: 'description',
    title: 'What it gives',
    cell: ({ description }) => html`<span title=${description}>${description}</span>`,
  },
];

function List({ queries }: { queries: readonly ListedQuery[] }): VNode {
  return html`<${Card} title="Named queries" count=${String(queries.length)} isFlush>
    <${Table} label="Queries" columns=${columns} rows=${queries} keyOf=${keyOf}
      textOf=${({ name, description }: ListedQuery) => `${name} ${description}`}
      empty=${html`<${Empty} title="There is no lake">
        Run it too: <${Command}>npx tweet-pipes local --stacks TweetPipes,TweetLake<//><//>`} />
  <//>`;
}

type Run =
  | { state: 'new' | 'running' }
  | { state: 'done'; outcome: QueryOutcome }
  | { state: 'failed'; failure: ApiFailure };

function QueryCard({ query, isReadOnly }: { query: ListedQuery; isReadOnly: boolean }): VNode {
  const [run, setRun] = useState<Run>({ state: 'new' });
  const start = () => {
    setRun({ state: 'running' });
    const order: QueryOrder = { lake: query.lake, name: query.name };
    postJson<QueryOutcome>('query', order).then(
      (outcome) => setRun({ state: 'done', outcome }),
      (problem: unknown) => setRun({ state: 'failed', failure: describeProblem(problem) }),
    );
  };
  const button = html`<button type="button" class="button primary" disabled=${run.state === 'running'}
    onClick=${start}>Run query</button>`;
  return html`
    ${
      isReadOnly &&
      html`<${Note} title="This page only reads, and a query is paid by what it scans.">Run it with${' '}
        <${Command}>${`npx tweet-pipes query ${query.name}`}<//>.<//>`
    }
    <${Card} title="SQL" actions=${html`<${CopyButton} text=${query.sql} what="SQL" />${!isReadOnly && button}`}>
      <pre class="sql" tabindex="0" aria-label="SQL">${query.sql}</pre>
    <//>
    ${run.state === 'running' && html`<${Loading} what="the result; Athena runs the query" />`}
    ${run.state === 'failed' && html`<${FailureNote} failure=${run.failure} what="The query failed" />`}
    ${run.state === 'done' && html`<${Result} outcome=${run.outcome} />`}`;
}

type ResultRow = { readonly index: number; readonly values: readonly (string | null)[] };

function Result({ outcome }: { outcome: QueryOutcome }): VNode {
  const [chosen, setChosen] = useState<string>();
  const { columns: found, rows, hasMore, cost } = outcome;
  const shown = found.map(({ name, type }, at): Column<ResultRow> => {
    const isNumber = isNumberType(type);
    return {
      key: `${at} ${name}`,
      title: name,
      isNumber,
      ...(found.length > 6 ? { width: '18ch' } : {}),
      cell: ({ values }) => valueCell(values[at] ?? null),
      sortValue: ({ values }) => sortValueOf(values[at] ?? null, isNumber),
    };
  });
  const numbered = rows.map((values, index) => ({ index, values }));
  const plot = plotOf(outcome);
  const table = () => html`<div class="wide-table">
    <${Table} label="Result" columns=${shown} rows=${numbered} keyOf=${({ index }: ResultRow) => String(index)}
      textOf=${({ values }: ResultRow) => values.join(' ')}
      empty=${html`<${Empty} title="The result has no rows" />`} /></div>`;
  return html`<${Card} title="Result"
    count=${`${formatNumber(rows.length)}${hasMore ? ' rows, the first ones' : rows.length === 1 ? ' row' : ' rows'}`}
    description=${cost}>
    ${
      plot === undefined
        ? table()
        : html`<${Tabs} label="Result as" chosen=${chosen} onChoose=${setChosen} tabs=${[
            { key: 'table', title: 'Table', content: table },
            { key: 'plot', title: 'Plot', content: () => html`<${Plot} ...${plot} height=${340} />` },
          ]} />`
    }
  <//>`;
}

function valueCell(value: string | null): VNode {
  return value === null
    ? html`<span class="unknown">NULL</span>`
    : html`<bdi title=${value.length > 24 ? value : undefined}>${value}</bdi>`;
}

function sortValueOf(value: string | null, isNumber: boolean): string | number | undefined {
  if (value === null) return undefined;
  return isNumber ? Number(value) : value;
}
