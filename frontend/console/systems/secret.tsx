// A secret that is shown once: to be copied before the dialog is closed.
import { useSignal } from "@preact/signals";
import { copyText } from "../../clipboard";
import { Icon } from "../parts/icon";
import { Notice } from "../parts/small";

export function Secret(props: { readonly name: string; readonly text: string; readonly onDone: () => void }) {
  const copied = useSignal<boolean | null>(null);
  return (
    <div class="stack">
      <Notice tone="approval" icon="keys">
        <p>Copy it now: it is shown this once, and nobody can read it again.</p>
      </Notice>
      <label class="labelled">
        <span class="labelled-name">{props.name}</span>
        <input
          class="field secret"
          readOnly
          value={props.text}
          spellcheck={false}
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <footer class="dialog-foot">
        <span class="quiet" role="status">
          {copied.value === true && "Copied."}
          {copied.value === false && "The browser refuses: select it, and copy it by hand."}
        </span>
        <button type="button" class="secondary" onClick={() => void copyText(props.text).then((done) => (copied.value = done))}>
          <Icon name="check" /> Copy
        </button>
        <button type="button" class="primary" onClick={props.onDone}>
          I have kept it
        </button>
      </footer>
    </div>
  );
}
