import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useId, useRef } from 'preact/hooks';

/** One of several contents. */
export interface Tab {
  key: string;
  title: string;
  /** Drawn only while the tab is chosen. */
  content(): ComponentChildren;
}

export interface TabsProps {
  /** What the tabs show, for screen readers. */
  label: string;
  tabs: readonly Tab[];
  /** The key of the chosen tab. Anything else means the first. */
  chosen: string | undefined;
  onChoose(key: string): void;
}

/** Contents of which one is shown. Arrow keys, Home and End choose, as in WAI-ARIA's pattern for tabs. */
export function Tabs({ label, tabs, chosen, onChoose }: TabsProps): VNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = tabs.find(({ key }) => key === chosen) ?? tabs[0];
  const at = current === undefined ? 0 : tabs.indexOf(current);
  const move = (event: KeyboardEvent) => {
    const next = targetOf(event.key, at, tabs.length);
    const tab = next === undefined ? undefined : tabs[next];
    if (next === undefined || tab === undefined) return;
    event.preventDefault();
    onChoose(tab.key);
    const button = list.current?.children[next];
    if (button instanceof HTMLElement) button.focus();
  };
  return html`<div class="tabs">
    <div class="tab-list" role="tablist" aria-label=${label} ref=${list} onKeyDown=${move}>
      ${tabs.map(
        (tab) => html`<button key=${tab.key} type="button" role="tab" id=${`${id}-${tab.key}`}
          aria-selected=${tab === current} aria-controls=${tab === current ? `${id}-panel` : undefined}
          tabindex=${tab === current ? 0 : -1} onClick=${() => onChoose(tab.key)}>${tab.title}</button>`,
      )}
    </div>
    <div class="tab-panel" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${current?.key}`} tabindex="-1">
      ${current?.content()}
    </div>
  </div>`;
}

function targetOf(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowLeft':
      return (at + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
