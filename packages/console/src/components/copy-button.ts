import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.ts';

/** Copies a text to the clipboard and says so for two seconds. `what` names the text: "input". */
export function CopyButton({ text, what }: { text: string | (() => string); what: string }): VNode {
  const [result, setResult] = useState<'Copied' | 'Not copied'>();
  useEffect(() => {
    if (result === undefined) return;
    const timer = setTimeout(() => setResult(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = () =>
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setResult('Copied'),
      () => setResult('Not copied'),
    );
  return html`<button type="button" class="copy" onClick=${copy} title=${`Copy ${what}`} aria-label=${`Copy ${what}`}>
    <${Icon} name="copy" /><span role="status">${result}</span>
  </button>`;
}
