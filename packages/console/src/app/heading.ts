import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatRoute } from './route.ts';

/** The steps from the start to this place, and the heading of the view. */
export interface HeadingProps {
  title: string;
  /** Before the title: each a step with its address. */
  steps?: readonly { title: string; href: string }[];
  description?: ComponentChildren;
  actions?: ComponentChildren;
}

/** The steps from the start to this place, and the heading of the view. */
export function Heading({ title, steps = [], description, actions }: HeadingProps): VNode {
  useEffect(() => {
    document.title = `${title} – tweet-pipes`;
  }, [title]);
  return html`<div class="heading">
    <nav class="breadcrumb" aria-label="Breadcrumb"><ol>
      <li><a href=${formatRoute('')}>tweet-pipes</a></li>
      ${steps.map(({ title, href }) => html`<li key=${href}><a href=${href}>${title}</a></li>`)}
      <li aria-current="page">${title}</li>
    </ol></nav>
    <div class="heading-row"><h1>${title}</h1>${actions && html`<div class="actions">${actions}</div>`}</div>
    ${description && html`<p class="description">${description}</p>`}
  </div>`;
}
