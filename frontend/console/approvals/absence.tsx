// Who is away and who stands in: said by those who are, seen by all who decide.
import { useSignal } from "@preact/signals";
import type { Absence } from "../../api/schema";
import { day } from "../../text/format";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { Fault } from "../parts/loaded";
import { Field, Notice } from "../parts/small";

/** Who is away today, in a line; one's own absence with the way back. */
export function AwayLine() {
  const desk = useDesk();
  const found = desk.queue.absences.value;
  const me = desk.session.person.value?.id;
  const today = (found?.items ?? []).filter((one) => one.first <= (found?.today ?? ""));
  const mine = today.find((one) => one.person === me);
  const others = today.filter((one) => one.person !== me);
  if (today.length === 0) return null;
  const name = (id: string) => desk.queue.name(id);
  return (
    <Notice tone="quiet" icon="people">
      {mine && (
        <p>
          You are away until {day(mine.last)}: {name(mine.substitute)} is asked instead. <BackButton />
        </p>
      )}
      {others.length > 0 && (
        <p>
          Away: {others.map((one) => `${name(one.person)} until ${day(one.last)} (${name(one.substitute)} stands in)`).join("; ")}.
        </p>
      )}
    </Notice>
  );
}

function BackButton() {
  const desk = useDesk();
  const back = async () => {
    try {
      await desk.api.delete(`/v1/absences/${encodeURIComponent(desk.api.person ?? "")}`);
      desk.tell("Welcome back: you are asked again.");
    } catch {
      desk.tell("It could not be said that you are back. Try again.");
    }
    void desk.queue.read();
  };
  return (
    <button type="button" class="link" onClick={() => void back()}>
      I am back
    </button>
  );
}

export function AbsenceDialog({ onClose }: { readonly onClose: () => void }) {
  const desk = useDesk();
  const fault = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const found = desk.queue.absences.value;
  const me = desk.api.person ?? "";
  const mine = found?.items.find((one) => one.person === me);
  const top = desk.levels.value.at(-1)?.key;
  const team = desk.session.person.value?.team;
  // Only who decides for the same team, or for all, can be asked instead.
  const others = (found?.deciders ?? []).filter((one) => one.id !== me && (one.team === team || one.level === top));
  const send = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const [first, last] = [String(form.get("first")), String(form.get("last"))];
    isBusy.value = true;
    try {
      const body = { substitute: { id: String(form.get("substitute")) }, first, last };
      const said = await desk.api.put<Absence>(`/v1/absences/${encodeURIComponent(me)}`, body);
      desk.tell(`${desk.queue.name(said.substitute)} stands in from ${day(said.first)} to ${day(said.last)}.`);
      void desk.queue.read();
      onClose();
    } catch (problem) {
      fault.value = problem;
    }
    isBusy.value = false;
  };
  return (
    <Dialog name="When you are away" onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <p class="quiet">
          What would be asked of you is asked of somebody else on these days, within what their own level may give. Anybody qualified may decide all along.
        </p>
        {fault.value !== null && <Fault of={fault.value} />}
        <div class="absence-days">
          <Field name="First day">
            <input class="field" type="date" name="first" required defaultValue={mine?.first ?? found?.today} />
          </Field>
          <Field name="Last day">
            <input class="field" type="date" name="last" required min={found?.today} defaultValue={mine?.last ?? found?.today} />
          </Field>
        </div>
        <Field name="Who stands in">
          <select class="field" name="substitute" required>
            {others.map((one) => (
              <option key={one.id} value={one.id} selected={one.id === mine?.substitute}>
                {one.name}, {desk.level(one.level)}, {one.team}
              </option>
            ))}
          </select>
        </Field>
        <DialogFoot act={mine ? "Change absence" : "Say I am away"} busy={isBusy.value} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
