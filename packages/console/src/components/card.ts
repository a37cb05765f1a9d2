import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

/** A part of a view, with a heading and what can be done with it. */
export interface CardProps {
  title: string;
  /** Beside the title: how many there are. */
  count?: string;
  /** Under the title, in a sentence. */
  description?: ComponentChildren;
  /** At the right of the title: buttons and fields. */
  actions?: ComponentChildren;
  /** Whether the content reaches the borders, as tables and drawings do. */
  isFlush?: boolean;
  children?: ComponentChildren;
}

/** A part of a view, with a heading and what can be done with it. */
export function Card({ title, count, description, actions, isFlush, children }: CardProps): VNode {
  const id = useId();
  return html`<section class="card ${isFlush ? 'flush' : ''}" aria-labelledby=${id}>
    <header class="card-header">
      <div class="card-title">
        <h2 id=${id}>${title}${count !== undefined && html` <span class="count">(${count})</span>`}</h2>
        ${description && html`<p>${description}</p>`}
      </div>
      ${actions && html`<div class="actions">${actions}</div>`}
    </header>
    <div class="card-body">${children}</div>
  </section>`;
}

/** Names with their values, in columns. A value that is undefined shows as a dash. */
export function KeyValues({ items }: { items: readonly (readonly [string, ComponentChildren])[] }): VNode {
  return html`<dl class="key-values">
    ${items.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value ?? '–'}</dd></div>`)}
  </dl>`;
}
