import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Session } from '../api.ts';
import type { CallCosts } from '../call-costs.ts';
import { Note } from '../components/notes.ts';
import { formatNumber } from './format.ts';
import { paced } from './pace.ts';
import { useLive } from './use-live.ts';

const everyMs = 1_000;

/** Which account the page looks at, that it only reads, and what its looking costs. */
export function AwsBanner({ session: { accountId, region } }: { session: Session }): VNode {
  const { data: costs } = useLive<CallCosts>('calls', {}, everyMs);
  return html`<${Note} title=${`AWS account ${accountId}, ${region}: this page only reads.`}>
    It looks every ${paced(2_000) / 1_000} seconds while it is in sight. ${costText(costs)}
  <//>`;
}

/** The first looks may not have been counted yet. */
function costText(costs: CallCosts | undefined): string {
  if (costs === undefined || costs.usd === 0) return 'What that costs stands here in a moment.';
  return (
    `That costs about ${usd(costs.usdPerHour)} USD an hour by list prices of us-east-1; ` +
    `${usd(costs.usd)} USD so far for ${formatNumber(costs.calls)} calls.`
  );
}

/** Two digits that say something: `0.0042`, `0.12`. */
function usd(amount: number): string {
  return amount >= 1 ? amount.toFixed(2) : String(Number(amount.toPrecision(2)));
}
