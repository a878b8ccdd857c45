// What may be given: verdict, amount, headroom, and one action to give or to ask.
import type { Match, Option } from "../../api/schema";
import { type Desk, useDesk } from "../desk";
import { isOnce, most, quoted } from "../../text/format";
import { t, tn } from "../../text/i18n";
import { isNothing } from "../../text/amounts";
import { possibleInWords, refusalInWords, otherwiseInWords, verdictWord } from "../../text/words";
import { hasNews } from "../state/news";
import { GiveForm } from "./give";
import { ApprovalCard, Receipt, TroubleLine } from "./receipts";
import { Hint, Section } from "./small";
import type { Action } from "../keys";

/** Options that can be given or asked for, in the order in which keys count them. */
export function givable(options: readonly Option[]): readonly Option[] {
  return options.filter((one) => one.verdict !== "not_allowed");
}

/** The remedy whose row is open: the chosen one, or, until something is done, the first there is. */
export function openedOf(options: readonly Option[], desk: Desk): string | null {
  if (desk.opened.value !== undefined) return desk.opened.value;
  const { standing, approvals } = desk.giving;
  if (standing.value.length > 0 || approvals.value.some((one) => one.state === "pending")) return null;
  const allowed = options.find((one) => one.verdict === "allowed");
  // While an answer could still allow something, asking somebody above is not the next thing to do.
  const isSettled = options.every((one) => one.verdict !== "open");
  return (allowed ?? (isSettled ? options.find((one) => one.verdict === "needs_approval") : undefined))?.remedy ?? null;
}

export function Options({ match }: { readonly match: Match }) {
  const desk = useDesk();
  const possible = givable(match.options);
  // What something came of stays in sight, even where nothing more may be given.
  const isInSight = (one: Option) => one.verdict !== "not_allowed" || hasNews(desk.giving.news(one.remedy));
  const folded = match.options.filter((one) => !isInSight(one));
  const opened = openedOf(possible, desk);
  const here = match.options.map((one) => one.remedy);
  return (
    <Section kind="options" name={t("You may")}>
      {desk.giving
        .remediesInNews()
        .filter((one) => !here.includes(one))
        .map((one) => (
          <News key={one} remedy={one} />
        ))}
      {possible.length === 0 && <p class="quiet">{t("Nothing may be given for this.")}</p>}
      <ol class="option-list">
        {match.options.filter(isInSight).map((option) => (
          <OptionRow
            key={option.remedy}
            option={option}
            issue={match.issue}
            at={possible.indexOf(option)}
            isOpen={opened === option.remedy}
          />
        ))}
      </ol>
      {folded.length > 0 && (
        <details class="refusals">
          <summary>{tn("{n} not possible", "{n} not possible", folded.length)}</summary>
          <ol class="option-list">
            {folded.map((option) => (
              <OptionRow key={option.remedy} option={option} issue={match.issue} at={-1} isOpen={false} />
            ))}
          </ol>
        </details>
      )}
    </Section>
  );
}

/** What was given and asked for in this contact, while there is no answer that it could stand with. */
export function Standing() {
  const remedies = useDesk().giving.remediesInNews();
  if (remedies.length === 0) return null;
  return (
    <Section kind="options" name={t("In this contact")}>
      {remedies.map((one) => (
        <News key={one} remedy={one} />
      ))}
    </Section>
  );
}

/** What became of a remedy in this contact: receipts, a request, what went wrong. */
function News({ remedy }: { readonly remedy: string }) {
  const { giving } = useDesk();
  const { grants, approval } = giving.news(remedy);
  return (
    <>
      {grants.map((one) => (
        <Receipt key={one.id} grant={one} />
      ))}
      {approval && <ApprovalCard approval={approval} />}
      <TroubleLine about={giving.about("give", remedy)} />
    </>
  );
}

interface RowProps {
  readonly option: Option;
  readonly issue: string;
  /** Its place among those that can be given or asked for, from 0; -1 for one that cannot. */
  readonly at: number;
  readonly isOpen: boolean;
}

function OptionRow({ option, issue, at, isOpen }: RowProps) {
  const isRefused = option.verdict === "not_allowed";
  return (
    <li class="option" data-verdict={option.verdict} data-open={isOpen} data-remedy={option.remedy}>
      <News remedy={option.remedy} />
      {isRefused ? <RefusedOption option={option} /> : <GivableOption option={option} issue={issue} at={at} isOpen={isOpen} />}
    </li>
  );
}

function RefusedOption({ option }: { readonly option: Option }) {
  const desk = useDesk();
  return (
    <div class="option-refused">
      <div class="option-head">
        <Verdict option={option} />
        <span class="option-name" dir="auto">{option.label}</span>
      </div>
      {option.say && <Say text={option.say} />}
      <p class="option-why">{refusalInWords(option, desk)}</p>
      <Otherwise option={option} />
    </div>
  );
}

/** A sentence that the customer may hear: what is given for, or why it cannot be. */
function Say({ text }: { readonly text: string }) {
  return (
    <p class="option-say" dir="auto">
      {quoted(text)}
    </p>
  );
}

function GivableOption({ option, issue, at, isOpen }: RowProps) {
  const desk = useDesk();
  const isOpenVerdict = option.verdict === "open";
  const isUnknown = desk.giving.intents.doubt(desk.giving.about("give", option.remedy)) !== null;
  const isAsked = desk.giving.news(option.remedy).approval?.state === "pending";
  return (
    <>
      <button
        type="button"
        class="option-head"
        aria-expanded={isOpen}
        onClick={() => (desk.opened.value = isOpen ? null : option.remedy)}
      >
        <Verdict option={option} />
        <span class="option-name" dir="auto">{option.label}</span>
        <span class="option-amount">{headline(option)}</span>
        {at < 9 && <Hint of={`option${at + 1}` as Action} />}
      </button>
      {isOpen && (
        <div class="option-body">
          {option.say && <Say text={option.say} />}
          {isOpenVerdict && option.possible[0] ? (
            <p class="option-why">{possibleInWords(option.possible[0], desk)}</p>
          ) : (
            !isAsked && !isUnknown && <GiveForm option={option} issue={issue} />
          )}
          <Otherwise option={option} />
        </div>
      )}
    </>
  );
}

/** A shape, a colour and, for who cannot see either, a word. */
function Verdict({ option }: { readonly option: Option }) {
  const word = verdictWord(option.verdict);
  return (
    <span class="verdict" data-verdict={option.verdict} title={word}>
      <span class="unseen">{word}: </span>
    </span>
  );
}

function headline(option: Option): string {
  if (option.verdict === "allowed") {
    return isOnce(option.up_to) ? t("yes") : most(option.up_to);
  }
  if (option.verdict === "needs_approval") return t("needs approval");
  return t("depends");
}

function Otherwise({ option }: { readonly option: Option }) {
  const desk = useDesk();
  const first = option.otherwise.find((one) => !isNothing(one.up_to));
  return first ? (
    <p class="option-otherwise">
      <span>{t("otherwise")}</span> {otherwiseInWords(first, desk)}
    </p>
  ) : null;
}
