// How much of a budget somebody used: in words, drawn, and when it would run out.
import type { HolderUse, LevelUse } from "../../api/schema";
import { amount, day } from "../../text/format";
import { plural } from "../drafts/tables";
import { Icon } from "../parts/icon";
import { firstEnd, usedShare } from "./used";

const WINDOWS: Readonly<Record<string, string>> = {
  contact: "in one contact",
  day: "today",
  month: "this month",
  lifetime: "ever",
};

export const windowOf = (window: string) => WINDOWS[window] ?? `in ${window.replace("d", " days")}`;

export function write(used: HolderUse["used"], hasMoney: boolean): string {
  return hasMoney ? amount(used.amount) : plural(used.grants, "grant", "grants");
}

/** What is used, of the lowest level's caps. */
export function usedIn(holder: HolderUse, levels: readonly LevelUse[], hasMoney: boolean): string {
  const [first] = levels;
  const parts = [];
  if (hasMoney) parts.push(`${amount(holder.used.amount)}${first?.amount ? ` of ${amount(first.amount)}` : ""}`);
  if (first?.grants != null) parts.push(`${holder.used.grants} of ${first.grants} grants`);
  return parts.join(", ") || plural(holder.used.grants, "grant", "grants");
}

export function RunsOut(props: { readonly of: HolderUse; readonly hasPace: boolean }) {
  const at = firstEnd(props.of);
  const isOver = at !== null && Date.parse(at) <= Date.now();
  if (isOver) {
    return (
      <span class="stale">
        <Icon name="alert" /> nothing left
      </span>
    );
  }
  if (!props.hasPace) return null;
  if (at === null) return <span class="quiet">not at this pace</span>;
  return (
    <span class="stale">
      <Icon name="clock" /> {day(at)}
    </span>
  );
}

/** How much of the lowest level's cap is used, drawn. */
export function Bar({ of, levels }: { readonly of: HolderUse; readonly levels: readonly LevelUse[] }) {
  const most = usedShare(of, levels);
  return (
    <svg class="meter" data-over={most >= 100} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="meter-ground" x="0" y="0" width="100" height="8" />
      <rect x="0" y="0" width={most} height="8" />
    </svg>
  );
}
