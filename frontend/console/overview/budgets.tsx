// What is spent against budgets now: those of everybody, and of the teams that used most of theirs.
import type { BudgetUseAnswer, BudgetUsePage } from "../../api/schema";
import { words } from "../../text/format";
import { Bar, RunsOut, usedIn, windowOf } from "../budgets/use";
import { useAll } from "../drafts/asking";
import { useEvents } from "../desk";
import { WhenLoaded } from "../parts/loaded";
import { Empty } from "../parts/small";
import { href } from "../place";
import { fullestFirst, type Spending } from "./spending";

const SHOWN = 6;
const PAGE = 20;

export function SpendAgainstBudgets({ team }: { readonly team: string | null }) {
  const only = team === null ? "" : `&holder=${encodeURIComponent(team)}`;
  const everybody = useAll<BudgetUseAnswer, BudgetUsePage>("/v1/budgets/use?scope=organisation", PAGE);
  const teams = useAll<BudgetUseAnswer, BudgetUsePage>(`/v1/budgets/use?scope=team${only}`, PAGE);
  useEvents(["version", "budget"], () => (everybody.again(), teams.again()));
  return (
    <section class="stack" aria-labelledby="overview-budgets">
      <h2 class="section-name" id="overview-budgets">
        Spent against budgets
      </h2>
      <WhenLoaded of={everybody}>
        {(all) => <WhenLoaded of={teams}>{(those) => <Table of={fullestFirst([...all.items, ...those.items])} />}</WhenLoaded>}
      </WhenLoaded>
    </section>
  );
}

function Table({ of }: { readonly of: readonly Spending[] }) {
  if (of.length === 0) return <Empty name="Nothing was given that a budget of teams or of everybody counts." />;
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-labelledby="overview-budgets">
      <table class="table spending">
        <thead>
          <tr>
            <th scope="col">Budget</th>
            <th scope="col">Who</th>
            <th scope="col">Used</th>
            <th scope="col">
              <span class="unseen">Drawn</span>
            </th>
            <th scope="col">Runs out</th>
          </tr>
        </thead>
        <tbody>
          {of.slice(0, SHOWN).map(({ budget, holder }) => (
            <tr key={`${budget.budget}/${holder.holder}`}>
              <th scope="row">
                <a href={href("budgets")}>{words(budget.budget)}</a> <span class="quiet">{windowOf(budget.window)}</span>
              </th>
              <td class="nowrap">{holder.holder || "Everybody"}</td>
              <td class="nowrap">{usedIn(holder, budget.levels, budget.levels.some((one) => one.amount !== null))}</td>
              <td class="use-bar">
                <Bar of={holder} levels={budget.levels} />
              </td>
              <td>
                <RunsOut of={holder} hasPace />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
