import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { formatBytes, formatNumber } from '../app/format.ts';
import { CopyButton } from './copy-button.ts';

/** Members drawn at first, and added by each "more". */
const PAGE = 100;
/** Characters of a string drawn at first. */
const STRING_CHARACTERS = 400;
/** An object or array of at most this many members is open at first, down to the second level. */
const OPEN_MEMBERS = 12;

/**
 * JSON that folds. What is folded is not in the document, so that 256 KB stay quick. Texts are only ever text. `what`
 * names it: "input". A text that is no JSON, such as one that was cut, is shown as it is.
 */
export function JsonText({ text, what }: { text: string; what: string }): VNode {
  const parsed = useMemo(() => parse(text), [text]);
  return html`<div class="json">
    <div class="json-tools"><span>${formatBytes(new TextEncoder().encode(text).length)}</span>
      <${CopyButton} what=${what}
        text=${() => (parsed === undefined ? text : JSON.stringify(parsed.value, null, 2))} /></div>
    ${
      parsed === undefined
        ? html`<pre tabindex="0" aria-label=${what}>${text}</pre>`
        : html`<${JsonTree} value=${parsed.value} what=${what} />`
    }
  </div>`;
}

/** A value of JSON that folds. `what` names it for screen readers. */
export function JsonTree({ value, what }: { value: unknown; what: string }): VNode {
  return html`<div class="json-tree" role="group" aria-label=${what} tabindex="0">
    <${Value} value=${value} depth=${0} /></div>`;
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function Value({ value, depth, name }: { value: unknown; depth: number; name?: string }): VNode {
  const label = name === undefined ? '' : html`<span class="json-name">${name}</span>: `;
  if (Array.isArray(value)) {
    return html`<${Members} label=${label} name=${name} entries=${value.map((member, index) => [String(index), member])}
      brackets="[]" depth=${depth} />`;
  }
  if (typeof value === 'object' && value !== null) {
    return html`<${Members} label=${label} name=${name} entries=${Object.entries(value)} brackets="{}"
      depth=${depth} />`;
  }
  return html`<div class="json-line">${label}<${Scalar} value=${value} /></div>`;
}

function Members(props: {
  label: VNode | string;
  name?: string;
  entries: readonly (readonly [string, unknown])[];
  brackets: string;
  depth: number;
}): VNode {
  const { label, name, entries, brackets, depth } = props;
  const [isOpen, setOpen] = useState(depth === 0 || (depth < 2 && entries.length <= OPEN_MEMBERS));
  const [shown, setShown] = useState(PAGE);
  const [left = '', right = ''] = brackets;
  if (entries.length === 0)
    return html`<div class="json-line">${label}<span class="json-mark">${brackets}</span></div>`;
  const count = `${formatNumber(entries.length)} ${brackets === '[]' ? 'item' : 'member'}${entries.length === 1 ? '' : 's'}`;
  return html`<div class="json-fold">
    <button type="button" class="json-line" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
      <span class="json-arrow" aria-hidden="true"></span>${label}
      <span class="json-mark">${isOpen ? left : `${left}…${right}`}</span>
      <span class="json-count"> ${count}${
        name === undefined ? '' : html`<span class="unseen"> of ${name}</span>`
      }</span>
    </button>
    ${
      isOpen &&
      html`<div class="json-members">
        ${entries
          .slice(0, shown)
          .map(([key, member]) => html`<${Value} key=${key} name=${key} value=${member} depth=${depth + 1} />`)}
        ${
          entries.length > shown &&
          html`<button type="button" class="link" onClick=${() => setShown(shown + PAGE)}>
            Show ${formatNumber(Math.min(PAGE, entries.length - shown))} more of ${formatNumber(entries.length)}</button>`
        }
      </div>
      <div class="json-line json-mark">${right}</div>`
    }
  </div>`;
}

function Scalar({ value }: { value: unknown }): VNode {
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== 'string')
    return html`<span class="json-${value === null ? 'null' : typeof value}">${String(value)}</span>`;
  const isLong = value.length > STRING_CHARACTERS;
  const text = JSON.stringify(isLong && !isWhole ? value.slice(0, STRING_CHARACTERS) : value);
  return html`<span class="json-string">${text}</span>${
    isLong &&
    html` <button type="button" class="link" onClick=${() => setWhole(!isWhole)}>
      ${isWhole ? 'Show less' : `Show all ${formatNumber(value.length)} characters`}</button>`
  }`;
}
