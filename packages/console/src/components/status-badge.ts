import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { Icon, type IconName } from './icon.ts';

/** What a colour means, everywhere on the page. */
export type Tone = 'good' | 'bad' | 'warning' | 'active' | 'quiet';

const icons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  bad: 'cross',
  warning: 'warning',
  active: 'running',
  quiet: 'idle',
};

/** A status in a word, with the colour and the picture of its tone. */
export function StatusBadge({ tone, children }: { tone: Tone; children: ComponentChildren }): VNode {
  return html`<span class="status ${tone}"><${Icon} name=${icons[tone]} />${children}</span>`;
}
