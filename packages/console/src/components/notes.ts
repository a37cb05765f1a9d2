import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import type { ApiFailure } from '../api.ts';
import { Icon, type IconName } from './icon.ts';
import type { Tone } from './status-badge.ts';

/** A box with something to say. `warning` and `bad` are announced to screen readers. */
export interface NoteProps {
  tone?: Exclude<Tone, 'quiet'>;
  title?: string;
  children?: ComponentChildren;
  /** At the right: a button. */
  action?: ComponentChildren;
}

const icons: Readonly<Record<NonNullable<NoteProps['tone']>, IconName>> = {
  good: 'check',
  bad: 'cross',
  warning: 'warning',
  active: 'info',
};

/** A box with something to say. `warning` and `bad` are announced to screen readers. */
export function Note({ tone = 'active', title, children, action }: NoteProps): VNode {
  const role = tone === 'bad' || tone === 'warning' ? 'alert' : 'status';
  return html`<div class="note ${tone}" role=${role}>
    <${Icon} name=${icons[tone]} />
    <div>${title && html`<strong>${title}</strong>`}${children && html`<div>${children}</div>`}</div>
    ${action}
  </div>`;
}

/** Nothing is there, and how something comes to be there. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }): VNode {
  return html`<div class="empty"><strong>${title}</strong>${children && html`<p>${children}</p>`}</div>`;
}

/** Something is not known: why, and what to do to know it. */
export function NotKnown({ why, remedy }: { why: string; remedy?: ComponentChildren }): VNode {
  return html`<div class="not-known"><${Icon} name="info" /><div>${why}${remedy && html`<p>${remedy}</p>`}</div></div>`;
}

/** A call failed: what the server said. */
export function FailureNote({ failure, what }: { failure: ApiFailure; what: string }): VNode {
  return html`<${Note} tone="bad" title=${`${what}: ${failure.error}`}>${failure.message}<//>`;
}

/** While the first answer is on its way. */
export function Loading({ what }: { what: string }): VNode {
  return html`<div class="loading" role="status">
    <span class="spinner" aria-hidden="true"></span>Loading ${what} …</div>`;
}

/** A command to type, as part of a sentence. */
export function Command({ children }: { children: string }): VNode {
  return html`<code class="command">${children}</code>`;
}
