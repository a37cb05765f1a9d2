import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ExecutionStatus, StateStatus } from '../../api.ts';
import { StatusBadge, type Tone } from '../../components/status-badge.ts';

/** The word and the tone of every status of executions and states, as AWS's console has them. */
export const statuses: Readonly<Record<ExecutionStatus | StateStatus, { readonly word: string; readonly tone: Tone }>> =
  {
    running: { word: 'Running', tone: 'active' },
    succeeded: { word: 'Succeeded', tone: 'good' },
    caught: { word: 'Caught error', tone: 'warning' },
    failed: { word: 'Failed', tone: 'bad' },
    timedOut: { word: 'Timed out', tone: 'bad' },
    aborted: { word: 'Aborted', tone: 'quiet' },
    lost: { word: 'No end logged', tone: 'warning' },
  };

/** The status of an execution, an iteration or a state. */
export function RunStatus({ status }: { status: ExecutionStatus | StateStatus }): VNode {
  const { word, tone } = statuses[status];
  return html`<${StatusBadge} tone=${tone}>${word}<//>`;
}
