// Measures: what became of contacts, over time and by what they are about, each with its interval.
import type { By, MeasuredItem, MeasuredSeen, MeasuresReport, RateSeen } from "../../api/schema";
import { day, words } from "../../text/format";
import { type Desk, useDesk } from "../desk";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Tag } from "../parts/small";
import { step } from "../overview/words";
import { filters, href } from "../place";
import { Intervals, Range } from "./charts";
import { InsightsFrame, Pending, TimeAndTeam } from "./frame";
import { useSome } from "./some";
import { causeIn, count, percentage } from "./words";

const FILTERS = ["since", "until", "team", "by", "issue", "channel", "measure"] as const;
const PLACE = ["insights", "measures"] as const;
const FIRST = 15;

const BY: readonly (readonly [By, string])[] = [
  ["week", "Week"],
  ["day", "Day"],
  ["issue", "Issue"],
  ["cause", "Cause"],
  ["team", "Team"],
  ["channel", "Channel"],
  ["policy", "Policy and version"],
];
const RATES = ["resolved_at_once", "came_back", "repeated", "escalated", "transferred"] as const;
type Rate = (typeof RATES)[number];
const NAMES: Readonly<Record<Rate, string>> = {
  resolved_at_once: "Resolved at once",
  came_back: "Came back",
  repeated: "Repeated",
  escalated: "Escalated",
  transferred: "Transferred",
};

export function MeasuresView() {
  const desk = useDesk();
  const { wanted, choose } = filters(PLACE, FILTERS);
  const measure = RATES.find((one) => one === wanted.get("measure")) ?? "resolved_at_once";
  const asked = new URLSearchParams(wanted);
  asked.delete("measure");
  const loaded = useLoaded<MeasuresReport>(`/v1/insights/measures?${asked}`);
  const report = loaded.value.value;
  return (
    <InsightsFrame at="measures" about={sentence(report)} sheet={{ of: "measures", asked }}>
      <TimeAndTeam page={PLACE} names={FILTERS} told={report} />
      <div class="filters">
        <Choice name="By" value={wanted.get("by") ?? "week"} of={BY} onChange={(by) => choose({ by })} />
        <Choice name="Drawn" value={measure} of={RATES.map((one) => [one, NAMES[one]])} onChange={(chosen) => choose({ measure: chosen })} />
        <Choice
          name="Issue"
          value={wanted.get("issue") ?? ""}
          of={[["", "any"], ...(desk.vocabulary.value?.issues ?? []).map((one) => [one.key, one.name] as const)]}
          onChange={(issue) => choose({ issue })}
        />
        {wanted.get("channel") && (
          <button type="button" class="secondary" onClick={() => choose({ channel: "" })}>
            Only {wanted.get("channel")}: show all channels
          </button>
        )}
      </div>
      <WhenLoaded of={loaded}>{(found) => <Measured key={found.by} of={found} measure={measure} />}</WhenLoaded>
    </InsightsFrame>
  );
}

