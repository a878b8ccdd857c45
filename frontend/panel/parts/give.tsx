// Giving a remedy, or asking for one: the amount, what is left, and a reason that is the button.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Quantity } from "../../api/names";
import type { Option } from "../../api/schema";
import { type Desk, useDesk } from "../desk";
import { Approver, type Standing, standingOf } from "../state/approver";
import { decimalsOf, isNothing, isWithin, less, quantityOf, share, textOf } from "../../text/amounts";
import { amount, isOnce, plain, readTyped, words } from "../../text/format";
import { t } from "../../text/i18n";
import { land, rowOf } from "./landing";
import { capInWords, possibleInWords } from "../../text/words";

interface Props {
  readonly option: Option;
  readonly issue: string;
}

export function GiveForm({ option, issue }: Props) {
  const desk = useDesk();
  const most = mostWorthTyping(option);
  const draft = desk.contact.work.peek().drafts[option.remedy];
  const typed = useSignal(draft?.amount ?? plainMost(most, option));
  const isEdited = useSignal(draft?.amount != null);
  const comment = useSignal(draft?.comment ?? "");
  const keep = () =>
    desk.contact.draft(option.remedy, { amount: isEdited.value ? typed.value : null, comment: comment.value });
  // What was typed stays; what stood there by itself follows the headroom.
  useEffect(() => {
    if (!isEdited.value) typed.value = plainMost(most, option);
  }, [textOf(most)]);
  const currency = currencyOf(option);
  const decimals = option.unit === "money" ? decimalsOf(currency) : option.unit === "percent" ? 2 : 0;
  const wanted = useComputed(() => trimmed(readTyped(typed.value, decimals), option));
  const text = wanted.value;
  const quantity = text === null ? null : quantityOf(text, option.unit, currency);
  const asks = text !== null && !isWithin(text, option.up_to);
  const standing = useStanding(option, issue, quantity);
  const about = desk.giving.about("give", option.remedy);
  const isUnderWay = desk.giving.intents.open.value.has(about);
  const reasons = desk.giving.remedies.value.find((one) => one.key === option.remedy)?.reason_codes ?? [];
  const isOneThing = option.unit === "count" && textOf(option.up_to) === "1" && !option.approval;

  // What gives or asks stays in sight when the row grows.
  const reasonsRef = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (isEdited.value) reasonsRef.current?.scrollIntoView({ block: "nearest" });
  }, [asks]);
  // So it does beside what became of it, such as why somebody declined: the next step hangs on both.
  const { approval } = desk.giving.news(option.remedy);
  const trouble = desk.giving.trouble(about);
  useEffect(() => {
    if (approval || trouble) reasonsRef.current?.closest(".option")?.scrollIntoView({ block: "nearest" });
  }, [approval?.id, approval?.state, trouble]);

  const send = (reason: string) => {
    if (quantity === null || isUnderWay || isNothing(quantity) || !isArmed(standing)) return;
    isEdited.value = false;
    desk.contact.draft(option.remedy, null);
    const what = { remedy: option.remedy, amount: quantity, reason, comment: comment.value };
    const row = rowOf(option.remedy);
    const receipt = asks ? ".receipt[data-approval]" : ".receipt[data-state]";
    void desk.giving.send(what, issue, asks).then(() => land(`${row} > .trouble`, `${row} > ${receipt}`, ".body"));
  };

  return (
    <form class="give" onSubmit={(event) => event.preventDefault()}>
      <Headroom option={option} chosen={text} asks={asks} />
      {!isOneThing && (
        <div class="give-amount">
          <label for={`amount-${option.remedy}`}>{option.unit === "count" ? t("How many") : t("Amount")}</label>
          <input
            id={`amount-${option.remedy}`}
            class="field"
            inputMode="decimal"
            autocomplete="off"
            value={typed.value}
            aria-invalid={text === null}
            onInput={(event) => {
              isEdited.value = true;
              typed.value = event.currentTarget.value;
              keep();
            }}
          />
          <span class="quiet">{unitOf(option, currency)}</span>
        </div>
      )}
      {standing.kind === "level" && (
        <input
          class="field wide"
          aria-label={t("A note for whoever decides")}
          placeholder={t("A note for whoever decides")}
          maxLength={1_000}
          value={comment.value}
          onInput={(event) => {
            comment.value = event.currentTarget.value;
            keep();
          }}
        />
      )}
      {quantity === null || isNothing(quantity) ? (
        <p class="fault">{t("Type an amount above zero")}</p>
      ) : !isArmed(standing) ? (
        <Unarmed standing={standing} option={option} />
      ) : (
        <fieldset ref={reasonsRef} class="reasons" data-asks={asks} disabled={isUnderWay} aria-busy={isUnderWay}>
          <legend>{promise(option, quantity, standing, desk)}</legend>
          {reasons.map((reason) => (
            <button key={reason} type="button" class="reason" onClick={() => send(reason)}>
              {words(reason)}
            </button>
          ))}
        </fieldset>
      )}
    </form>
  );
}

