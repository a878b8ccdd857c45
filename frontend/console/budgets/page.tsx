// Budgets: how much of each is used, how fast, and who is near its end.
import { useSignal } from "@preact/signals";
import type { BudgetUseAnswer, BudgetUsePage, LevelUse } from "../../api/schema";
import { amount, number, words } from "../../text/format";
import { testInWords } from "../../text/words";
import { useAll, useNames } from "../drafts/asking";
import { TableTabs, tablePage } from "../drafts/pages";
import { href } from "../place";
import { plural } from "../drafts/tables";
import { useDesk, useEvents } from "../desk";
import { WhenLoaded } from "../parts/loaded";
import { Empty, PageFrame, Tag } from "../parts/small";
import { Bar, RunsOut, usedIn, windowOf, write } from "./use";
import { firstEnd, hasPace, isUsed } from "./used";

export function BudgetsPage({ rest }: { readonly rest: readonly string[] }) {
  return tablePage("budgets", rest) ?? <Use />;
}

function Use() {
  const found = useAll<BudgetUseAnswer, BudgetUsePage>("/v1/budgets/use", 20);
  useEvents(["version", "budget"], found.again);
  return (
    <PageFrame name="Budgets" about={found.value.value && `Version ${found.value.value.versions.budgets} is in force. Sums are exact; when one runs out is a guess.`}>
      <TableTabs table="budgets" current="" />
      <WhenLoaded of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty name="There are no budgets.">
              <p>
                Without budgets only the ceilings of single contacts hold. <a href={href("budgets", "drafts")}>Begin a draft</a>
              </p>
            </Empty>
          ) : (
            <>
              <p class="lead">{inSentence(items)}</p>
              {SCOPES.map((one) => (
                <OfScope key={one.scope} {...one} items={items.filter((item) => item.scope === one.scope)} />
              ))}
            </>
          )
        }
      </WhenLoaded>
    </PageFrame>
  );
}

const FIRST = 5;
const SCOPES = [
  { scope: "organisation", name: "Everybody together" },
  { scope: "team", name: "Each team" },
  { scope: "rep", name: "Each representative" },
  { scope: "customer", name: "Each customer" },
  { scope: "order", name: "Each order" },
  { scope: "contact", name: "Each contact" },
] as const;

/** The first thing to know: who cannot give any more, and what ends early. */
function inSentence(items: readonly BudgetUseAnswer[]): string {
  const sum = (which: "reached" | "near", scope: string) =>
    items.filter((one) => one.scope === scope).reduce((all, one) => all + (one.levels[0]?.[which] ?? 0), 0);
  const ending = items.filter((one) => hasPace(one) && one.holders.some((holder) => firstEnd(holder) !== null));
  const parts = [];
  if (sum("reached", "team") > 0) parts.push(`${plural(sum("reached", "team"), "team has", "teams have")} nothing left`);
  if (sum("reached", "rep") > 0) {
    parts.push(`${plural(sum("reached", "rep"), "representative has", "representatives have")} nothing left`);
  }
  if (ending.length > 0) parts.push(`${plural(ending.length, "budget", "budgets")} would run out at the pace of the last weeks`);
  if (parts.length === 0) return "At the pace of the last weeks no budget runs out.";
  return `${parts.join(", ")}.`;
}

function OfScope(props: { readonly name: string; readonly items: readonly BudgetUseAnswer[] }) {
  if (props.items.length === 0) return null;
  return (
    <section class="budgets">
      <h2 class="section-name">{props.name}</h2>
      {props.items.map((one) => (
        <OneBudget key={one.budget} of={one} />
      ))}
    </section>
  );
}

function OneBudget({ of }: { readonly of: BudgetUseAnswer }) {
  const desk = useDesk();
  const conditionIn = (one: BudgetUseAnswer["conditions"][number]) => `“${desk.fact(one.fact)}” is ${testInWords(one.test)}`;
  const counted = of.remedies.length === 0 ? "all goodwill" : of.remedies.map((one) => desk.remedy(one)).join(", ");
  return (
    <article class="budget">
      <header class="budget-head">
        <h3>{words(of.budget)}</h3>
        <span class="quiet">
          {windowOf(of.window)} · {counted}
          {of.conditions.length > 0 && ` · only where ${of.conditions.map(conditionIn).join(", ")}`}
        </span>
        {of.frozen && <Tag tone="refused">Frozen: its records differ</Tag>}
        <Affected of={of} />
      </header>
      {of.holders.some(isUsed) ? <Holders of={of} /> : <Nobody of={of} />}
    </article>
  );
}

/** Who is affected: how many have nothing left at a level, and how many little. */
function Affected({ of }: { readonly of: BudgetUseAnswer }) {
  const desk = useDesk();
  if (of.scope === "organisation") return null;
  const [first] = of.levels;
  if (!first || first.reached === null || first.near === null || first.reached + first.near === 0) return null;
  return (
    <span class="budget-affected">
      {first.reached > 0 && <Tag tone="refused">{first.reached} with nothing left</Tag>}
      {first.near > 0 && <Tag tone="approval">{first.near} near the end</Tag>}
      <span class="quiet">
        at the level {desk.level(first.level)}, of {of.number}
      </span>
    </span>
  );
}

function Nobody({ of }: { readonly of: BudgetUseAnswer }) {
  const desk = useDesk();
  const passes = of.levels[0]?.reached === null;
  return (
    <p class="quiet">
      {passes ? "Nobody is listed: contacts and orders come and go. " : "Nothing was given in its window. "}
      {of.levels.map((one) => `${desk.level(one.level)} ${capsIn(one)}`).join(" · ")}
    </p>
  );
}

function capsIn(level: LevelUse): string {
  const parts = [];
  if (level.amount) parts.push(amount(level.amount));
  if (level.grants !== null) parts.push(plural(level.grants, "grant", "grants"));
  return parts.join(", ");
}

function Holders({ of }: { readonly of: BudgetUseAnswer }) {
  const isAll = useSignal(false);
  const used = of.holders.filter(isUsed);
  const shown = isAll.value ? used : used.slice(0, FIRST);
  const nameOf = useNames();
  const named = (holder: string) => (of.scope === "rep" ? nameOf(holder) : holder || "Everybody");
  const hasMoney = of.levels.some((one) => one.amount !== null);
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={`Use of ${words(of.budget)}`}>
      <table class="table use">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Used</th>
            <th scope="col">
              <span class="unseen">Drawn</span>
            </th>
            <th scope="col" class="figure">
              Last 7 days
            </th>
            <th scope="col" class="figure">
              Last 28 days
            </th>
            <th scope="col">{hasPace(of) ? "Runs out" : "Left"}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.holder}>
              <th scope="row">{named(one.holder)}</th>
              <td class="nowrap">{usedIn(one, of.levels, hasMoney)}</td>
              <td class="use-bar">
                <Bar of={one} levels={of.levels} />
              </td>
              <td class="figure">{write(one.last_7_days, hasMoney)}</td>
              <td class="figure">{write(one.last_28_days, hasMoney)}</td>
              <td>
                <RunsOut of={one} hasPace={hasPace(of)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {of.conditions.length > 0 && <p class="quiet">What was given counts whoever it was given to; the cap, where the condition holds.</p>}
      {used.length > shown.length && (
        <button type="button" class="link" onClick={() => (isAll.value = true)}>
          Show the {used.length} who used most, of {number(String(of.number))}
        </button>
      )}
    </div>
  );
}
