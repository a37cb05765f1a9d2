import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

export interface ConfirmProps {
  title: string;
  /** What happens then. */
  children: ComponentChildren;
  /** The word on the button: "Start execution". */
  action: string;
  /** Whether the action is under way. */
  isBusy?: boolean;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something is done. Escape closes. The keyboard stays inside while it is open. */
export function Confirm({ title, children, action, isBusy = false, onConfirm, onClose }: ConfirmProps): VNode {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  return html`<dialog ref=${dialog} aria-labelledby=${id} onClose=${onClose}>
    <h2 id=${id}>${title}</h2>
    <div class="dialog-body">${children}</div>
    <div class="actions">
      <button type="button" class="button" onClick=${onClose}>Cancel</button>
      <button type="button" class="button primary" disabled=${isBusy} onClick=${onConfirm}>${action}</button>
    </div>
  </dialog>`;
}
