import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.ts';
import { findRows, type SortValue, sortRows, visibleRows } from './row-window.ts';

/** One column of a {@link Table}. */
export interface Column<Row> {
  key: string;
  title: string;
  cell(row: Row): ComponentChildren;
  /** Makes the column sortable. */
  sortValue?(row: Row): SortValue;
  /** Whether its values are numbers, which stand at the right. */
  isNumber?: boolean;
  /** CSS width of the column: `12ch`, `30%`. Default: what is left. */
  width?: string;
  /** Whether it is left out where the page is narrow. */
  isSecondary?: boolean;
}

/** The column by which rows are sorted at first. */
export interface Sorting {
  key: string;
  isDescending: boolean;
}

export interface TableProps<Row> {
  /** What the rows are, for screen readers: "Executions". */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  sorting?: Sorting;
  /** The text of a row that the search field looks through. Default: there is no search field. */
  textOf?(row: Row): string;
  /** Beside the search field: more fields to filter by. */
  filters?: ComponentChildren;
  /** Shown when there are no rows at all. */
  empty?: ComponentChildren;
  /** The key of the row that is marked as the current one. */
  current?: string;
  /** CSS maximum height of the rows, which scroll. Default: two thirds of the window. */
  maxHeight?: string;
}

/** Pixels, as `--row` of the style sheet. */
const ROW_PX = 36;

/**
 * A table that is sorted by its headings and searched by its field. Only rows in sight are in the document, so it stays
 * fast with tens of thousands. Every row is one line high.
 */
export function Table<Row>(props: TableProps<Row>): VNode {
  const { label, columns, rows, textOf, filters, empty } = props;
  const [sorting, setSorting] = useState(props.sorting);
  const [wanted, setWanted] = useState('');
  const found = useMemo(() => (textOf === undefined ? rows : findRows(rows, wanted, textOf)), [rows, wanted]);
  const sortedBy = columns.find(({ key }) => key === sorting?.key)?.sortValue;
  const shown = useMemo(
    () => (sortedBy === undefined ? found : sortRows(found, sortedBy, sorting?.isDescending ?? false)),
    [found, sorting],
  );
  const sortBy = (key: string) =>
    setSorting((before) => ({ key, isDescending: before?.key === key ? !before.isDescending : false }));
  return html`<div class="table">
    ${
      (textOf || filters) &&
      html`<div class="table-tools">
        ${
          textOf &&
          html`<${SearchField} label=${`Find ${label.toLowerCase()}`} value=${wanted} onChange=${setWanted} />`
        }
        ${filters}
        ${wanted !== '' && html`<span class="matches" role="status">${shown.length} of ${rows.length}</span>`}
      </div>`
    }
    ${
      rows.length === 0 && empty
        ? empty
        : html`<${Rows} ...${props} rows=${shown} sorting=${sorting} sortBy=${sortBy} />`
    }
  </div>`;
}

/** A field to search in what is shown. */
export function SearchField(props: { label: string; value: string; onChange(value: string): void }): VNode {
  return html`<label class="search">
    <${Icon} name="search" />
    <input type="search" aria-label=${props.label} placeholder=${props.label} value=${props.value} autocomplete="off"
      spellcheck=${false} onInput=${(event: Event) => props.onChange(inputText(event))} />
  </label>`;
}

/** The text of the field that an event is about. */
export function inputText({ currentTarget }: Event): string {
  const isField = currentTarget instanceof HTMLInputElement || currentTarget instanceof HTMLSelectElement;
  return isField ? currentTarget.value : '';
}

function Rows<Row>(props: TableProps<Row> & { sortBy(key: string): void }): VNode {
  const { label, columns, rows, keyOf, sorting, sortBy, current, maxHeight } = props;
  const area = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState({ scrollPx: 0, heightPx: 800 });
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const look = () => setScrolled({ scrollPx: element.scrollTop, heightPx: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  const { first, end } = visibleRows(rows.length, ROW_PX, scrolled.scrollPx, scrolled.heightPx);
  const gap = (count: number) =>
    count > 0 &&
    html`<tr class="gap" aria-hidden="true">
      <td colspan=${columns.length} style=${{ height: `${count * ROW_PX}px` }}></td></tr>`;
  return html`<div class="table-area" ref=${area} tabindex="0" role="region" aria-label=${`${label} table`}
    style=${maxHeight === undefined ? {} : { maxHeight }}>
    <table aria-rowcount=${rows.length + 1}>
      <caption class="unseen">${label}</caption>
      <colgroup>${columns.map(
        ({ width, isSecondary }) => html`<col class=${isSecondary ? 'secondary' : ''}
          style=${width === undefined ? {} : { width }} />`,
      )}</colgroup>
      <thead><tr aria-rowindex="1">${columns.map(
        (column) => html`<${Heading} key=${column.key} column=${column} sorting=${sorting} sortBy=${sortBy} />`,
      )}</tr></thead>
      <tbody>
        ${gap(first)}
        ${rows.slice(first, end).map(
          (row, index) => html`<tr key=${keyOf(row)} aria-rowindex=${first + index + 2}
            aria-current=${keyOf(row) === current ? 'true' : undefined}>
            ${columns.map((column) => html`<td key=${column.key} class=${cellClass(column)}>${column.cell(row)}</td>`)}
          </tr>`,
        )}
        ${gap(rows.length - end)}
      </tbody>
    </table>
    ${rows.length === 0 && html`<div class="empty"><strong>No match</strong></div>`}
  </div>`;
}

function Heading<Row>(props: { column: Column<Row>; sorting: Sorting | undefined; sortBy(key: string): void }): VNode {
  const { column, sorting, sortBy } = props;
  if (column.sortValue === undefined) return html`<th scope="col" class=${cellClass(column)}>${column.title}</th>`;
  const isSorted = sorting?.key === column.key;
  const direction = sorting?.isDescending ? 'descending' : 'ascending';
  return html`<th scope="col" class=${cellClass(column)} aria-sort=${isSorted ? direction : undefined}>
    <button type="button" class="sort ${isSorted ? direction : ''}" onClick=${() => sortBy(column.key)}>${column.title}
      <${Icon} name="down" /></button>
  </th>`;
}

function cellClass<Row>({ isNumber, isSecondary }: Column<Row>): string {
  return `${isNumber ? 'number' : ''} ${isSecondary ? 'secondary' : ''}`.trim();
}
