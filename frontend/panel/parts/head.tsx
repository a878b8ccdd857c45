// Who it is about, whether the panel is live, and what was said.
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import type { FactValue } from "../../api/names";
import { clock, fact, months } from "../../text/format";
import { t } from "../../text/i18n";
import { Hint, IconButton } from "./small";

const SHOWN_FACTS = 3;
const MOST_MONTHS = 1_200; // who is said to be a customer for longer is not said to be one here

export function Head() {
  const desk = useDesk();
  const facts = Object.entries(desk.contact.facts.value).filter(([key]) => /^customer\./.test(key));
  const shown = facts.filter(([key, value]) => value !== false && isSensible(key, value)).slice(0, SHOWN_FACTS);
  const inShort = (key: string, value: FactValue) => {
    if (value === true) return desk.fact(key);
    if (typeof value !== "number") return fact(value);
    return isMonths(key) ? months(value) : `${desk.fact(key)}: ${fact(value)}`;
  };
  const name = desk.contact.context.value?.customer.name ?? desk.contact.customer.value ?? t("Customer");
  const toggle = (sheet: "known" | "help") => (desk.sheet.value = desk.sheet.value === sheet ? null : sheet);
  return (
    <header class="head">
      <div class="who">
        <h1 dir="auto">{name}</h1>
        <span class="who-facts">
          {shown.map(([key, value]) => (
            <span key={key}>{inShort(key, value)}</span>
          ))}
        </span>
      </div>
      <Connection />
      <IconButton icon="more" name={t("What is known")} expanded={desk.sheet.value === "known"} onClick={() => toggle("known")} />
      <IconButton icon="keyboard" name={t("Help and keys")} expanded={desk.sheet.value === "help"} onClick={() => toggle("help")} />
    </header>
  );
}

const isMonths = (key: string) => key.endsWith("_months");

function isSensible(key: string, value: FactValue): boolean {
  return !isMonths(key) || typeof value !== "number" || (value >= 0 && value <= MOST_MONTHS);
}

function Connection() {
  const { feed, asking, isOffline } = useDesk();
  const { value: phase } = asking.phase;
  const isBefore = phase === "asking" && asking.suggestion.value !== null;
  const state = isOffline.value ? "offline" : phase === "stale" ? "stale" : isBefore ? "asking" : feed.state.value;
  const word = {
    connecting: t("Connecting"),
    live: t("Live"),
    polling: t("Live, slower"),
    offline: t("Offline"),
    stale: t("Not current"),
    asking: t("Asking…"),
  }[state];
  const at = asking.answeredAt.value;
  return (
    <span class="connection" data-state={state} title={at ? t("Answered at {time}", { time: clock(at) }) : word}>
      {word}
    </span>
  );
}

export function Said() {
  const { contact, asking } = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const composing = useRef(false);
  const said = contact.said.value;
  // A field that is being written in is never written over: not with what stood there a letter ago, either.
  useEffect(() => {
    const now = contact.said.peek();
    if (field.current && field.current.value !== now && !composing.current) field.current.value = now;
  }, [said]);
  const typed = () => field.current && !composing.current && asking.type(field.current.value);
  const follows = contact.turns.value.length > 0;
  return (
    <div class="said">
      <label class="unseen" for="said">
        {t("What the customer said")}
      </label>
      <textarea
        id="said"
        ref={field}
        rows={2}
        dir="auto"
        title={follows ? t("Follows the contact; type to change it") : undefined}
        maxLength={20_000}
        placeholder={follows ? t("Waiting for the customer") : t("Type or paste what the customer said")}
        aria-busy={asking.phase.value === "asking"}
        spellcheck={false}
        onInput={typed}
        onCompositionStart={() => (composing.current = true)}
        onCompositionEnd={() => {
          composing.current = false;
          typed();
        }}
      />
      <Hint of="search" />
      {contact.isTyped.value && follows && (
        <button type="button" class="link" onClick={() => contact.type(null)}>
          {t("Follow the contact again")}
        </button>
      )}
    </div>
  );
}
