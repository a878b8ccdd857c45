// Who used how much of which budget, the fullest first: pure.
import type { BudgetUseAnswer, HolderUse } from "../../api/schema";
import { firstEnd, isUsed, usedShare } from "../budgets/used";

export interface Spending {
  readonly budget: BudgetUseAnswer;
  readonly holder: HolderUse;
}

/** Who is nearest to an end, first. */
export function fullestFirst(budgets: readonly BudgetUseAnswer[]): readonly Spending[] {
  const all = budgets.flatMap((budget) => budget.holders.filter(isUsed).map((holder) => ({ budget, holder })));
  const endsAt = ({ holder }: Spending) => firstEnd(holder) ?? "9999";
  return all.sort(
    (one, other) =>
      usedShare(other.holder, other.budget.levels) - usedShare(one.holder, one.budget.levels) ||
      endsAt(one).localeCompare(endsAt(other)),
  );
}
