import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ExecutionStatus, StateStatus } from '../../api.ts';

export interface ErrorBoxProps {
  /** The error's name: `States.TaskFailed`. */
  error: string;
  cause: string | undefined;
  /** How it ended for it. A caught error is no failure. */
  status: ExecutionStatus | StateStatus;
}

/** An error and its cause. */
export function ErrorBox({ error, cause, status }: ErrorBoxProps): VNode {
  return html`<div class="problem ${status}"><strong>${error}</strong>
    ${cause && html`<pre tabindex="0" aria-label="Cause">${cause}</pre>`}</div>`;
}
