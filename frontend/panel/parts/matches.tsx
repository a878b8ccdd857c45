// Other matches, what to do when unsure, and whether this was right.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Found, Suggestion } from "../../api/schema";
import { useDesk } from "../desk";
import type { Action } from "../keys";
import type { Opinion } from "../state/ending";
import { percent } from "../../text/format";
import { t } from "../../text/i18n";
import { Hint, IconButton, Section } from "./small";

export function OtherMatches({ suggestion, shown }: { readonly suggestion: Suggestion; readonly shown: string }) {
  const { asking } = useDesk();
  const others = suggestion.matches.filter((one) => one.policy.id !== shown);
  const earlier = others.filter((one) => one.role !== "alternative");
  const alternative = others.filter((one) => one.role === "alternative").slice(0, 4);
  if (others.length === 0) return null;
  const row = (name: string, matches: typeof others) =>
    matches.length > 0 && (
      <div class="others-row">
        <span class="quiet">{name}</span>
        {matches.map((one) => (
          <button key={one.policy.id} type="button" class="link" dir="auto" onClick={() => asking.choose(one)}>
            {one.policy.title}
          </button>
        ))}
      </div>
    );
  return (
    <nav class="others" aria-label={t("Other matches")}>
      {row(t("Also asked"), earlier)}
      {row(t("Or"), alternative)}
    </nav>
  );
}

/** When no match is sure enough: the nearest, plainly labelled, to choose from. */
export function Unsure({ suggestion }: { readonly suggestion: Suggestion }) {
  const desk = useDesk();
  const nearest = suggestion.matches.slice(0, 5);
  useEffect(() => {
    const before = desk.act;
    desk.act = (action) => {
      const picked = nearest[Number(/^option(\d)$/.exec(action)?.[1]) - 1];
      return picked !== undefined && (desk.asking.choose(picked), true);
    };
    return () => (desk.act = before);
  });
  return (
    <Section kind="unsure" name={t("Not sure what this is about")}>
      <p class="quiet">{t("Ask the customer for more, or choose what fits.")}</p>
      <PolicyPicker nearest={nearest} hasKeys pick={(one) => desk.asking.choose(one)} />
    </Section>
  );
}

interface PickerProps {
  readonly nearest: readonly Found[];
  /** Whether digits pick from the nearest; where they do, it is said how near they are. */
  readonly hasKeys?: boolean;
  readonly pick: (found: Found) => void;
}

/** The nearest policies, and a search among all. */
export function PolicyPicker({ nearest, hasKeys = false, pick }: PickerProps) {
  const { ending } = useDesk();
  const isSearching = useSignal(false);
  const found = isSearching.value ? ending.found.value : nearest;
  return (
    <>
      <ol class="pick-list">
        {found.map((one, at) => (
          <li key={one.policy.id}>
            <button type="button" class="pick" onClick={() => pick(one)}>
              <span dir="auto">{one.policy.title}</span>
              {hasKeys && !isSearching.value && (
                <span class="quiet pick-near">
                  {percent(one.probability)} <Hint of={`option${at + 1}` as Action} />
                </span>
              )}
            </button>
          </li>
        ))}
      </ol>
      {isSearching.value && found.length === 0 && <p class="quiet">{t("No policy was found with these words.")}</p>}
      <input
        class="field wide"
        type="search"
        aria-label={t("Search policies")}
        placeholder={t("Search policies")}
        maxLength={2_000}
        onInput={(event) => {
          const { value } = event.currentTarget;
          void ending.search(value).then(() => (isSearching.value = value.trim() !== ""));
        }}
      />
    </>
  );
}

export function Foot() {
  const desk = useDesk();
  const suggestion = desk.asking.suggestion.value;
  const isUndecided = suggestion?.abstained === true && desk.asking.chosen.value === null;
  const shown = isUndecided ? null : desk.asking.shown.value;
  const opinion = desk.ending.opinion.value;
  const said = opinion && opinion.of === suggestion?.id ? opinion.verdict : null;
  const { outcome } = desk.ending;
  return (
    <footer class="foot">
      {suggestion && shown ? (
        <span class="opinion" role="group" aria-label={t("Right policy?")}>
          <span class="quiet">{opinionInWords(said)}</span>
          <IconButton
            icon="check"
            name={t("Right policy")}
            pressed={said === "right" || (said === "other" && desk.asking.chosen.value !== null)}
            onClick={() => void desk.ending.judge(rightOr(suggestion, shown.match), shown.match.policy.id, shown.match.issue)}
          />
          <IconButton
            icon="x"
            name={t("Wrong policy")}
            pressed={said === "wrong" || (said === "other" && desk.asking.chosen.value === null)}
            expanded={desk.sheet.value === "wrong"}
            onClick={() => (desk.sheet.value = "wrong")}
          />
        </span>
      ) : (
        <span />
      )}
      <button type="button" class="outcome-button" onClick={() => (desk.sheet.value = "outcome")}>
        {outcome.value ? t("Outcome recorded") : t("Outcome…")} <Hint of="outcome" />
      </button>
    </footer>
  );
}

/** What it says of a suggestion that a policy is right: another one, unless it is the first or was said as well. */
export function rightOr(suggestion: Suggestion, right: Found): "right" | "other" {
  const { matches } = suggestion;
  const isMeant = matches.some((one) => one.policy.id === right.policy.id && (one === matches[0] || one.role !== "alternative"));
  return isMeant ? "right" : "other";
}

function opinionInWords(said: Opinion | "failed" | null): string {
  if (said === "failed") return t("Not recorded; try again");
  return said === null ? t("Right policy?") : t("Thank you");
}
