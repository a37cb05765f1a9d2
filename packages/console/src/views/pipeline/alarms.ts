import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { formatSecond } from '../../app/format.ts';
import { Card } from '../../components/card.ts';
import { Empty, NotKnown } from '../../components/notes.ts';
import { StatusBadge, type Tone } from '../../components/status-badge.ts';
import { type Column, Table } from '../../components/table.ts';
import type { Fact } from '../../fact.ts';
import type { AlarmMessageStatus, AlarmStatus } from '../../status.ts';

const tones: Readonly<Record<string, Tone>> = { ALARM: 'bad', OK: 'good', INSUFFICIENT_DATA: 'quiet' };
const order = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];

const columns: readonly Column<AlarmStatus>[] = [
  {
    key: 'state',
    title: 'State',
    width: '15ch',
    cell: ({ state }) =>
      html`<${StatusBadge} tone=${tones[state] ?? 'active'}>${state === 'INSUFFICIENT_DATA' ? 'No data' : state}<//>`,
    sortValue: ({ state }) => order.indexOf(state),
  },
  {
    key: 'name',
    title: 'Alarm',
    width: '28%',
    cell: ({ name }) => html`<span title=${name}>${name}</span>`,
    sortValue: ({ name }) => name,
  },
  {
    key: 'messages',
    title: 'Told',
    width: '24%',
    isSecondary: true,
    cell: ({ messages }) => messages && html`<${Messages} messages=${messages} />`,
  },
  {
    key: 'description',
    title: 'What it means',
    isSecondary: true,
    cell: ({ description, reason }) => html`<span title=${`${description}\n${reason}`}>${description}</span>`,
  },
];

/** The topics that an alarm told since it rings. */
function Messages({ messages }: { messages: Fact<readonly AlarmMessageStatus[]> }): VNode {
  if (!messages.known) return html`<span title=${messages.why}>not known: ${messages.why}</span>`;
  if (messages.value.length === 0) return html`<span>no topic</span>`;
  const texts = messages.value.map(({ at, topic, error }) =>
    error === undefined ? `${formatSecond(Date.parse(at))} ${topic}` : `not ${topic}: ${error}`,
  );
  return html`<span title=${texts.join('\n')}>${texts.join('; ')}</span>`;
}

/** The alarms of the stacks, those that ring first. */
export function Alarms({ alarms }: { alarms: Fact<readonly AlarmStatus[]> }): VNode {
  if (!alarms.known) {
    return html`<${Card} title="Alarms"><${NotKnown} why=${`The alarms cannot be read: ${alarms.why}.`} /><//>`;
  }
  const ringing = alarms.value.filter(({ state }) => state === 'ALARM').length;
  const description = ringing === 0 ? 'None of them rings.' : `${ringing} of them ${ringing === 1 ? 'rings' : 'ring'}.`;
  return html`<${Card} title="Alarms" count=${String(alarms.value.length)} description=${description} isFlush>
    <${Table} label="Alarms" columns=${columns} rows=${alarms.value} keyOf=${({ name }: AlarmStatus) => name}
      sorting=${{ key: 'state', isDescending: false }} maxHeight="320px"
      empty=${html`<${Empty} title="The stacks have no alarms" />`} />
  <//>`;
}
