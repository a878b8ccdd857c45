// What opens over a page: the rest waits, Escape closes, the focus goes back to where it was.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "./small";

export function Dialog(props: {
  readonly name: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // What it is for, rather than the way out, is where one begins.
    dialog.current?.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea)")?.focus();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  return (
    <dialog class="dialog" data-wide={props.wide} ref={dialog} aria-label={props.name} onClose={props.onClose}>
      <header class="dialog-head">
        <h2>{props.name}</h2>
        <IconButton icon="x" name="Close" onClick={props.onClose} />
      </header>
      <div class="dialog-body">{props.children}</div>
    </dialog>
  );
}

/** The foot of a form in a dialog: the one thing to do, and the way out. */
export function DialogFoot(props: {
  readonly act: string;
  readonly busy?: boolean;
  readonly danger?: boolean;
  readonly onCancel: () => void;
}) {
  return (
    <footer class="dialog-foot">
      <button type="button" class="secondary" onClick={props.onCancel}>
        Cancel
      </button>
      <button type="submit" class={props.danger ? "danger" : "primary"} disabled={props.busy}>
        {props.act}
      </button>
    </footer>
  );
}