function Choice(props: {
  readonly name: string;
  readonly value: string;
  readonly of: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <label>
      {props.name}{" "}
      <select class="field" aria-label={props.name} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        {props.of.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function sentence(report: MeasuresReport | null): string {
  if (report === null) return "What became of contacts";
  const { total } = report;
  const { share, low, high, of } = total.resolved_at_once;
  if (share === null || low === null || high === null) return `${count(total.contacts)} contacts, of which none has ended.`;
  return `${percentage(share)} of ${count(of)} contacts that ended were resolved at once (${percentage(low)} to ${percentage(high)}).`;
}

function Measured({ of, measure }: { readonly of: MeasuresReport; readonly measure: Rate }) {
  const inTime = of.by === "week" || of.by === "day";
  const [shown, rest] = useSome(inTime ? [...of.items].reverse() : of.items, inTime ? of.items.length : FIRST);
  if (of.items.length === 0) {
    return (
      <Empty name="No contact is like this.">
        <p>Take a filter away, or choose other days.</p>
      </Empty>
    );
  }
  return (
    <section class="stack" aria-label={`${NAMES[measure]} by ${of.by}`}>
      <Pending days={of.pending} />
      {inTime && <Drawn of={of} measure={measure} />}
      <div class="table-frame" tabIndex={0} role="region" aria-label={`Measures by ${of.by}, as a table`}>
        <table class="table measures">
          <thead>
            <tr>
              <th scope="col">{BY.find(([key]) => key === of.by)?.[1]}</th>
              <th scope="col" class="figure">
                Contacts
              </th>
              <th scope="col">{NAMES[measure]}</th>
              {RATES.filter((one) => one !== measure).map((one) => (
                <th scope="col" class="figure" key={one}>
                  {NAMES[one]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={`${one.key}/${one.version}`} of={one} report={of} measure={measure} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">All, each contact once</th>
              <Figures of={of.total} measure={measure} />
            </tr>
          </tfoot>
        </table>
      </div>
      {rest}
      <p class="quiet">
        Ranges hold the true share with 95 % confidence. Contacts since {day(of.unsettled_since)} may still be repeated, so that their shares may fall.
        {!of.whole && " Only those with the most contacts are listed."}
      </p>
    </section>
  );
}

function Drawn({ of, measure }: { readonly of: MeasuresReport; readonly measure: Rate }) {
  const points = of.items.map((one) => {
    const { share, low, high } = one[measure];
    return { key: one.key ?? "", likely: share ?? 0, low: low ?? 0, high: high ?? 0 };
  });
  const most = Math.min(1, Math.max(0.1, ...points.map((one) => one.high)));
  return (
    <figure class="drawn">
      <Intervals of={points} most={most} />
      <figcaption class="quiet">
        {NAMES[measure]}, the oldest {of.by} first, from none to {percentage(most)}; each with its interval.
      </figcaption>
    </figure>
  );
}

function Row({ of, report, measure }: { readonly of: MeasuredItem; readonly report: MeasuresReport; readonly measure: Rate }) {
  const desk = useDesk();
  const name = nameOf(desk, report.by, of);
  const to = leadsTo(report, of);
  return (
    <tr>
      <th scope="row">{to === null ? name : <a href={to}>{name}</a>}</th>
      <Figures of={of} measure={measure} />
    </tr>
  );
}

function Figures({ of, measure }: { readonly of: MeasuredSeen; readonly measure: Rate }) {
  return (
    <>
      <td class="figure">{count(of.contacts)}</td>
      <td class="measured">
        <InFull of={of[measure]} />
      </td>
      {RATES.filter((one) => one !== measure).map((one) => (
        <td class="figure" key={one}>
          {of[one].share === null ? "–" : percentage(of[one].share ?? 0)}
        </td>
      ))}
    </>
  );
}

function InFull({ of }: { readonly of: RateSeen }) {
  if (of.share === null || of.low === null || of.high === null) return <span class="quiet">of none</span>;
  return (
    <>
      {percentage(of.share)} <span class="quiet">of {count(of.of)}</span> {of.few && <Tag>few</Tag>}
      <Range low={of.low} likely={of.share} high={of.high} most={1} isFew={of.few} />
      <span class="quiet below">
        {percentage(of.low)} to {percentage(of.high)}
      </span>
    </>
  );
}

function nameOf(desk: Desk, by: By, { key, version }: MeasuredItem): string {
  if (key === null) return "None named";
  if (by === "week" || by === "day") return day(key);
  if (by === "issue") return desk.issue(key);
  if (by === "cause") return causeIn(key);
  if (by === "policy") return version === null ? key : `${key}, version ${version}`;
  return by === "channel" ? words(key) : key;
}

/** Where it can be looked at more closely, down to its contacts; null where that is nowhere. */
function leadsTo(report: MeasuresReport, { key }: MeasuredItem): string | null {
  if (key === null) return null;
  const kept = new URLSearchParams({ since: report.since, until: report.until, ...(report.team && { team: report.team }) });
  const measures = (more: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries({ ...(report.issue && { issue: report.issue }), ...more })) kept.set(name, value);
    return `${href(...PLACE)}?${kept}`;
  };
  switch (report.by) {
    case "day": {
      const asked = new URLSearchParams({ day: key, ...(report.team && { team: report.team }), ...(report.issue && { issue: report.issue }) });
      return `${href("contacts")}?${asked}`;
    }
    case "week":
      return measures({ by: "day", since: key, until: step(key, 6) });
    case "issue":
      return `${href("insights", "issues", key)}?${kept}`;
    case "policy":
      return href("policies", key);
    case "team":
      return measures({ by: "week", team: key });
    case "channel":
      return measures({ by: "week", channel: key });
    case "cause":
      return `${href("contacts")}?${new URLSearchParams({ ...Object.fromEntries(kept), measured_cause: key, ...(report.issue && { issue: report.issue }) })}`;
  }
}
