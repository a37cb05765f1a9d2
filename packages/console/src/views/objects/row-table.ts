import type { Json } from '@tweet-pipes/kit/json';
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { JsonTree } from '../../components/json-tree.ts';
import { type Column, Table } from '../../components/table.ts';
import { cellText, columnsIn } from './row-columns.ts';

interface NumberedRow {
  readonly number: number;
  readonly value: Json;
}

/** Rows as a table: a column for each member. Below it the chosen row, whose values fold. */
export function RowTable({ rows, from }: { rows: readonly Json[]; from: number }): VNode {
  const [chosen, setChosen] = useState<number>();
  const numbered = rows.map((value, index): NumberedRow => ({ number: from + index + 1, value }));
  const current = numbered.find(({ number }) => number === chosen) ?? (rows.length === 1 ? numbered[0] : undefined);
  const columns: readonly Column<NumberedRow>[] = [
    {
      key: ' number',
      title: 'Row',
      width: '9ch',
      cell: ({ number }) =>
        html`<button type="button" class="link" aria-pressed=${number === current?.number}
          onClick=${() => setChosen(number)}>${number}<span class="unseen"> show</span></button>`,
      sortValue: ({ number }) => number,
    },
    ...columnsIn(rows).map(
      (name): Column<NumberedRow> => ({
        key: name,
        title: name === '' ? 'Content' : name,
        width: '22ch',
        cell: ({ value }) => html`<bdi>${cellText(value, name)}</bdi>`,
        sortValue: ({ value }) => cellText(value, name),
      }),
    ),
  ];
  return html`<div class="wide-table">
      <${Table} label="Rows" columns=${columns} rows=${numbered} keyOf=${({ number }: NumberedRow) => String(number)}
        textOf=${({ value }: NumberedRow) => JSON.stringify(value)}
          current=${current === undefined ? undefined : String(current.number)} maxHeight="50vh" />
    </div>
    ${
      current &&
      html`<div class="chosen-row"><h3>Row ${current.number}</h3>
        <${JsonTree} value=${current.value} what=${`Row ${current.number}`} /></div>`
    }`;
}
