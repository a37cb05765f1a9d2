import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ExecutionStatus, ExecutionSummary, MatchingExecutions, WorkflowName } from '../../api.ts';
import { formatDuration, formatNumber, formatTime, formatWhen } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { type Live, useLive } from '../../app/use-live.ts';
import { changeQuery } from '../../app/use-route.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { Command, Empty, FailureNote, Loading, NotKnown } from '../../components/notes.ts';
import { Field, Select, type SelectOption } from '../../components/select.ts';
import { type Column, SearchField, Table } from '../../components/table.ts';
import { executionName } from './execution-name.ts';
import { ExecutionView } from './execution-view.ts';
import { RunStatus, statuses } from './status.ts';
import { type Executions, isSearching, useExecutions } from './use-executions.ts';

const ranges: readonly SelectOption[] = [
  { value: '15', title: 'Last 15 minutes' },
  { value: '60', title: 'Last hour' },
  { value: '180', title: 'Last 3 hours' },
  { value: '1440', title: 'Last day' },
  { value: '10080', title: 'Last week' },
];
const DEFAULT_MINUTES = '60';

/** Executions, or one of them where the address names it. */
export function ExecutionsView(props: ViewProps): VNode {
  const { route, session } = props;
  if (route.id !== undefined) return html`<${ExecutionView} key=${route.id} ...${props} arn=${route.id} />`;
  const workflow = session.workflows.find(({ name }) => name === route.query.workflow) ?? session.workflows[0];
  return html`<${Heading} title="Executions" description="Each execution processes one batch of records." />
    ${
      workflow === undefined
        ? html`<${Empty} title="No workflow">None of the stacks has a state machine.<//>`
        : html`<${ExecutionsOf} ...${props} key=${workflow.arn} workflow=${workflow} />`
    }`;
}

function ExecutionsOf({ route, session, workflow }: ViewProps & { workflow: WorkflowName }): VNode {
  const { minutes = DEFAULT_MINUTES, status = '', error = '', state = '', tweet = '' } = route.query;
  const { data, failure } = useExecutions(workflow.arn, Number(minutes) || Number(DEFAULT_MINUTES));
  const matching = useMatching(workflow.arn, minutes, state, tweet);
  const rows = useMemo(() => {
    const arns = matching?.data && new Set(matching.data.arns);
    return (data?.executions ?? []).filter(
      (one) =>
        (status === '' || one.status === status) &&
        (error === '' || one.error === error) &&
        (matching === undefined || arns?.has(one.arn) === true),
    );
  }, [data, status, error, matching?.data]);
  if (data === undefined) {
    return failure
      ? html`<${FailureNote} failure=${failure} what="The executions cannot be listed" />`
      : html`<${Loading} what="executions" />`;
  }
  const filters = html`
    ${
      session.workflows.length > 1 &&
      html`<${Field} label="Workflow"><${Select} value=${workflow.name}
        onChange=${(name: string) => changeQuery({ workflow: name, state: undefined, error: undefined })}
        options=${session.workflows.map(({ name, title }) => ({ value: name, title }))} /><//>`
    }
    <${Field} label="Time"><${Select} value=${minutes} options=${ranges}
      onChange=${(value: string) => changeQuery({ minutes: value })} /><//>
    <${Field} label="Status"><${Select} value=${status} options=${statusOptions}
      onChange=${(value: string) => changeQuery({ status: value })} /><//>
    <${Field} label="State"><${Select} value=${state}
      options=${[{ value: '', title: 'Any' }, ...data.states.map((name) => ({ value: name, title: name }))]}
      onChange=${(value: string) => changeQuery({ state: value })} /><//>
    <${Field} label="Error"><${Select} value=${error} options=${errorOptions(data, error)}
      onChange=${(value: string) => changeQuery({ error: value })} /><//>
    ${
      data.logging.hasData &&
      html`<${SearchField} label="Tweet id" value=${tweet}
        onChange=${(value: string) => changeQuery({ tweet: value.trim() })} />`
    }`;
  return html`
    ${failure && html`<${FailureNote} failure=${failure} what="The list is not current" />`}
    ${matching?.failure && html`<${FailureNote} failure=${matching.failure} what="The search failed" />`}
    <${LoggingNote} executions=${data} />
    <${Card} title=${workflow.title} count=${formatNumber(rows.length)} description=${rangeText(data, matching?.data)}
      isFlush>
      <${Table} label="Executions" columns=${columns} rows=${rows} keyOf=${({ arn }: ExecutionSummary) => arn}
        sorting=${{ key: 'started', isDescending: true }} filters=${filters}
        empty=${html`<${NoExecutions} executions=${data} isFiltered=${rows.length !== data.executions.length} />`} />
    <//>`;
}

