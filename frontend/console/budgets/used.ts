// How much of a budget somebody used: pure.
import type { BudgetUseAnswer, HolderUse, LevelUse } from "../../api/schema";
import { share, textOf } from "../../text/amounts";

export const isUsed = (holder: HolderUse) => holder.used.grants > 0;

export const firstEnd = (holder: HolderUse) => holder.runs_out[0]?.at ?? null;

/** Whose pace says anything: one customer's two grants are no pace. */
export const hasPace = (of: BudgetUseAnswer) => ["organisation", "team", "rep"].includes(of.scope);

/** How much of the lowest level's cap is used, in percent. */
export function usedShare(of: HolderUse, levels: readonly LevelUse[]): number {
  const [first] = levels;
  return Math.max(
    first?.amount ? share(textOf(of.used.amount) ?? "0", first.amount.amount) : 0,
    first?.grants ? share(String(of.used.grants), String(first.grants)) : 0,
  );
}
