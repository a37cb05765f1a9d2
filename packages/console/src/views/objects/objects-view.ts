import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatBytes, formatDateTime } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { useOnce } from '../../app/use-live.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { Empty, FailureNote, Loading } from '../../components/notes.ts';
import { type Column, Table } from '../../components/table.ts';
import type { ListedObject, ObjectListing, PlaceId } from './api.ts';
import { ObjectView } from './object-view.ts';

/** For people. */
const placeTitles: Readonly<Record<PlaceId, string>> = {
  archive: 'Archive and quarantine',
  lake: 'Lake of tweets',
  sales: 'Lake of sales',
};

/** A folder of a bucket, or one of its objects. */
export function ObjectsView({ route: { query } }: ViewProps): VNode {
  const { place = 'archive', prefix = '', key, token } = query;
  if (key !== undefined) return html`<${ObjectView} key=${key} place=${place} objectKey=${key} />`;
  return html`<${Folder} place=${place} prefix=${prefix} token=${token} />`;
}

function Folder({ place, prefix, token }: { place: string; prefix: string; token: string | undefined }): VNode {
  const [round, setRound] = useState(0);
  const { data, failure } = useOnce<ObjectListing>('objects', { place, prefix, token, round });
  return html`
    <${Heading} title="Objects"
      description="What the pipeline has written to S3: the archive of removals, the quarantine, the lakes."
      actions=${html`<button type="button" class="button" onClick=${() => setRound(round + 1)}>Refresh</button>`} />
    ${failure && html`<${FailureNote} failure=${failure} what="The folder cannot be listed" />`}
    ${
      data === undefined
        ? failure === undefined && html`<${Loading} what="the folder" />`
        : html`<${Listing} listing=${data} token=${token} />`
    }`;
}

/** A folder or an object of a listing. */
interface Row {
  readonly path: string;
  readonly name: string;
  readonly object?: ListedObject;
}

function Listing({ listing, token }: { listing: ObjectListing; token: string | undefined }): VNode {
  const { place, places, prefix, folders, objects, next } = listing;
  const rows: Row[] = [
    ...folders.map((path) => ({ path, name: path.slice(prefix.length) })),
    ...objects.map((object) => ({ path: object.key, name: object.key.slice(prefix.length), object })),
  ];
  const columns: readonly Column<Row>[] = [
    {
      key: 'name',
      title: 'Name',
      cell: ({ path, name, object }) =>
        html`<a title=${path}
          href=${formatRoute('objects', undefined, { place: place.id, [object ? 'key' : 'prefix']: path })}>${name}</a>`,
      sortValue: ({ name }) => name,
    },
    {
      key: 'bytes',
      title: 'Size',
      width: '14ch',
      isNumber: true,
      cell: ({ object }) => (object ? formatBytes(object.bytes) : 'folder'),
      sortValue: ({ object }) => object?.bytes,
    },
    {
      key: 'modified',
      title: 'Last modified',
      width: '28ch',
      isSecondary: true,
      cell: ({ object }) => (object ? formatDateTime(Date.parse(object.modifiedAt)) : ''),
      sortValue: ({ object }) => object?.modifiedAt,
    },
  ];
  return html`
    <nav class="places" aria-label="Buckets"><ul>
      ${places.map(
        ({ id }) => html`<li key=${id}><a href=${formatRoute('objects', undefined, { place: id })}
          aria-current=${id === place.id ? 'page' : undefined}>${placeTitles[id]}</a></li>`,
      )}
    </ul></nav>
    <${Card} title=${place.bucket} description=${html`<${PathLinks} place=${place.id} prefix=${prefix} />`} isFlush
      actions=${
        next !== null &&
        html`<a class="button small"
          href=${formatRoute('objects', undefined, { place: place.id, prefix, token: next })}>Next page</a>`
      }>
      <${Table} label="Folders and objects" columns=${columns} rows=${rows} keyOf=${({ path }: Row) => path}
        textOf=${({ name }: Row) => name}
        empty=${html`<${Empty}
          title=${token === undefined ? 'The folder is empty' : 'There are no more objects'}>
          Firehose writes when its buffer is full or old.<//>`} />
    <//>`;
}

/** The folders above, each a link. */
function PathLinks({ place, prefix }: { place: string; prefix: string }): VNode {
  const parts = prefix.split('/').filter(Boolean);
  const to = (count: number) =>
    parts
      .slice(0, count)
      .map((part) => `${part}/`)
      .join('');
  return html`<span class="path"><a href=${formatRoute('objects', undefined, { place })}>(top)</a>${parts.map(
    (part, index) =>
      html` / <a key=${index} href=${formatRoute('objects', undefined, { place, prefix: to(index + 1) })}>${part}</a>`,
  )}</span>`;
}
