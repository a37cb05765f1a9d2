import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ExecutionTree } from '../../api.ts';
import { formatDuration } from '../../app/format.ts';
import { type Column, Table } from '../../components/table.ts';
import { RunStatus, statuses } from './status.ts';
import { type StateRow, stateRows } from './table-rows.ts';

export interface StateTableProps {
  tree: ExecutionTree;
  /** The id of the chosen run. */
  chosen: number | undefined;
  onChoose(name: string, runId: number): void;
}

/** Every run of a state in its order, with iterations that fold and a waterfall of the times. */
export function StateTable({ tree, chosen, onChoose }: StateTableProps): VNode {
  const [folded, setFolded] = useState<ReadonlyMap<string, boolean>>(new Map());
  const rows = useMemo(() => stateRows(tree.states, folded), [tree, folded]);
  const startMs = tree.startMs ?? rows[0]?.startMs ?? 0;
  const endMs = tree.endMs ?? rows.reduce((most, row) => Math.max(most, row.endMs ?? row.startMs), startMs + 1);
  const fold = (row: StateRow) => setFolded((before) => new Map(before).set(row.key, !row.isOpen));
  const columns: readonly Column<StateRow>[] = [
    { key: 'name', title: 'Name', cell: (row) => html`<${Name} row=${row} onFold=${fold} onChoose=${onChoose} />` },
    { key: 'type', title: 'Type', width: '90px', isSecondary: true, cell: ({ run }) => run?.type ?? '' },
    { key: 'status', title: 'Status', width: '138px', cell: ({ status }) => html`<${RunStatus} status=${status} />` },
    {
      key: 'duration',
      title: 'Duration',
      width: '92px',
      isNumber: true,
      isSecondary: true,
      cell: (row) => (row.endMs === undefined ? '–' : formatDuration(row.endMs - row.startMs)),
    },
    {
      key: 'timeline',
      title: 'Timeline',
      width: '22%',
      isSecondary: true,
      cell: (row) => html`<${Bar} row=${row} startMs=${startMs} spanMs=${Math.max(1, endMs - startMs)} />`,
    },
  ];
  return html`<${Table} label="States" columns=${columns} rows=${rows} keyOf=${({ key }: StateRow) => key}
    current=${String(chosen)} />`;
}

function Name({
  row,
  onFold,
  onChoose,
}: { row: StateRow; onFold(row: StateRow): void } & Pick<StateTableProps, 'onChoose'>): VNode {
  const { run, title, depth, inside, isOpen } = row;
  return html`<span class="tree-cell" style=${{ paddingLeft: `${depth * 16}px` }}>
    ${
      inside > 0
        ? html`<button type="button" class="fold-row" aria-expanded=${isOpen}
          aria-label=${`${isOpen ? 'Close' : 'Open'} ${title}`} onClick=${() => onFold(row)}></button>`
        : html`<span class="fold-room"></span>`
    }
    ${
      run === undefined
        ? title
        : html`<button type="button" class="link" title=${title}
          onClick=${() => onChoose(run.name, run.id)}>${title}</button>`
    }
    ${inside > 0 && !isOpen && html`<span class="dim"> × ${inside}</span>`}
  </span>`;
}

function Bar({ row, startMs, spanMs }: { row: StateRow; startMs: number; spanMs: number }): VNode {
  const left = ((row.startMs - startMs) / spanMs) * 100;
  const width = (((row.endMs ?? startMs + spanMs) - row.startMs) / spanMs) * 100;
  return html`<span class="bar-room"><span class="bar ${statuses[row.status].tone}"
    style=${{ left: `${Math.min(99.4, left)}%`, width: `${Math.max(0.6, Math.min(width, 100 - left))}%` }}></span></span>`;
}
