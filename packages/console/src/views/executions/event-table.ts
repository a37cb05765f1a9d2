import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EventDetails, ExecutionDetails, ExecutionEvent } from '../../api.ts';
import { formatTime } from '../../app/format.ts';
import { useOnce } from '../../app/use-live.ts';
import { Card } from '../../components/card.ts';
import { CopyButton } from '../../components/copy-button.ts';
import { JsonTree } from '../../components/json-tree.ts';
import { Command, FailureNote, Loading } from '../../components/notes.ts';
import { type Column, Table } from '../../components/table.ts';

/** Every event of the log, and the line of the chosen one. */
export function EventTable({ execution, at }: { execution: ExecutionDetails; at: string | undefined }): VNode {
  const [chosen, setChosen] = useState<number>();
  const columns: readonly Column<ExecutionEvent>[] = [
    { key: 'id', title: 'ID', width: '72px', cell: ({ id }) => String(id), sortValue: ({ id }) => id },
    {
      key: 'type',
      title: 'Type',
      cell: ({ id, type }) => html`<button type="button" class="link" onClick=${() => setChosen(id)}>${type}</button>`,
      sortValue: ({ type }) => type,
    },
    { key: 'state', title: 'State', cell: ({ state }) => state ?? '', sortValue: ({ state }) => state },
    {
      key: 'error',
      title: 'Error',
      isSecondary: true,
      width: '20%',
      cell: ({ error }) => error ?? '',
      sortValue: ({ error }) => error,
    },
    { key: 'at', title: 'Time', width: '120px', cell: ({ atMs }) => formatTime(atMs), sortValue: ({ atMs }) => atMs },
    {
      key: 'previous',
      title: 'After',
      width: '72px',
      isSecondary: true,
      isNumber: true,
      cell: ({ previousId }) => String(previousId),
    },
  ];
  const { logGroupName = '' } = execution.logging;
  return html`<div class="split">
    <${Card} title="Events" count=${execution.events.length} isFlush
      description=${html`In the log group <span class="mono">${logGroupName}</span>`}>
      <${Table} label="Events" columns=${columns} rows=${execution.events}
        keyOf=${({ id }: ExecutionEvent) => String(id)} current=${String(chosen)}
        textOf=${({ type, state = '', error = '' }: ExecutionEvent) => `${type} ${state} ${error}`} />
    <//>
    <${Card} title=${chosen === undefined ? 'Log line' : `Event ${chosen}`}>
      ${
        chosen === undefined
          ? html`<p class="dim">Choose an event to see its line.</p>`
          : html`<${LogLine} key=${chosen} execution=${execution} at=${at} id=${chosen} />`
      }
      <p class="dim">All lines: <${Command}>${`npx tweet-pipes logs --execution ${execution.arn}`}<//></p>
    <//>
  </div>`;
}

function LogLine({ execution, at, id }: { execution: ExecutionDetails; at: string | undefined; id: number }): VNode {
  const { data, failure } = useOnce<EventDetails>('execution/event', { arn: execution.arn, at, id });
  if (failure !== undefined) return html`<${FailureNote} failure=${failure} what="The line cannot be read" />`;
  if (data === undefined) return html`<${Loading} what="the line" />`;
  return html`<div class="json">
    <div class="json-tools"><span>As the log has it</span><${CopyButton} text=${data.line} what="line" /></div>
    <${JsonTree} value=${JSON.parse(data.line)} what="log line" /></div>`;
}