/** Undefined where nothing is searched for. */
function useMatching(
  workflow: string,
  minutes: string,
  state: string,
  tweet: string,
): Live<MatchingExecutions> | undefined {
  const isSearched = state !== '' || tweet !== '';
  const query = { workflow, minutes, state: state || undefined, tweet: tweet || undefined };
  const live = useLive<MatchingExecutions>(
    isSearched ? 'executions/matching' : undefined,
    query,
    undefined,
    isSearching,
  );
  return isSearched ? live : undefined;
}

const columns: readonly Column<ExecutionSummary>[] = [
  {
    key: 'name',
    title: 'Execution',
    cell: ({ arn, startMs, endMs }) =>
      html`<a href=${formatRoute('executions', arn, { at: String(startMs ?? endMs ?? '') })}>${executionName(arn)}</a>`,
    sortValue: ({ arn }) => executionName(arn),
  },
  {
    key: 'status',
    title: 'Status',
    width: '150px',
    cell: ({ status }) => html`<${RunStatus} status=${status} />`,
    sortValue: ({ status }) => statuses[status].word,
  },
  {
    key: 'started',
    title: 'Started',
    width: '190px',
    cell: ({ startMs }) =>
      startMs === undefined
        ? 'not logged'
        : html`<time datetime=${new Date(startMs).toISOString()}>${formatWhen(startMs, Date.now())}</time>`,
    sortValue: ({ startMs, endMs }) => startMs ?? endMs,
  },
  {
    key: 'duration',
    title: 'Duration',
    width: '110px',
    isNumber: true,
    isSecondary: true,
    cell: ({ startMs, endMs }) =>
      startMs === undefined || endMs === undefined ? '–' : formatDuration(endMs - startMs),
    sortValue: ({ startMs, endMs }) => (startMs === undefined || endMs === undefined ? undefined : endMs - startMs),
  },
  {
    key: 'records',
    title: 'Records',
    width: '100px',
    isNumber: true,
    isSecondary: true,
    cell: ({ records }) =>
      records === undefined
        ? html`<span title="Not known: the input is not logged, or only its first 248 KB">–</span>`
        : formatNumber(records),
    sortValue: ({ records }) => records,
  },
  {
    key: 'error',
    title: 'Error',
    width: '28%',
    isSecondary: true,
    cell: ({ error }) => error ?? '',
    sortValue: ({ error }) => error,
  },
];

const statusNames: readonly ExecutionStatus[] = ['running', 'succeeded', 'failed', 'timedOut', 'aborted', 'lost'];
const statusOptions: readonly SelectOption[] = [
  { value: '', title: 'Any' },
  ...statusNames.map((value) => ({ value, title: statuses[value].word })),
];

function errorOptions({ executions }: Executions, chosen: string): readonly SelectOption[] {
  const errors = new Set(executions.flatMap(({ error }) => error ?? []));
  if (chosen !== '') errors.add(chosen);
  return [{ value: '', title: 'Any' }, ...[...errors].sort().map((value) => ({ value, title: value }))];
}

function rangeText({ searched, isCapped }: Executions, matching: MatchingExecutions | undefined): string | undefined {
  const range = matching?.searched ?? searched;
  if (!range.isComplete) return `Searching the log, back to ${formatTime(range.fromMs)} so far …`;
  return isCapped ? 'The latest 10,000. A shorter time shows all of it.' : undefined;
}

function NoExecutions({ executions, isFiltered }: { executions: Executions; isFiltered: boolean }): VNode {
  if (isFiltered)
    return html`<${Empty} title="No match">No execution of this time has all that the filters ask for.<//>`;
  if (!executions.searched.isComplete) return html`<${Loading} what="executions" />`;
  if (executions.logging.level === 'OFF') return html`<${Empty} title="Executions are not known" />`;
  return html`<${Empty} title="No executions in this time">
    Choose a longer time, or put records: <${Command}>npx tweet-pipes produce sample<//><//>`;
}

/** Says what the log leaves out, and how to have it. */
function LoggingNote({ executions: { logging } }: { executions: Executions }): VNode | undefined {
  const { level } = logging;
  if (level === 'ALL') return undefined;
  const remedy = html`Set LoggingConfiguration.Level of the state machine to ALL in its template. The stacks of
    tweet-pipes have an option for it: <${Command}>-c tweetPipes:logLevel=ALL<//>.`;
  return level === 'OFF'
    ? html`<${NotKnown} why="This workflow logs nothing, so its executions are not known." remedy=${remedy} />`
    : html`<${NotKnown} why=${`This workflow logs at the level ${level}: only executions that failed are known.`}
      remedy=${remedy} />`;
}
