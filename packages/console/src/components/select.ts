import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { inputText } from './table.ts';

/** One choice of a {@link Select}. */
export interface SelectOption {
  readonly value: string;
  readonly title: string;
}

/** A field of one choice. Stands inside a {@link Field}, which names it. */
export function Select(props: {
  value: string;
  options: readonly SelectOption[];
  onChange(value: string): void;
}): VNode {
  return html`<select value=${props.value} onChange=${(event: Event) => props.onChange(inputText(event))}>
    ${props.options.map(({ value, title }) => html`<option key=${value} value=${value}>${title}</option>`)}
  </select>`;
}

/** A field with its name before it. */
export function Field({ label, children }: { label: string; children: ComponentChildren }): VNode {
  return html`<label class="field"><span>${label}</span>${children}</label>`;
}
