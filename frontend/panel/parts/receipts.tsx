// What became of it: receipts with undo, requests with their clock, and what went wrong.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Approval, Quantity } from "../../api/names";
import type { Refused } from "../../api/problems";
import type { Grant } from "../../api/schema";
import { approvalInWords, type Desk, subjectOf, useDesk } from "../desk";
import { asks, meantBy, readAbout } from "../state/acts";
import type { Intent } from "../state/intents";
import { amount, clock, countdown, isOnce, quoted, words } from "../../text/format";
import { t } from "../../text/i18n";
import { reasonInWords } from "../../text/faults";
import { capInWords } from "../../text/words";
import { Icon } from "./icon";
import { land, rowOf } from "./landing";
import { Hint } from "./small";

const SOON = 3 * 60_000;
const DOT = "\u00a0· "; // at the end of a line, never at the start of one

function useNow(isRunning: boolean): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => (now.value = Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now.value;
}

/** What became of it, or else where it can be given. */
function landAt(remedy: string): void {
  const row = rowOf(remedy);
  land(`${row} > .trouble`, `${row} > .receipt`, `${row} button.option-head`, ".body");
}

export function Receipt({ grant }: { readonly grant: Grant }) {
  const desk = useDesk();
  const isReserved = grant.state === "reserved";
  const left = Date.parse(grant.expires_at) - useNow(isReserved);
  const abouts = [desk.giving.about("undo", grant.id), desk.giving.about("final", grant.id)];
  const isBusy = abouts.some((one) => desk.giving.intents.open.value.has(one));
  return (
    <div class="receipt" data-state={grant.state} tabIndex={-1}>
      <Icon name={grant.state === "expired" ? "clock" : "check"} />
      <div class="receipt-text">
        <p>
          <strong>{givenInWords(grant.captured ?? grant.amount)}</strong> · <bdi>{desk.remedy(grant.remedy)}</bdi>
        </p>
        <p class="quiet">
          {clock(grant.at)} · {words(grant.reason_code)} · <State grant={grant} left={left} />
        </p>
        {abouts.map((one) => (
          <TroubleLine key={one} about={one} />
        ))}
      </div>
      {isReserved && left > 0 && (
        <div class="receipt-acts">
          <button type="button" class="small-button" disabled={isBusy} onClick={() => void desk.giving.undo(grant).then(() => landAt(grant.remedy))}>
            <Icon name="undo" />
            {t("Undo")} <Hint of="undo" />
          </button>
          {left < SOON && (
            <button type="button" class="small-button" disabled={isBusy} onClick={() => void desk.giving.capture(grant).then(() => landAt(grant.remedy))}>
              {t("Make final")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function givenInWords(quantity: Quantity): string {
  if (isOnce(quantity)) return t("Given");
  return "count" in quantity ? t("Given {times}", { times: amount(quantity) }) : t("{amount} given", { amount: amount(quantity) });
}

function State({ grant, left }: { readonly grant: Grant; readonly left: number }) {
  switch (grant.state) {
    case "captured":
      return <>{t("final")}</>;
    case "reserved":
      return left > 0 ? (
        <span class="time">{t("reserved for {time}", { time: countdown(left) })}</span>
      ) : (
        <>{t("no longer reserved")}</>
      );
    case "expired":
      return <>{t("no longer reserved; give it again if it is still owed")}</>;
    case "voided":
      return <>{t("taken back")}</>;
  }
}

export function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const desk = useDesk();
  const isPending = approval.state === "pending";
  const left = Date.parse(approval.expires_at) - useNow(isPending);
  const about = desk.giving.about("withdraw", approval.id);
  const isBusy = desk.giving.intents.open.value.has(about);
  return (
    <div class="receipt" data-approval={approval.state} tabIndex={-1}>
      <Icon name={isPending ? "clock" : approval.state === "approved" ? "check" : "x"} />
      <div class="receipt-text">
        <p>
          <strong>
            {isPending ? waitingInWords(approval, desk) : endedInWords(approval, desk)}
          </strong>
        </p>
        <p class="quiet">{isPending ? <Waiting approval={approval} left={left} /> : <Ended approval={approval} />}</p>
        <TroubleLine about={about} />
      </div>
      {isPending && (
        <div class="receipt-acts">
          <button type="button" class="small-button" disabled={isBusy} onClick={() => void desk.giving.withdraw(approval).then(() => landAt(approval.remedy))}>
            {t("Withdraw")}
          </button>
        </div>
      )}
    </div>
  );
}

function endedInWords(approval: Approval, desk: Desk): string {
  const subject = subjectOf(approval);
  return approvalInWords(approval, isOnce(subject) ? desk.remedy(approval.remedy) : amount(subject));
}

function waitingInWords(approval: Approval, desk: Desk): string {
  const level = desk.level(approval.level);
  if (isOnce(approval.amount)) return t("Waiting for a {level}", { level });
  return t("Waiting for a {level}: {amount}", { level, amount: amount(approval.amount) });
}

function Waiting({ approval, left }: { readonly approval: Approval; readonly left: number }) {
  const desk = useDesk();
  return (
    <>
      <bdi>{desk.remedy(approval.remedy)}</bdi> · <span class="time">{t("{time} left", { time: countdown(left) })}</span>
    </>
  );
}

function Ended({ approval }: { readonly approval: Approval }) {
  const desk = useDesk();
  const { end } = approval;
  if (!end) return null;
  const parts = [
    clock(end.at),
    end.by ? t("by {person}", { person: end.by }) : "",
    end.reason_code ? words(end.reason_code) : "",
    end.comment ? quoted(end.comment) : "",
  ];
  return (
    <>
      {!isOnce(subjectOf(approval)) && (
        <>
          <bdi>{desk.remedy(approval.remedy)}</bdi>
          {DOT}
        </>
      )}
      {parts.filter(Boolean).join(DOT)}
    </>
  );
}

/** A refusal with what is left, or that nobody knows yet; each with the next step. */
export function TroubleLine({ about }: { readonly about: string }) {
  const desk = useDesk();
  const { giving } = desk;
  const doubt = giving.intents.doubt(about);
  if (doubt && giving.intents.open.value.has(about)) {
    const meant = meantBy(doubt);
    return (
      <p class="trouble" tabIndex={-1} data-tone="approval">
        {meant && `${isOnce(meant.amount) ? desk.remedy(meant.remedy) : amount(meant.amount)}: `}
        {t("No answer yet. Trying again; it will be done once.")}
      </p>
    );
  }
  if (doubt) {
    return (
      <p class="trouble" tabIndex={-1} data-tone="approval">
        {doubtInWords(doubt)}{" "}
        <button type="button" class="link" onClick={() => void giving.intents.resume().then(() => landAt(readAbout(about).of))}>
          {t("Find out")}
        </button>
      </p>
    );
  }
  const trouble = giving.trouble(about);
  if (!trouble) return null;
  if (trouble.fault === null) {
    return (
      <p class="trouble" tabIndex={-1} data-tone="approval">
        {t("No answer came in time, and it is not tried again. What was done is shown here; do it again if it is missing.")}
      </p>
    );
  }
  return (
    <p class="trouble" tabIndex={-1} data-tone="refused" role="alert">
      <RefusalText fault={trouble.fault} />
    </p>
  );
}

/** What it is that nobody knows the outcome of. */
function doubtInWords(intent: Intent): string {
  const meant = meantBy(intent);
  if (meant === null || "count" in meant.amount) return t("The server did not answer. Nobody knows yet whether it was done.");
  const wanted = { amount: amount(meant.amount) };
  if (asks(intent)) return t("The server did not answer. Nobody knows yet whether {amount} was asked for.", wanted);
  return t("The server did not answer. Nobody knows yet whether {amount} was given.", wanted);
}

function RefusalText({ fault }: { readonly fault: Refused }) {
  const desk = useDesk();
  const missing = fault.fields.flatMap((field) => (/^\/(customer|order)\b/.exec(field)?.[1] ?? []) as ("customer" | "order")[]);
  if (missing.length > 0) return <MissingIds which={[...new Set(missing)]} />;
  if (fault.code === "over_headroom") {
    const { headroom, binding } = fault.problem;
    if (binding) return <>{t("Not given: {reason}", { reason: capInWords(binding, desk) })}</>;
    if (headroom) return <>{t("Not given; left now: {amount}", { amount: amount(headroom) })}</>;
    return <>{t("Not given: it is more than is left.")}</>;
  }
  return <>{t("Not done: {reason}", { reason: reasonInWords(fault, desk) })}</>;
}

/** Budgets add up by customer and by order: whose, has to be known before anything is given. */
function MissingIds({ which }: { readonly which: readonly ("customer" | "order")[] }) {
  const { contact } = useDesk();
  const label = { customer: t("Customer number"), order: t("Order or account number") };
  return (
    <span class="missing">
      {t("Before it can be given, this must be known:")}
      {which.map((one) => (
        <label key={one}>
          {label[one]}
          <input
            class="field"
            maxLength={200}
            value={(one === "customer" ? contact.customer.value : contact.order.value) ?? ""}
            onChange={(event) => contact.name(one, event.currentTarget.value.trim())}
          />
        </label>
      ))}
    </span>
  );
}
