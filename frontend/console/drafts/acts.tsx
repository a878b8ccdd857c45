// What can be done with a draft now, by this person: one thing stands out, the others are beside it.
import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Draft, Review, Version } from "../../api/schema";
import { moment } from "../../text/format";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Icon, type IconName } from "../parts/icon";
import { Fault } from "../parts/loaded";
import { Field, Notice } from "../parts/small";
import { go } from "../place";
import { act, useNames } from "./asking";
import { draftsOf, historyOf, isWorkedOn, newestOf, plural, rowsInWords, waitingOf } from "./tables";

interface Props {
  readonly draft: Draft;
  readonly versions: readonly Version[];
  readonly changed: number;
  /** Errors of the rows that it changes; those that stood there before are no hindrance. */
  readonly errors: number;
  readonly tightens: boolean;
  readonly reviewed: Review | null;
  /** Somebody waited no longer for what the server makes of it. */
  readonly isStopped: boolean;
  readonly onDone: (draft: Draft) => void;
}

type Act = "submit" | "approve" | "return" | "discard" | "publish";

export function Acts(props: Props) {
  const { draft } = props;
  const desk = useDesk();
  const opened = useSignal<Act | null>(null);
  const person = desk.session.person.value;
  const isAuthor = draft.authors.includes(person?.id ?? "");
  if (!isWorkedOn(draft)) return <Ended draft={draft} />;
  const hindrance = hindranceOf(props);
  if (!desk.may("limits:edit")) {
    return (
      <div class="acts">
        <State {...props} isAuthor={isAuthor} hindrance={null} />
      </div>
    );
  }
  const isReady = hindrance === null;
  const open = (one: Act) => () => (opened.value = one);
  return (
    <div class="acts">
      <State {...props} isAuthor={isAuthor} hindrance={hindrance} />
      {draft.state === "open" && (
        <>
          {props.tightens && (
            <Button act="Publish…" icon="check" isFirst disabled={!isReady} onClick={open("publish")} />
          )}
          <Button
            act="Ask for approval…"
            icon="approvals"
            isFirst={!props.tightens}
            disabled={!isReady}
            onClick={open("submit")}
          />
        </>
      )}
      {draft.state === "submitted" && !isAuthor && (
        <Button act="Approve…" icon="check" isFirst disabled={!isReady} onClick={open("approve")} />
      )}
      {draft.state === "approved" && (
        <Button act="Publish…" icon="check" isFirst disabled={!isReady} onClick={open("publish")} />
      )}
      {draft.state !== "open" && (
        <Button act={isAuthor ? "Take it back…" : "Return it…"} icon="undo" onClick={open("return")} />
      )}
      <Button act="Discard…" icon="trash" onClick={open("discard")} />
      <Opened opened={opened} {...props} isAuthor={isAuthor} />
    </div>
  );
}

function Button(props: {
  readonly act: string;
  readonly icon: IconName;
  readonly isFirst?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      class={props.isFirst ? "primary" : "secondary"}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} /> {props.act}
    </button>
  );
}

/** What keeps the draft from being submitted or published; null for nothing. */
function hindranceOf(props: Props): string | null {
  const { draft, reviewed } = props;
  const newest = newestOf(props.versions);
  if (props.isStopped) return "Its review was cancelled. It must be read as a whole first.";
  if (reviewed === null) return "It is being read…";
  if (props.changed === 0) return "It changes nothing yet.";
  if (reviewed.faults.length > 0) {
    return `${plural(reviewed.faults.length, "cell", "cells")} cannot be read. Fix what is marked first.`;
  }
  if (props.errors > 0) return `${plural(props.errors, "finding", "findings")} to fix in what it changes. Settle that first.`;
  if (newest && newest.number !== draft.base) return "Carry it over to the newest version first.";
  return null;
}

function State(props: Props & { readonly isAuthor: boolean; readonly hindrance: string | null }) {
  const nameOf = useNames();
  const { draft } = props;
  const waiting = waitingOf(props.versions);
  return (
    <>
      <p class="acts-state">{stateInWords(props, nameOf)}</p>
      {props.hindrance && <p class="quiet">{props.hindrance}</p>}
      {waiting && waiting.draft !== draft.id && (
        <Notice tone="approval" icon="clock">
          <p>
            Version {waiting.number} takes effect on {moment(waiting.effective_at ?? "")}. Until then no other is
            published; it can be cancelled in the <a href={historyOf(draft.table)}>history</a>.
          </p>
        </Notice>
      )}
    </>
  );
}

function stateInWords(props: Props & { readonly isAuthor: boolean }, nameOf: (id: string) => string): string {
  const { draft, isAuthor, tightens } = props;
  switch (draft.state) {
    case "submitted":
      return isAuthor
        ? "It waits for a second person. Whoever began, edited or submitted it may not approve it."
        : `${nameOf(draft.submission?.by ?? "")} asks for your approval of exactly what is shown here.`;
    case "approved":
      return `${nameOf(draft.approval?.by ?? "")} approved exactly what is shown here. An edit would withdraw that.`;
    default:
      if (draft.table === "policies") return "Whatever customers shall hear, a second person approves it before it is published.";
      if (tightens) return "It only tightens: it may be published at once, or shown to a second person first.";
      return "Somebody may be given more by it, so a second person approves it before it is published.";
  }
}