function isArmed(standing: Standing): boolean {
  return standing.kind === "open" || standing.kind === "level";
}

/** Where the amount stands; above what the option tells of, the server is asked. */
function useStanding(option: Option, issue: string, quantity: Quantity | null): Standing {
  const { giving } = useDesk();
  const approver = useMemo(
    () => new Approver((amount, signal) => giving.approver(issue, option.remedy, amount, signal)),
    [issue, option.remedy],
  );
  const standing: Standing = quantity === null ? { kind: "unknown" } : standingOf(option, quantity);
  const open = quantity !== null && standing.kind === "unknown" ? textOf(quantity) : null;
  // A decision that is newer may answer otherwise.
  useEffect(() => {
    if (open !== null && quantity !== null) approver.ask(quantity);
    return () => approver.leave();
  }, [approver, open, option]);
  return quantity === null ? standing : approver.settle(standing, quantity);
}

/** Why there is nothing to press: nobody may approve it, or who may is being found out. */
function Unarmed({ standing, option }: { readonly standing: Standing; readonly option: Option }) {
  const desk = useDesk();
  if (standing.kind === "unknown") return <p class="quiet">{t("Finding out who may approve it…")}</p>;
  if (option.possible[0]) return <p class="option-why">{possibleInWords(option.possible[0], desk)}</p>;
  if (option.approval) return <p class="fault">{t("Nobody may approve so much.")}</p>;
  return <p class="fault">{t("Nobody may approve more than {amount}.", { amount: amount(option.up_to) })}</p>;
}

/** What pressing a reason will do. */
function promise(option: Option, quantity: Quantity, standing: Standing, desk: Desk): string {
  const isCount = option.unit === "count";
  const sum = amount(quantity);
  if (standing.kind === "level") {
    const level = desk.level(standing.level);
    return isCount ? t("Ask a {level} to give it {times}, because", { level, times: sum }) : t("Ask a {level} for {amount}, because", { level, amount: sum });
  }
  if (isOnce(quantity)) return t("Give it, because");
  return isCount ? t("Give it {times}, because", { times: sum }) : t("Give {amount}, because", { amount: sum });
}

/** What is chosen, what may be given, and what somebody above may give, on one line. */
function Headroom(props: { readonly option: Option; readonly chosen: string | null; readonly asks: boolean }) {
  const { option, chosen, asks } = props;
  const desk = useDesk();
  const own = textOf(option.up_to);
  const above = option.approval ? textOf(option.approval.up_to) : own;
  const words = headroomInWords(option, desk);
  const left = own !== null && chosen !== null && isWithin(chosen, option.up_to) ? less(own, chosen) : null;
  if (own === null || above === null) return words ? <p class="headroom-words">{words}</p> : null;
  const whole = isWithin(own, option.approval?.up_to ?? option.up_to) ? above : own;
  const currency = currencyOf(option);
  return (
    <div class="headroom">
      <div class="bar" data-asks={asks} aria-hidden="true">
        <span class="bar-own" style={{ inlineSize: `${share(own, whole)}%` }} />
        <span class="bar-chosen" style={{ inlineSize: `${share(chosen ?? "0", whole)}%` }} />
      </div>
      <p class="headroom-words">
        {words}
        {left !== null && option.unit === "money" && (
          <span class="headroom-left">{t("leaves {amount}", { amount: amount(quantityOf(left, option.unit, currency)) })}</span>
        )}
      </p>
    </div>
  );
}

/** What sets the most, or, where that is nothing, who may give more. */
function headroomInWords(option: Option, desk: Desk): string | null {
  const { approval, binding } = option;
  if (approval && isNothing(option.up_to) && (binding === null || binding.kind === "ceiling")) {
    const level = desk.level(approval.level);
    const most = amount(approval.up_to);
    return option.unit === "count" ? t("A {level} may give it {times}", { level, times: most }) : t("A {level} may give {amount}", { level, amount: most });
  }
  return binding && capInWords(binding, desk);
}

/** The amount that stands in the field: all that may be given, or else all that may be asked for. */
function mostWorthTyping(option: Option): Quantity {
  if (option.verdict === "allowed" || !option.approval) return option.up_to;
  return option.approval.up_to;
}

function plainMost(most: Quantity, option: Option): string {
  return option.unit === "count" && !isNothing(most) ? "1" : plain(most);
}

/** Percent has no trailing zeros on the wire. */
function trimmed(text: string | null, option: Option): string | null {
  return text !== null && option.unit === "percent" ? text.replace(/\.?0+$/, "") || "0" : text;
}

function currencyOf(option: Option): string {
  const amounts = [option.up_to, option.approval?.up_to, ...option.possible.map((one) => one.up_to)];
  for (const one of amounts) if (one && "currency" in one) return one.currency;
  return "EUR";
}

function unitOf(option: Option, currency: string): string {
  if (option.unit === "money") return currency;
  return option.unit === "percent" ? "%" : option.unit === "days" ? t("days") : "";
}
