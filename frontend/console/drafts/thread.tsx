// What was said of a draft and done to it, oldest first, and a place to say more.
import { useSignal } from "@preact/signals";
import type { Act, Draft } from "../../api/schema";
import { moment } from "../../text/format";
import { useDesk } from "../desk";
import { useDoing } from "../parts/doing";
import { Fault } from "../parts/loaded";
import { Field } from "../parts/small";
import { act, useNames } from "./asking";
import { isWorkedOn } from "./tables";

export function Thread(props: { readonly draft: Draft; readonly onDone: (draft: Draft) => void }) {
  const { draft } = props;
  const desk = useDesk();
  const nameOf = useNames();
  const doing = useDoing();
  const text = useSignal("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const done = await doing.run(() => act(desk, draft, "comments", { comment: text.value.trim() }));
    if (done === null) return;
    text.value = "";
    props.onDone(done);
  };
  return (
    <div class="stack">
      <ol class="thread">
        <li>
          <span class="thread-who">{nameOf(draft.owner)}</span> began it
          <time class="quiet" dateTime={draft.created_at}>
            {moment(draft.created_at)}
          </time>
        </li>
        {shortened(draft.acts).map(({ one, times }) => (
          <li key={one.number}>
            <span class="thread-who">{nameOf(one.by)}</span> {DID[one.kind]}
            {times > 1 && `, ${times} times`}
            {one.version !== null && ` as version ${one.version}`}
            {one.kind === "rebase" && ` to version ${one.base}`}
            <time class="quiet" dateTime={one.at}>
              {moment(one.at)}
            </time>
            {one.comment && <p class="thread-said">{one.comment}</p>}
          </li>
        ))}
      </ol>
      {isWorkedOn(draft) && desk.may("limits:edit") && (
        <form class="thread-form" onSubmit={(event) => void submit(event)}>
          <Field name="Comment">
            <textarea
              class="field wide"
              rows={2}
              required
              maxLength={1000}
              value={text.value}
              onInput={(event) => (text.value = event.currentTarget.value)}
            />
          </Field>
          {doing.fault.value !== null && <Fault of={doing.fault.value} />}
          <button type="submit" class="secondary" disabled={doing.busy.value}>
            Add the comment
          </button>
        </form>
      )}
    </div>
  );
}

const DID: Readonly<Record<Act["kind"], string>> = {
  edit: "edited it",
  rebase: "carried it over",
  submit: "asked for approval",
  comment: "said",
  approve: "approved it",
  return: "returned it",
  publish: "published it",
  cancel: "cancelled the version",
  discard: "discarded it",
};

/** Edits of one person in a row are one line: each keystroke of a grid may be one. */
function shortened(acts: readonly Act[]): readonly { readonly one: Act; readonly times: number }[] {
  const found: { one: Act; times: number }[] = [];
  for (const one of acts) {
    const last = found.at(-1);
    if (one.kind === "edit" && last?.one.kind === "edit" && last.one.by === one.by) {
      found[found.length - 1] = { one, times: last.times + 1 };
    } else found.push({ one, times: 1 });
  }
  return found;
}
