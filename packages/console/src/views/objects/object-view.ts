import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatBytes, formatDateTime, formatNumber } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { useOnce } from '../../app/use-live.ts';
import { Card, KeyValues } from '../../components/card.ts';
import { CopyButton } from '../../components/copy-button.ts';
import { Empty, FailureNote, Loading, Note } from '../../components/notes.ts';
import type { ObjectContent, ObjectFormat } from './api.ts';
import { RowTable } from './row-table.ts';

const formats: Readonly<Record<ObjectFormat, string>> = {
  'json-lines': 'JSON lines',
  json: 'JSON',
  parquet: 'Parquet',
  text: 'Text',
  other: 'Not known',
};

/** One object and its rows. */
export function ObjectView({ place, objectKey }: { place: string; objectKey: string }): VNode {
  const [from, setFrom] = useState(0);
  const { data, failure } = useOnce<ObjectContent>('object', { place, key: objectKey, from });
  const folder = objectKey.slice(0, objectKey.lastIndexOf('/') + 1);
  const steps = [
    { title: 'Objects', href: formatRoute('objects', undefined, { place }) },
    ...(folder === '' ? [] : [{ title: folder, href: formatRoute('objects', undefined, { place, prefix: folder }) }]),
  ];
  return html`
    <${Heading} title=${objectKey.slice(folder.length)} steps=${steps} />
    ${failure && html`<${FailureNote} failure=${failure} what="The object cannot be read" />`}
    ${
      data === undefined
        ? failure === undefined && html`<${Loading} what="the object" />`
        : html`<${Content} content=${data} setFrom=${setFrom} />`
    }`;
}

function Content({ content, setFrom }: { content: ObjectContent; setFrom(from: number): void }): VNode {
  const { bucket, key, bytes, modifiedAt, format, isCompressed, from, rows, hasMore, note } = content;
  const uri = `s3://${bucket}/${key}`;
  const range =
    rows.length === 0
      ? 'none'
      : `${formatNumber(from + 1)} to ${formatNumber(from + rows.length)}${hasMore ? ', there are more' : ''}`;
  const pages = html`
    ${
      from > 0 &&
      html`<button type="button" class="button small"
        onClick=${() => setFrom(Math.max(0, from - 200))}>Rows before</button>`
    }
    ${
      hasMore &&
      html`<button type="button" class="button small" onClick=${() => setFrom(from + rows.length)}>Next rows</button>`
    }`;
  return html`
    <${Card} title="Object">
      <p class="address"><span class="mono">${uri}</span><${CopyButton} text=${uri} what="address" /></p>
      <${KeyValues} items=${[
        ['Size', formatBytes(bytes)],
        ['Last modified', modifiedAt === '' ? undefined : formatDateTime(Date.parse(modifiedAt))],
        ['Format', `${formats[format]}${isCompressed ? ', gzip' : ''}`],
      ]} />
    <//>
    ${note !== null && html`<${Note} tone="warning" title=${note} />`}
    <${Card} title="Rows" count=${range} actions=${pages} isFlush>
      ${
        rows.length === 0
          ? html`<${Empty} title="There are no rows to show" />`
          : html`<${RowTable} rows=${rows} from=${from} />`
      }
    <//>`;
}
