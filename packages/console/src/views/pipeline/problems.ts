import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Note } from '../../components/notes.ts';
import type { Problem } from '../../fact.ts';
import type { Status } from '../../status.ts';

/** What is wrong and what to do: the worst, and folded behind it the others, so that the pipeline stays in sight. */
export function Problems({ status: { problems, minutes } }: { status: Status }): VNode {
  const [worst, ...others] = problems;
  if (worst === undefined) {
    return html`<${Note} tone="good" title="Nothing is wrong.">Looked at the last ${minutes} minutes.<//>`;
  }
  return html`<div class="problems" role="region" aria-label="What is wrong">
    <${ProblemNote} problem=${worst} />
    ${
      others.length > 0 &&
      html`<details>
        <summary>${others.length} more</summary>
        <div class="problems">
          ${others.map((problem) => html`<${ProblemNote} key=${problem.what} problem=${problem} />`)}</div>
      </details>`
    }
  </div>`;
}

function ProblemNote({ problem: { what, why, do: remedy } }: { problem: Problem }): VNode {
  return html`<${Note} tone="bad" title=${what}><p>${why}.</p><p><strong>What to do:</strong> ${remedy}</p><//>`;
}
