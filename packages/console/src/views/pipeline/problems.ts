import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Note } from '../../components/notes.ts';
import type { Status } from '../../status.ts';

/** What is wrong, the worst first, each with what to do. */
export function Problems({ status: { problems, minutes } }: { status: Status }): VNode {
  if (problems.length === 0) {
    return html`<${Note} tone="good" title="Nothing is wrong.">Looked at the last ${minutes} minutes.<//>`;
  }
  return html`<div class="problems" role="region" aria-label="What is wrong">
    ${problems.map(
      ({ what, why, do: remedy }) =>
        html`<${Note} key=${what} tone="bad" title=${what}><p>${why}.</p><p><strong>What to do:</strong> ${remedy}</p><//>`,
    )}
  </div>`;
}
