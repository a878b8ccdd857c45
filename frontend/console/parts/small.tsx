// Small parts that pages are made of.
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

/** A page: its name, what can be done with all of it, and what it shows. */
export function PageFrame(props: {
  readonly name: string;
  /** One line below the name: what this is, or how it stands. */
  readonly about?: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** Where `Back` leads, for pages below another. */
  readonly back?: { readonly name: string; readonly href: string };
  readonly children: ComponentChildren;
}) {
  return (
    <>
      <header class="page-head">
        <div class="page-name">
          {props.back && (
            <a class="page-back" href={props.back.href}>
              <Icon name="back" /> {props.back.name}
            </a>
          )}
          <h1 tabIndex={-1}>{props.name}</h1>
          {props.about && <p class="page-about">{props.about}</p>}
        </div>
        {props.actions && <div class="page-actions">{props.actions}</div>}
      </header>
      <div class="page-body">{props.children}</div>
    </>
  );
}

export function IconButton(props: {
  readonly name: string;
  readonly icon: IconName;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
}) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.name}
      title={props.name}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** Something that went wrong or is not as usual: a shape and a word beside the colour. */
export function Notice(props: {
  readonly tone: "refused" | "approval" | "allowed" | "quiet";
  readonly icon: IconName;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="notice" data-tone={props.tone}>
      <Icon name={props.icon} />
      <div class="notice-text">{props.children}</div>
    </div>
  );
}

/** What stands where a list would, with the next step. */
export function Empty(props: { readonly name: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-name">{props.name}</p>
      {props.children}
    </div>
  );
}

/** A word with a shape and a colour: how something stands. */
export function Tag(props: {
  readonly tone?: "allowed" | "approval" | "refused" | "accent" | "quiet";
  readonly children: ComponentChildren;
}) {
  return (
    <span class="tag" data-tone={props.tone ?? "quiet"}>
      {props.children}
    </span>
  );
}

/** A field of a form: its label, what goes into it, and what is wrong with it. */
export function Field(props: {
  readonly name: string;
  readonly hint?: string;
  readonly fault?: string | null;
  /** The control; it is named by the label around it. */
  readonly children: ComponentChildren;
}) {
  return (
    <label class="labelled">
      <span class="labelled-name">{props.name}</span>
      {props.children}
      {props.hint && <span class="quiet">{props.hint}</span>}
      {props.fault && (
        <span class="fault" role="alert">
          {props.fault}
        </span>
      )}
    </label>
  );
}
