// Drift: whether matching still fits what customers say, week by week and model by model.
import type { DriftReport, DriftWeek } from "../../api/schema";
import { day } from "../../text/format";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Tag } from "../parts/small";
import { filters } from "../place";
import { Intervals } from "./charts";
import { InsightsFrame } from "./frame";
import { count, percentage, percentages } from "./words";

const PLACE = ["insights", "drift"] as const;
const WEEKS = ["4", "13", "26", "52"];

export function DriftView() {
  const { wanted, choose } = filters(PLACE, ["weeks"]);
  const loaded = useLoaded<DriftReport>(`/v1/insights/drift?${wanted}`);
  return (
    <InsightsFrame at="drift" about={sentence(loaded.value.value)} sheet={{ of: "drift", asked: wanted }}>
      <div class="filters">
        <label>
          The last{" "}
          <select class="field" value={wanted.get("weeks") ?? "13"} onChange={(event) => choose({ weeks: event.currentTarget.value })}>
            {WEEKS.map((one) => (
              <option key={one} value={one}>
                {one} weeks
              </option>
            ))}
          </select>
        </label>
        <span class="quiet">of all teams</span>
      </div>
      <WhenLoaded of={loaded}>{(found) => <Weeks of={found} />}</WhenLoaded>
    </InsightsFrame>
  );
}

/** Whether the newest week differs from the one before: its interval does not meet the other. */
function sentence(report: DriftReport | null): string {
  if (report === null) return "Whether matching still fits what customers say";
  const [newest, before] = report.items.filter((one) => !one.few);
  if (newest === undefined) return "There are too few suggestions to tell whether matching still fits.";
  const of = `In the week from ${day(newest.week)} ${percentage(newest.abstained.share)} of suggestions abstained`;
  if (before === undefined) return `${of}; there is no week to compare it with.`;
  if (newest.abstained.low > before.abstained.high) return `${of}: more than the week before. Customers ask what no policy answers, or in other words.`;
  if (newest.abstained.high < before.abstained.low) return `${of}: fewer than the week before.`;
  return `${of}: no more than chance apart from the week before.`;
}

function Weeks({ of }: { readonly of: DriftReport }) {
  if (of.items.length === 0) {
    return (
      <Empty name="Nothing was suggested in this time.">
        <p>Look further back, or connect the panel.</p>
      </Empty>
    );
  }
  const inTime = [...of.items].reverse();
  const most = Math.max(0.1, ...inTime.map((one) => one.abstained.high));
  return (
    <section class="stack" aria-label="Week by week">
      <h2 class="section-name">Suggestions that abstained</h2>
      <Intervals of={inTime.map((one) => ({ key: keyOf(one), likely: one.abstained.share, low: one.abstained.low, high: one.abstained.high }))} most={most} />
      <p class="quiet">
        The oldest week first, from none to {percentage(most)}; each with its 95 % interval. Weeks differ where these do not meet.
      </p>
      <div class="table-frame" tabIndex={0} role="region" aria-label="Week by week, as a table">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Week from</th>
              <th scope="col">Model</th>
              <th scope="col" class="figure">
                Suggestions
              </th>
              <th scope="col" class="figure">
                Abstained
              </th>
              <th scope="col" class="figure">
                Median probability
              </th>
              <th scope="col" class="figure">
                Unknown words
              </th>
            </tr>
          </thead>
          <tbody>
            {of.items.map((one) => (
              <tr key={keyOf(one)}>
                <td class="nowrap">{day(one.week)}</td>
                <td>{one.model}</td>
                <td class="figure">
                  {count(one.suggestions)} {one.few && <Tag>few</Tag>}
                </td>
                <td class="figure">
                  {percentage(one.abstained.share)} <span class="quiet">{percentages({ ...one.abstained, likely: one.abstained.share })}</span>
                </td>
                <td class="figure">{one.probability === null ? "–" : percentage(one.probability)}</td>
                <td class="figure">{one.unknown_words === null ? "–" : percentage(one.unknown_words)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!of.whole && <p class="quiet">Older suggestions were left out: there are too many.</p>}
    </section>
  );
}

const keyOf = (one: DriftWeek) => `${one.week}/${one.model}`;
