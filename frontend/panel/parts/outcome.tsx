// How it ended, with its cause; and which policy it should have been.
import { useDesk } from "../desk";
import { NoAnswer } from "../../api/problems";
import type { Found } from "../../api/schema";
import type { Cause, Ended } from "../state/contact";
import { clock, whole } from "../../text/format";
import { t, tn } from "../../text/i18n";
import { PolicyPicker } from "./matches";
import { Sheet } from "./sheets";

const CAUSES: readonly Cause[] = ["product", "process", "marketing", "customer", "employee"];

function causeWord(cause: Cause): string {
  const words = {
    product: t("Product"),
    process: t("Process"),
    marketing: t("What was promised"),
    customer: t("Customer's side"),
    employee: t("Our mistake"),
  };
  return words[cause];
}

export function OutcomeSheet() {
  const desk = useDesk();
  const { ending, giving, asking, contact } = desk;
  const issue = asking.shown.value?.match.issue;
  const usual = ending.issues.value.find((one) => one.key === issue)?.cause ?? null;
  const before = ending.outcome.value;
  const recorded = { resolved: before?.resolved ?? null, cause: before?.cause ?? usual, note: before?.note ?? "" };
  const { resolved, cause, note } = contact.work.value.ended ?? recorded;
  const write = (part: Partial<Ended>) => contact.end({ resolved, cause, note, ...part });
  const reserved = giving.grants.value.filter((one) => one.state === "reserved");
  const save = async () => {
    if (resolved === null || !(await ending.record(resolved, cause, note))) return;
    contact.end(null);
    desk.announce(t("Outcome recorded"));
    desk.sheet.value = null;
  };
  const { fault } = ending;
  return (
    <Sheet name={t("Outcome")}>
      {before && (
        <p class="quiet">{t("Recorded at {time}. Recording again corrects it.", { time: clock(before.at) })}</p>
      )}
      <fieldset class="radios">
        <legend>{t("Is the problem solved?")}</legend>
        <Choice name="resolved" label={t("Solved")} isFirst isOn={resolved === true} pick={() => write({ resolved: true })} />
        <Choice name="resolved" label={t("Not solved")} isOn={resolved === false} pick={() => write({ resolved: false })} />
      </fieldset>
      <fieldset class="radios">
        <legend>{t("What had caused it?")}</legend>
        {CAUSES.map((one) => (
          <Choice key={one} name="cause" label={causeWord(one)} isOn={cause === one} pick={() => write({ cause: one })} />
        ))}
      </fieldset>
      <label class="note">
        {t("A note for colleagues")}
        <textarea class="field" rows={2} maxLength={1_000} value={note} onInput={(event) => write({ note: event.currentTarget.value })} />
      </label>
      {reserved.length > 0 && (
        <p class="quiet">
          {tn("What was given becomes final: {amounts}.", "What was given becomes final: {amounts}.", reserved.length, {
            amounts: reserved.map((one) => whole(one.amount, desk.remedy(one.remedy))).join("; "),
          })}
        </p>
      )}
      {fault.value && (
        <p class="fault" role="alert">
          {fault.value instanceof NoAnswer ? t("The server did not answer. Nothing was lost; try again.") : fault.value.message}
        </p>
      )}
      <button type="button" class="primary" disabled={resolved === null || ending.isSaving.value} onClick={() => void save()}>
        {ending.isSaving.value ? t("Recording…") : t("Record the outcome")}
      </button>
    </Sheet>
  );
}

function Choice(props: {
  readonly name: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly isFirst?: boolean;
  readonly pick: () => void;
}) {
  return (
    <label class="radio">
      <input type="radio" name={props.name} checked={props.isOn} autofocus={props.isFirst === true} onChange={props.pick} />
      <span>{props.label}</span>
    </label>
  );
}

/** After "wrong": which one it was, if the rep knows. */
export function WrongSheet() {
  const desk = useDesk();
  const { asking, ending } = desk;
  const suggestion = asking.suggestion.value;
  const shown = asking.shown.value?.match.policy.id;
  const others = suggestion?.matches.filter((one) => one.policy.id !== shown) ?? [];
  const done = () => {
    ending.found.value = [];
    desk.sheet.value = null;
  };
  const pick = (one: Found) => {
    void ending.judge("other", one.policy.id, one.issue);
    asking.choose(one);
    done();
  };
  return (
    <Sheet name={t("Which one was it?")}>
      <PolicyPicker nearest={others} pick={pick} />
      {shown && (
        <button type="button" class="link" onClick={() => (void ending.judge("wrong", shown, null), done())}>
          {t("None of these, but it was wrong")}
        </button>
      )}
      <p class="quiet">{t("Your answer teaches the matching.")}</p>
    </Sheet>
  );
}
