// Small parts that several others are made of.
import type { ComponentChildren } from "preact";
import { useDesk } from "../desk";
import type { Action } from "../keys";
import { Icon } from "./icon";

/** The key that does the same, where keys are on. */
export function Hint({ of }: { readonly of: Action }) {
  const { keys } = useDesk();
  return keys.isOn.value ? <kbd aria-hidden="true">{keys.bindings.value[of]}</kbd> : null;
}

export function IconButton(props: {
  readonly name: string;
  readonly icon: Parameters<typeof Icon>[0]["name"];
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
}) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.name}
      title={props.name}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** What a section is about, in a column of its own. */
export function Section(props: {
  readonly name: string;
  readonly kind: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class={`section ${props.kind}`} aria-label={props.name}>
      <div class="section-head">
        <h2>{props.name}</h2>
        {props.actions}
      </div>
      {props.children}
    </section>
  );
}

/** Something that went wrong or is not as usual: a shape and a word beside the colour. */
export function Notice(props: {
  readonly tone: "refused" | "approval" | "quiet";
  readonly icon: Parameters<typeof Icon>[0]["name"];
  readonly children: ComponentChildren;
}) {
  return (
    <div class="notice" data-tone={props.tone}>
      <Icon name={props.icon} />
      <div class="notice-text">{props.children}</div>
    </div>
  );
}