function Ended({ draft }: { readonly draft: Draft }) {
  const table = draft.table;
  return (
    <div class="acts">
      <p class="acts-state">
        {draft.version ? `It was published as version ${draft.version}.` : "It was given up. It can still be read."}
      </p>
      <a class="secondary" href={draft.version ? historyOf(table) : draftsOf(table)}>
        {draft.version ? "See the history" : "See the drafts"}
      </a>
    </div>
  );
}

function Opened(props: Props & { readonly opened: Signal<Act | null>; readonly isAuthor: boolean }) {
  const { opened } = props;
  const close = () => (opened.value = null);
  switch (opened.value) {
    case null:
      return null;
    case "publish":
      return <Publish {...props} onClose={close} />;
    case "submit":
      return (
        <Ask {...props} act="submit" name="Ask for approval" done="A second person is asked." onClose={close}>
          <p>A second person approves exactly what the draft holds now. An edit takes the question back.</p>
        </Ask>
      );
    case "approve":
      return (
        <Ask {...props} act="approve" name="Approve" done="It is approved, and may be published." onClose={close}>
          <p>
            You agree to {rowsInWords(props.draft.table, props.changed, "changed ")}, exactly as shown. It is in force once
            somebody publishes it.
          </p>
        </Ask>
      );
    case "return":
      return (
        <Ask
          {...props}
          act="return"
          name={props.isAuthor ? "Take it back" : "Return it"}
          done="It is open for edits again."
          needsReason
          onClose={close}
        />
      );
    case "discard":
      return (
        <Ask {...props} act="discard" name="Discard" done="The draft is given up." danger onClose={close}>
          <p>The draft is given up. It can still be read, and nothing that is in force changes.</p>
        </Ask>
      );
  }
}

function Ask(
  props: Props & {
    readonly act: Exclude<Act, "publish">;
    readonly name: string;
    readonly done: string;
    readonly needsReason?: boolean;
    readonly danger?: boolean;
    readonly onClose: () => void;
    readonly children?: ComponentChildren;
  },
) {
  const desk = useDesk();
  const doing = useDoing();
  const comment = useSignal("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const said = comment.value.trim();
    const done = await doing.run(() => act(desk, props.draft, props.act, said ? { comment: said } : {}));
    if (done === null) return;
    desk.tell(props.done);
    props.onDone(done);
    props.onClose();
  };
  return (
    <Dialog name={props.name} onClose={props.onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {props.children}
        <Comment name={props.needsReason ? "Why" : "Comment"} text={comment} required={props.needsReason ?? false} />
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
        <DialogFoot
          act={props.name}
          busy={doing.busy.value}
          danger={props.danger ?? false}
          onCancel={props.onClose}
        />
      </form>
    </Dialog>
  );
}

function Publish(props: Props & { readonly onClose: () => void }) {
  const desk = useDesk();
  const doing = useDoing();
  const note = useSignal("");
  const when = useSignal<"now" | "later">("now");
  const at = useSignal("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const later = when.value === "later" ? { effective_at: new Date(at.value).toISOString() } : {};
    const said = note.value.trim() ? { note: note.value.trim() } : {};
    const made = await doing.run(() => act<Version>(desk, props.draft, "publish", { ...said, ...later }));
    if (made === null) return;
    desk.tell(
      made.effective_at
        ? `Version ${made.number} takes effect on ${moment(made.effective_at)}.`
        : `Version ${made.number} is in force.`,
    );
    go(historyOf(props.draft.table));
  };
  return (
    <Dialog name="Publish" onClose={props.onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <fieldset class="stack">
          <legend class="labelled-name">When</legend>
          <label class="radio">
            <input type="radio" name="when" checked={when.value === "now"} onChange={() => (when.value = "now")} />
            Now. Every panel shows it within seconds.
          </label>
          <label class="radio">
            <input type="radio" name="when" checked={when.value === "later"} onChange={() => (when.value = "later")} />
            On a date. Until then nothing else is published.
          </label>
          {when.value === "later" && (
            <Field name="From" hint="In your time.">
              <input
                type="datetime-local"
                class="field"
                required
                min={soonest()}
                value={at.value}
                onInput={(event) => (at.value = event.currentTarget.value)}
              />
            </Field>
          )}
        </fieldset>
        <Comment name="Note for the history" text={note} required={false} />
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
        <DialogFoot
          act={when.value === "now" ? "Publish now" : "Publish on that date"}
          busy={doing.busy.value}
          onCancel={props.onClose}
        />
      </form>
    </Dialog>
  );
}

/** Now, as a field for a day and a time writes it. */
function soonest(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function Comment(props: { readonly name: string; readonly text: Signal<string>; readonly required: boolean }) {
  return (
    <Field name={props.name}>
      <textarea
        class="field wide"
        rows={2}
        maxLength={1000}
        required={props.required}
        value={props.text.value}
        onInput={(event) => (props.text.value = event.currentTarget.value)}
      />
    </Field>
  );
}
