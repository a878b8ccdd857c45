// The policy: what to say, and why it is so.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { copyText } from "../../clipboard";
import { useDesk } from "../desk";
import type { Match } from "../../api/schema";
import { day, percent, quoted } from "../../text/format";
import { t } from "../../text/i18n";
import { plainText } from "../../text/markdown";
import { Markdown } from "../../parts/markdown";
import { Hint, IconButton, Section } from "./small";

export type Fold = "why" | "steps" | "exceptions";

export function PolicyPart({ match }: { readonly match: Match }) {
  const desk = useDesk();
  const { policy, explanation } = match;
  const { isBehind } = desk.asking;
  const known = desk.policies.value.get(policy.id);
  useEffect(() => void desk.know(policy.id), [policy.id, desk.policies.value]);
  return (
    <article class="policy" aria-label={policy.title}>
      <div class="policy-head">
        <h2 dir="auto" lang={known?.locale}>
          {policy.title}
        </h2>
        {isBehind.value ? (
          <span class="sure" data-sure="no" title={t("It answers what was said before")}>
            {t("Earlier")}
          </span>
        ) : (
          <Sure match={match} />
        )}
      </div>
      <Section kind="say" name={t("Say")} actions={<SayActions match={match} />}>
        <Markdown text={explanation.say} locale={known?.locale} />
      </Section>
      <Folds match={match} />
    </article>
  );
}

/** How sure the match is, or that the rep has chosen it. */
function Sure({ match }: { readonly match: Match }) {
  const { asking } = useDesk();
  if (asking.chosen.value !== null) return <span class="sure">{t("Your choice")}</span>;
  const isUnsure = asking.suggestion.value?.abstained === true;
  return (
    <span class="sure" data-sure={isUnsure ? "no" : "yes"}>
      {isUnsure ? t("Not sure") : t("{percent} sure", { percent: percent(match.probability) })}
    </span>
  );
}

/** Copy and insert, for the buttons and for the keys. */
export function useSaying(match: Match) {
  const desk = useDesk();
  const note = () => desk.contact.say(match.policy.id, match.policy.version, match.explanation.wording);
  const copy = async () => {
    const done = await copyText(plainText(match.explanation.say));
    desk.announce(done ? t("Copied") : t("The browser does not allow copying here"));
    if (done) note();
    return done;
  };
  const { insert } = desk.host;
  const put = insert && (() => {
    insert(plainText(match.explanation.say));
    note();
    desk.announce(t("Inserted"));
  });
  return { copy, put };
}

function SayActions({ match }: { readonly match: Match }) {
  const { copy, put } = useSaying(match);
  const copied = useSignal(false);
  const press = async () => {
    copied.value = await copy();
    setTimeout(() => (copied.value = false), 1_500);
  };
  return (
    <span class="section-actions">
      <IconButton icon={copied.value ? "check" : "copy"} name={t("Copy")} onClick={() => void press()} />
      <Hint of="copy" />
      {put && <IconButton icon="insert" name={t("Insert into the reply")} onClick={put} />}
      {put && <Hint of="insert" />}
    </span>
  );
}

function Folds({ match }: { readonly match: Match }) {
  const desk = useDesk();
  const folds: readonly (readonly [Fold, string, string | null])[] = [
    ["why", t("Why"), match.explanation.why],
    ["steps", t("Steps"), match.guidance.steps],
    ["exceptions", t("Exceptions"), match.guidance.exceptions],
  ];
  const open = desk.fold.value;
  const text = folds.find(([fold]) => fold === open)?.[2];
  return (
    <div class="folds">
      <div class="fold-row">
        {folds.map(([fold, name, content]) =>
          content ? (
            <button
              key={fold}
              type="button"
              class="fold"
              aria-expanded={open === fold}
              aria-controls="fold"
              onClick={() => (desk.fold.value = open === fold ? null : fold)}
            >
              {name}
              <Hint of={fold} />
            </button>
          ) : null,
        )}
        <Version match={match} />
      </div>
      <div id="fold" class="fold-body" hidden={!text}>
        {text && <Markdown text={text} locale={desk.policies.value.get(match.policy.id)?.locale} />}
        {open === "why" && <Sources match={match} />}
      </div>
    </div>
  );
}

function Version({ match }: { readonly match: Match }) {
  const { policies } = useDesk();
  const review = policies.value.get(match.policy.id)?.review_by;
  const isOverdue = review !== undefined && review < new Date().toISOString().slice(0, 10);
  const title = review && t("To be reviewed by {day}", { day: day(review) });
  return (
    <span class="version" data-overdue={isOverdue} title={title || undefined}>
      {isOverdue ? t("v{version}, review overdue", { version: match.policy.version }) : t("v{version}", { version: match.policy.version })}
    </span>
  );
}

function Sources({ match }: { readonly match: Match }) {
  const { policies } = useDesk();
  const review = policies.value.get(match.policy.id)?.review_by;
  const evidence = match.evidence[0];
  return (
    <dl class="sources">
      {match.explanation.sources.length > 0 && (
        <div>
          <dt>{t("Source")}</dt>
          <dd dir="auto">{match.explanation.sources.join(" · ")}</dd>
        </div>
      )}
      {match.explanation.wording && (
        <div>
          <dt>{t("Wording")}</dt>
          <dd>{match.explanation.wording === "standing" ? t("The standing one of two") : t("The alternative one of two")}</dd>
        </div>
      )}
      {evidence && (
        <div>
          <dt>{t("Found by")}</dt>
          <dd dir="auto">{quoted(evidence.passage)}</dd>
        </div>
      )}
      {review && (
        <div>
          <dt>{t("Review by")}</dt>
          <dd>{day(review)}</dd>
        </div>
      )}
    </dl>
  );
}
