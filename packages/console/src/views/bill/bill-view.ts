import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatNumber } from '../../app/format.ts';
import { Heading } from '../../app/heading.ts';
import { useLive } from '../../app/use-live.ts';
import { Card } from '../../components/card.ts';
import { Command, Empty, FailureNote, Loading, NotKnown } from '../../components/notes.ts';
import { type Column, Table } from '../../components/table.ts';
import { type Tab, Tabs } from '../../components/tabs.ts';
import type { BillReading, LocalBill, PricedLine, PricedPart } from './api.ts';

const everyMs = 5_000;

/** What AWS would charge for what happened here, each line explained. */
export function BillView(): VNode {
  const { data, failure } = useLive<BillReading>('bill', {}, everyMs);
  return html`
    <${Heading} title="Bill" description="What AWS would charge for what this runtime has done since it was started." />
    ${failure && html`<${FailureNote} failure=${failure} what="The bill cannot be made" />`}
    ${data === undefined && failure === undefined && html`<${Loading} what="the bill" />`}
    ${data?.isLocal === false && html`<${OfAws} region=${data.region} />`}
    ${data?.isLocal === true && html`<${Local} bill=${data} />`}`;
}

function OfAws({ region }: { region: string }): VNode {
  return html`<${Card} title="The bill is AWS's own">
    <p>These stacks run in ${region}. What they cost stands in the AWS console under “Billing and Cost Management”,
      “Cost Explorer”; group by service, and filter by the tag of the stacks.</p>
    <p>What a month would cost at some rate, before you pay it: <${Command}>npx tweet-pipes cost --rate 50<//></p>
  <//>`;
}

function Local({ bill }: { bill: LocalBill }): VNode {
  const [chosen, setChosen] = useState<string>();
  const { session, perMillion, standing, records, prices } = bill;
  return html`
    <div class="cards">
      <${Card} title="This session"><p class="big">${usd(session.usd)} USD</p>
        <p class="dim">${formatNumber(records)} records of up to 25 KB came in.</p><//>
      <${Card} title="A million such records">${
        perMillion.known
          ? html`<p class="big">${perMillion.value.usd.toFixed(2)} USD</p><p class="dim">This session, multiplied.</p>`
          : html`<${NotKnown} why=${`Not known: ${perMillion.why}.`} />`
      }<//>
      <${Card} title="While the stacks stand"><p class="big">${standing.usd.toFixed(2)} USD</p>
        <p class="dim">A month more, whether records come or not.</p><//>
    </div>
    <p class="dim">By ${prices}. Items in the tables are not in it, since they are kept for
      weeks: <${Command}>npx tweet-pipes cost<//> counts them too.</p>
    <${Card} title="Line by line">
      <${Tabs} label="Bill" chosen=${chosen} onChoose=${setChosen} tabs=${[
        ...(perMillion.known ? [tab('million', 'A million such records', perMillion.value)] : []),
        tab('session', 'This session', session),
        tab('standing', 'While the stacks stand, a month', standing),
      ]} />
    <//>`;
}

function tab(key: string, title: string, part: PricedPart): Tab {
  return { key, title, content: () => html`<${Part} title=${title} part=${part} />` };
}

const columns: readonly Column<PricedLine>[] = [
  {
    key: 'label',
    title: 'What',
    width: '32%',
    cell: ({ label }) => html`<span title=${label}>${label}</span>`,
    sortValue: ({ label }) => label,
  },
  {
    key: 'stack',
    title: 'Stack',
    width: '13ch',
    isSecondary: true,
    cell: ({ stack }) => stack,
    sortValue: ({ stack }) => stack,
  },
  {
    key: 'amount',
    title: 'Amount',
    width: '15ch',
    isNumber: true,
    isSecondary: true,
    cell: ({ amount }) => amount.toFixed(4),
    sortValue: ({ amount }) => amount,
  },
  {
    key: 'price',
    title: 'Price',
    width: '28ch',
    isSecondary: true,
    cell: ({ usdPerUnit, unit, source, isSeen }) =>
      html`<span title=${`${source}${isSeen ? '' : ' (from memory)'}`}>${usdPerUnit} / ${unit}</span>`,
  },
  {
    key: 'usd',
    title: 'USD',
    width: '11ch',
    isNumber: true,
    cell: (line) => usd(line.usd),
    sortValue: (line) => line.usd,
  },
];

function Part({ title, part: { lines, usd: sum } }: { title: string; part: PricedPart }): VNode {
  const explanations = new Map(lines.map(({ label, explanation }) => [label, explanation]));
  return html`
    <p class="dim">Together ${usd(sum)} USD.</p>
    <${Table} label=${`${title}, line by line`} columns=${columns} rows=${lines}
      keyOf=${({ stack, label }: PricedLine) => `${stack} ${label}`}
      sorting=${{ key: 'usd', isDescending: true }} maxHeight="none"
      empty=${html`<${Empty} title="Nothing costs anything yet" />`} />
    <details class="explanations" open>
      <summary>How each line is counted</summary>
      <dl>${[...explanations].map(
        ([label, text]) => html`<div key=${label} class="explanation"><dt>${label}</dt><dd>${text}</dd></div>`,
      )}</dl>
    </details>`;
}

/** Enough digits to see small amounts, cents from a dollar on. */
function usd(amount: number): string {
  return amount >= 1 ? amount.toFixed(2) : amount.toFixed(4);
}
