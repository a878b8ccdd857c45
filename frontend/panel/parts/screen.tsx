// The panel, top to bottom: who, what was said, what to say, what to ask, what to give, how it ended.
import { useEffect, useRef } from "preact/hooks";
import { NoAnswer } from "../../api/problems";
import type { Match } from "../../api/schema";
import { useDesk, type Desk } from "../desk";
import type { Action } from "../keys";
import { clock } from "../../text/format";
import { t } from "../../text/i18n";
import { factOf, reasonInWords } from "../../text/faults";
import { capInWords } from "../../text/words";
import { Foot, OtherMatches, rightOr, Unsure } from "./matches";
import { isPlaced, rowOf } from "./landing";
import { givable, openedOf, Options, Standing } from "./options";
import { OutcomeSheet, WrongSheet } from "./outcome";
import { PolicyPart, useSaying } from "./policy";
import { QuestionPart } from "./question";
import { Head, Said } from "./head";
import { Help, Known } from "./sheets";
import { SignIn } from "./sign-in";
import { Notice } from "./small";

export function Screen() {
  const desk = useDesk();
  const { session, announced, sheet } = desk;
  // While somebody is being signed in, what they type is taken already.
  const isIn = session.state.value === "open" || session.state.value === "starting";
  return (
    <>
      {isIn ? <Panel /> : <SignIn />}
      {isIn && sheet.value === "known" && <Known />}
      {isIn && sheet.value === "help" && <Help />}
      {isIn && sheet.value === "outcome" && <OutcomeSheet />}
      {isIn && sheet.value === "wrong" && <WrongSheet />}
      <div class="unseen" role="status" aria-live="polite">
        <span key={announced.value.at}>{announced.value.text}</span>
      </div>
    </>
  );
}

function Panel() {
  const desk = useDesk();
  const { asking } = desk;
  const body = useRef<HTMLDivElement>(null);
  const shown = asking.shown.value;
  const suggestion = asking.suggestion.value;
  const policy = shown?.match.policy.id ?? null;
  useEffect(() => {
    asking.isBusy = () => {
      const { activeElement: active } = document;
      return active !== null && !isPlaced(active) && active.closest(".options, .ask") !== null;
    };
  }, []);
  // Another policy begins at its top, with nothing of the one before unfolded.
  useEffect(() => {
    desk.fold.value = null;
    desk.opened.value = undefined;
    body.current?.scrollTo(0, 0);
  }, [policy]);
  const isUndecided = suggestion?.abstained === true && asking.chosen.value === null;
  return (
    <>
      <Head />
      <Said />
      <div class="body" ref={body} tabIndex={-1}>
        <Notices />
        {(isUndecided || !shown) && <Standing />}
        {!suggestion && <Empty />}
        {suggestion && (isUndecided || !shown) && <Unsure suggestion={suggestion} />}
        {suggestion && shown && !isUndecided && (
          <div key={shown.match.policy.id} class="answer" data-behind={asking.isBehind.value} aria-busy={asking.isBehind.value}>
            <Acts match={shown.match} />
            <PolicyPart match={shown.match} />
            <QuestionPart question={asking.question.value} />
            <Options match={shown.match} />
            <OtherMatches suggestion={suggestion} shown={shown.match.policy.id} />
          </div>
        )}
      </div>
      <Foot />
    </>
  );
}

