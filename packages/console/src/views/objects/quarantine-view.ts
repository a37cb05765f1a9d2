import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { formatBytes, formatDateTime, formatNumber } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { formatRoute } from '../../app/route.ts';
import { useLive } from '../../app/use-live.ts';
import { changeQuery } from '../../app/use-route.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { Empty, FailureNote, Loading } from '../../components/notes.ts';
import { Field, Select } from '../../components/select.ts';
import { type Column, Table } from '../../components/table.ts';
import type { QuarantinedRecord, QuarantineReading } from './api.ts';

const everyMs = 5_000;

/** Records that could not be used, by reason. */
export function QuarantineView({ route: { query } }: ViewProps): VNode {
  const { data, failure } = useLive<QuarantineReading>('quarantine', {}, everyMs);
  return html`
    <${Heading} title="Quarantine"
      description="Records that could not be used, each with its reason. The batch went on without them." />
    ${failure && html`<${FailureNote} failure=${failure} what="The quarantine cannot be read" />`}
    ${
      data === undefined
        ? failure === undefined && html`<${Loading} what="the quarantine" />`
        : html`<${Records} reading=${data} reason=${query.reason} />`
    }`;
}

const columns: readonly Column<QuarantinedRecord>[] = [
  { key: 'reason', title: 'Reason', width: '24ch', cell: ({ reason }) => reason, sortValue: ({ reason }) => reason },
  {
    key: 'event',
    title: 'Record',
    cell: ({ key, eventId }) =>
      html`<a title=${key} href=${formatRoute('objects', undefined, { place: 'archive', key })}>
        ${eventId === '' ? key : eventId}</a>`,
    sortValue: ({ eventId }) => eventId,
  },
  {
    key: 'arrived',
    title: 'Arrived',
    width: '28ch',
    isSecondary: true,
    cell: ({ arrivedAt }) => (arrivedAt === '' ? '' : formatDateTime(Date.parse(arrivedAt))),
    sortValue: ({ arrivedAt }) => arrivedAt,
  },
  {
    key: 'bytes',
    title: 'Size',
    width: '12ch',
    isNumber: true,
    isSecondary: true,
    cell: ({ bytes }) => formatBytes(bytes),
    sortValue: ({ bytes }) => bytes,
  },
];

function Records({ reading, reason }: { reading: QuarantineReading; reason: string | undefined }): VNode {
  const { objects, isAtLeast, newest } = reading;
  const reasons = [...Map.groupBy(newest, (record) => record.reason)]
    .map(([name, records]) => ({ name, count: records.length }))
    .sort((a, b) => b.count - a.count);
  const options = [
    { value: '', title: `all (${formatNumber(newest.length)})` },
    ...reasons.map(({ name, count }) => ({ value: name, title: `${name} (${formatNumber(count)})` })),
  ];
  const shown = reason === undefined ? newest : newest.filter((record) => record.reason === reason);
  const part = newest.length < objects || isAtLeast;
  const description = part
    ? `${isAtLeast ? 'At least ' : ''}${formatNumber(objects)} objects; the reasons are those of the newest ${formatNumber(newest.length)}.`
    : 'Every object is among them.';
  return html`
    <${Card} title="Records" count=${formatNumber(shown.length)} description=${description} isFlush
      actions=${html`<${Field} label="Reason"><${Select} value=${reason ?? ''} options=${options}
        onChange=${(value: string) => changeQuery({ reason: value })} /><//>`}>
      <${Table} label="Quarantined records" columns=${columns} rows=${shown}
        keyOf=${({ key }: QuarantinedRecord) => key}
        textOf=${({ reason: why, eventId }: QuarantinedRecord) => `${why} ${eventId}`}
        empty=${html`<${Empty} title="The quarantine is empty">Every record could be used.<//>`} />
    <//>`;
}
