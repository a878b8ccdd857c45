// The frame that the pages of insights share: the way to the others, and of which time and team they tell.
import type { ComponentChildren } from "preact";
import type { DayReport } from "../../api/schema";
import { useLoaded } from "../parts/loaded";
import { ExportButton } from "../parts/export";
import { Notice, PageFrame } from "../parts/small";
import { filters, href, query } from "../place";

const TABS = [
  { at: "", name: "Money at risk" },
  { at: "measures", name: "Measures" },
  { at: "limits", name: "Limits by evidence" },
  { at: "preventable", name: "Preventable" },
  { at: "wordings", name: "Wordings" },
  { at: "drift", name: "Drift" },
] as const;
export type Tab = (typeof TABS)[number]["at"];
const OF = ["since", "until", "team"] as const;

const place = (at: Tab) => (at === "" ? ["insights"] : ["insights", at]);

/** What follows an address so that it tells of the same time and team. */
export function sameTime(): string {
  const kept = new URLSearchParams();
  for (const name of OF) {
    const value = query.value.get(name);
    if (value) kept.set(name, value);
  }
  const text = kept.toString();
  return text === "" ? "" : `?${text}`;
}

/** A page of insights, with the way to the others. */
export function InsightsFrame(props: {
  readonly at: Tab;
  readonly about: ComponentChildren;
  /** What is asked for, as a file has it as well; none where there is no table. */
  readonly sheet?: { readonly of: string; readonly asked: URLSearchParams };
  readonly children: ComponentChildren;
}) {
  return (
    <PageFrame name="Insights" about={props.about} actions={props.sheet && <Export of={props.sheet.of} asked={props.sheet.asked} />}>
      <nav class="tabs" aria-label="Insights">
        {TABS.map((one) => (
          <a key={one.at} href={href(...place(one.at)) + sameTime()} aria-current={one.at === props.at ? "page" : undefined}>
            {one.name}
          </a>
        ))}
      </nav>
      {props.children}
    </PageFrame>
  );
}

const FORMATS = [
  ["xlsx", "Excel workbook", "What is shown, with these filters: numbers as numbers, intervals in columns of their own."],
  ["csv", "CSV", "The same as plain text, one line for each row."],
] as const;

function Export({ of, asked }: { readonly of: string; readonly asked: URLSearchParams }) {
  const by = asked.get("by");
  return <ExportButton path={`/v1/insights/sheets/${of}?${asked}`} name={by ? `${of}-by-${by}` : of} formats={FORMATS} />;
}

/** That some days are not counted yet; nothing where all are. */
export function Pending({ days }: { readonly days: number }) {
  if (days === 0) return null;
  return (
    <Notice tone="quiet" icon="clock">
      <p>{days === 1 ? "One day is" : `${days} days are`} still being counted: look again in a moment.</p>
    </Notice>
  );
}

/** Which days, and whose. `told` are the days that the answer tells of, where none were asked for. */
export function TimeAndTeam(props: { readonly page: readonly string[]; readonly names: readonly string[]; readonly told: { readonly since: string; readonly until: string } | null }) {
  const { wanted, choose } = filters(props.page, props.names);
  const day = useLoaded<DayReport>("/v1/insights/day");
  const teams = day.value.value?.teams ?? [];
  // Who sees one team alone has no other choice, and it is chosen without being in the address.
  const own = day.value.value?.team ?? null;
  const team = wanted.get("team") ?? own ?? "";
  return (
    <div class="filters">
      <label>
        From{" "}
        <input class="field" type="date" value={wanted.get("since") ?? props.told?.since ?? ""} onChange={(event) => choose({ since: event.currentTarget.value })} />
      </label>
      <label>
        To{" "}
        <input class="field" type="date" value={wanted.get("until") ?? props.told?.until ?? ""} onChange={(event) => choose({ until: event.currentTarget.value })} />
      </label>
      <label>
        Team{" "}
        <select class="field" value={team} onChange={(event) => choose({ team: event.currentTarget.value })}>
          {own === null && <option value="">All teams</option>}
          {[...new Set([...teams, ...(team === "" ? [] : [team])])].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
    </div>
  );
}