function Notices() {
  const desk = useDesk();
  const { asking, isOffline } = desk;
  const fault = asking.fault.value;
  const held = asking.held.value?.matches[0];
  const brake = asking.shown.value?.match.options.flatMap((one) => one.caps).find((cap) => cap.kind === "brake");
  return (
    <>
      {isOffline.value && (
        <Notice tone="approval" icon="offline">
          {asking.answeredAt.value
            ? t("No connection. What you see is from {time}; it may have changed. Trying again.", { time: clock(asking.answeredAt.value) })
            : t("No connection. Trying again.")}{" "}
          <button type="button" class="link" onClick={() => asking.again()}>
            {t("Try now")}
          </button>
        </Notice>
      )}
      {!isOffline.value && fault && !(fault instanceof NoAnswer) && (
        <Notice tone="refused" icon="alert">
          {t("This could not be answered: {reason}", { reason: reasonInWords(fault, desk) })}{" "}
          {factOf(fault) !== null && (
            <button type="button" class="link" onClick={() => (desk.sheet.value = "known")}>
              {t("What is known")}
            </button>
          )}
          {fault.problem.request_id && <span class="quiet"> {t("Request {id}", { id: fault.problem.request_id })}</span>}
        </Notice>
      )}
      {held && (
        <Notice tone="quiet" icon="chevron">
          {t("The customer said more: {policy}", { policy: held.policy.title })}{" "}
          <button type="button" class="link" onClick={() => asking.release()}>
            {t("Show it")}
          </button>
        </Notice>
      )}
      {brake && (
        <Notice tone="approval" icon="pause">
          {capInWords(brake, desk)}
        </Notice>
      )}
    </>
  );
}

function Empty() {
  const { asking, contact } = useDesk();
  if (asking.phase.value === "stale") return null;
  // What was said is asked about, or is about to be: once it is known who asks, and which facts there are.
  if (contact.words.value !== null) return <SkeletonAnswer />;
  return (
    <div class="empty">
      <p>{contact.turns.value.length > 0 ? t("The customer has not said anything yet.") : t("What did the customer say?")}</p>
      <p class="quiet">{t("What to say and what you may give appears here, while they speak.")}</p>
    </div>
  );
}

function SkeletonAnswer() {
  return (
    <div class="skeleton" aria-hidden="true">
      {["short", "long", "long", "middle", "short", "long"].map((width, at) => (
        <span key={at} data-width={width} />
      ))}
    </div>
  );
}

/** What the keys do while an answer is shown. */
function Acts({ match }: { readonly match: Match }) {
  const desk = useDesk();
  const { copy, put } = useSaying(match);
  useEffect(() => {
    const before = desk.act;
    desk.act = (action) => act(desk, match, action, { copy, put });
    return () => (desk.act = before);
  });
  return null;
}

function act(desk: Desk, match: Match, action: Action, say: { copy: () => unknown; put: (() => void) | null }): boolean {
  const question = desk.asking.question.value;
  const suggestion = desk.asking.suggestion.value;
  const option = /^option(\d)$/.exec(action)?.[1];
  if (option) return openOption(desk, match, Number(option));
  switch (action) {
    case "copy":
      return (void say.copy(), true);
    case "insert":
      return say.put ? (say.put(), true) : false;
    case "why":
    case "steps":
    case "exceptions":
      return (desk.fold.value = desk.fold.value === action ? null : action) !== undefined;
    case "yes":
    case "no":
      if (question?.type !== "boolean") return false;
      return (desk.contact.answer(question.fact, action === "yes"), true);
    case "question":
      return focus(".ask .answers button, .ask .answers input");
    case "right":
      return suggestion !== null && (void desk.ending.judge(rightOr(suggestion, match), match.policy.id, match.issue), true);
    case "wrong":
      return ((desk.sheet.value = "wrong"), true);
  }
  return false;
}

/** Open an option and go to what gives it, so that the next key gives it. */
function openOption(desk: Desk, match: Match, number: number): boolean {
  const options = givable(match.options);
  const option = options[number - 1];
  if (!option) return false;
  if (openedOf(options, desk) !== option.remedy) desk.opened.value = option.remedy;
  const row = rowOf(option.remedy);
  requestAnimationFrame(() => focus(`${row} .reason`) || focus(`${row} .option-head`));
  return true;
}

export function focus(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  found?.scrollIntoView({ block: "nearest" });
  return found !== null;
}
