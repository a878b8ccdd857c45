// The brake: one click away on every page, and told on every page while it holds.
import { useSignal } from "@preact/signals";
import type { Brake } from "../../api/schema";
import { moment } from "../../text/format";
import { useNames } from "../drafts/asking";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Icon } from "../parts/icon";
import { Fault } from "../parts/loaded";
import { Field } from "../parts/small";

/** The button in the frame. Somebody of the lowest level may not pull the brake. */
export function BrakeButton() {
  const desk = useDesk();
  const opens = useSignal(false);
  if (!desk.decides.value) return null;
  return (
    <>
      <button type="button" class="brake-button" title="Stop goodwill" onClick={() => (opens.value = true)}>
        <Icon name="pause" /> <span>Stop goodwill</span>
      </button>
      {opens.value && <Pull onClose={() => (opens.value = false)} />}
    </>
  );
}

function Pull({ onClose }: { readonly onClose: () => void }) {
  const desk = useDesk();
  const doing = useDoing();
  const team = desk.session.person.value?.team ?? "";
  const isAll = useSignal(false);
  const reason = useSignal("");
  const highest = desk.levels.value.at(-1);
  const submit = async (event: Event) => {
    event.preventDefault();
    const whose = isAll.value ? null : team;
    const done = await doing.run(async () => (await desk.brakes.act("pull", whose, reason.value.trim()), true));
    if (!done) return;
    desk.tell(isAll.value ? "Goodwill is stopped for everybody." : `Goodwill is stopped for ${team}.`);
    onClose();
  };
  return (
    <Dialog name="Stop goodwill" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p>
          From the next grant on, goodwill needs the approval of a {highest?.label.toLowerCase() ?? "manager"}. What
          customers are owed goes on.
        </p>
        <fieldset class="stack">
          <legend class="labelled-name">Whose</legend>
          <label class="radio">
            <input type="radio" name="whose" checked={!isAll.value} onChange={() => (isAll.value = false)} />
            My team, {team}
          </label>
          <label class="radio">
            <input type="radio" name="whose" checked={isAll.value} onChange={() => (isAll.value = true)} />
            Everybody
          </label>
        </fieldset>
        <Reason text={reason.value} onInput={(text) => (reason.value = text)} />
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
        <DialogFoot act="Stop goodwill" danger busy={doing.busy.value} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function Reason(props: { readonly text: string; readonly onInput: (text: string) => void }) {
  return (
    <Field name="Why" hint="Representatives read it.">
      <input
        class="field"
        required
        autoFocus
        maxLength={1000}
        value={props.text}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Field>
  );
}

/** What stands above every page while goodwill is stopped. */
export function BrakeBanners() {
  const desk = useDesk();
  const pulled = desk.brakes.pulled.value;
  if (pulled.length === 0) return null;
  return (
    <div class="brakes" role="region" aria-label="Stopped goodwill">
      {pulled.map((one) => (
        <Banner key={one.team ?? ""} of={one} />
      ))}
    </div>
  );
}

function Banner({ of }: { readonly of: Brake }) {
  const desk = useDesk();
  const nameOf = useNames();
  const opens = useSignal(false);
  const highest = desk.levels.value.at(-1);
  const mayRelease = desk.session.person.value?.level === highest?.key;
  return (
    <div class="brake">
      <Icon name="pause" />
      <p role="status">
        <strong>{of.team === null ? "Goodwill is stopped for everybody." : `Goodwill is stopped for ${of.team}.`}</strong>{" "}
        {of.reason} <span class="brake-by">{nameOf(of.by.replace(/^person:/, ""))}, {moment(of.at)}</span>
      </p>
      {mayRelease ? (
        <button type="button" class="secondary" onClick={() => (opens.value = true)}>
          Set it free…
        </button>
      ) : (
        <span class="brake-by">A {highest?.label.toLowerCase()} sets it free.</span>
      )}
      {opens.value && <Release of={of} onClose={() => (opens.value = false)} />}
    </div>
  );
}

function Release(props: { readonly of: Brake; readonly onClose: () => void }) {
  const desk = useDesk();
  const doing = useDoing();
  const reason = useSignal("");
  const { team } = props.of;
  const submit = async (event: Event) => {
    event.preventDefault();
    const done = await doing.run(async () => (await desk.brakes.act("release", team, reason.value.trim()), true));
    if (!done) return;
    desk.tell("Goodwill is free again.");
    props.onClose();
  };
  return (
    <Dialog name="Set goodwill free" onClose={props.onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p>{team === null ? "Everybody" : `The team ${team}`} may give goodwill again, within limits and budgets.</p>
        <Reason text={reason.value} onInput={(text) => (reason.value = text)} />
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
        <DialogFoot act="Set it free" busy={doing.busy.value} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
