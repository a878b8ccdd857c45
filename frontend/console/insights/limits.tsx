// Limits by evidence: where more is asked for than the table gives, what becomes of it, and what to change.
import type { CellSeen, TuningReport, WhyNot } from "../../api/schema";
import { amount, day, words } from "../../text/format";
import { plural } from "../drafts/tables";
import { useDesk } from "../desk";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Tag } from "../parts/small";
import { filters, href } from "../place";
import { Advised, cellOf, withCeiling } from "./advised";
import { Range } from "./charts";
import { useSome } from "./some";
import { InsightsFrame, TimeAndTeam } from "./frame";
import { Spare } from "./spare";
import { percentage } from "./words";

const FILTERS = ["since", "until", "team"] as const;
const PLACE = ["insights", "limits"] as const;

const WHY_NOT: Readonly<Record<WhyNot, string>> = {
  few: "Too few were decided: it takes 73, if all are approved.",
  refused: "Not nearly all were approved: the ceiling is where it should be.",
  rests_on_facts: "The ceiling rests on facts, and is no fixed amount.",
  declined: "It was advised to be raised, and declined; it is advised again after 30 more decisions.",
  no_room: "What is usually approved is no more than what may be given already, or than the next level may.",
};

export function EvidenceView() {
  const { wanted } = filters(PLACE, FILTERS);
  const loaded = useLoaded<TuningReport>(`/v1/insights/limits?${wanted}`);
  const report = loaded.value.value;
  return (
    <InsightsFrame at="limits" about={sentence(report)} sheet={{ of: "limits", asked: wanted }}>
      <TimeAndTeam page={PLACE} names={FILTERS} told={report} />
      <WhenLoaded of={loaded}>{(found) => <Evidence of={found} again={loaded.again} />}</WhenLoaded>
      <Spare wanted={wanted} />
    </InsightsFrame>
  );
}

function sentence(report: TuningReport | null): string {
  if (report === null) return "Where more is asked for than the table gives";
  const requests = report.items.reduce((sum, one) => sum + one.requests, 0);
  const advised = report.items.filter((one) => one.advice !== null).length;
  if (requests === 0) return "Nobody asked for more than the table gives today.";
  const asked = `${plural(requests, "request", "requests")} went beyond ${plural(report.items.length, "ceiling", "ceilings")}`;
  if (advised === 0) return `${asked}; none of them asks to be raised.`;
  return `${asked}; ${plural(advised, "of them should", "of them should")} be raised, for nearly all was approved.`;
}

function Evidence({ of, again }: { readonly of: TuningReport; readonly again: () => void }) {
  const left = Object.values(of.left_out).reduce((sum, n) => sum + n, 0);
  // What can be done comes first; the server has the most asked first.
  const items = [...of.items].sort((one, other) => Number(other.advice !== null) - Number(one.advice !== null));
  const [shown, rest] = useSome(items, 10);
  return (
    <>
      {items.length === 0 ? (
        <Empty name="There is no evidence against a ceiling in this time.">
          <p>Choose other days, or wait for requests.</p>
        </Empty>
      ) : (
        <div class="table-frame" tabIndex={0} role="region" aria-label="Ceilings that were asked beyond">
          <table class="table evidence">
            <thead>
              <tr>
                <th scope="col">Row</th>
                <th scope="col">Level, ceiling</th>
                <th scope="col" class="figure">
                  Asked beyond
                </th>
                <th scope="col">Approved</th>
                <th scope="col" class="figure">
                  Waited
                </th>
                <th scope="col">What to do</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <Row key={`${one.row}/${one.level}`} of={one} again={again} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rest}
      <p class="quiet">
        Each request was decided again by the table of today.
        {left > 0 && ` ${plural(left, "request says", "requests say")} nothing about it: it gives as much by now, or nothing of it.`}
        {!of.whole && " There are too many requests: the oldest were passed over."}
      </p>
    </>
  );
}

function Row({ of, again }: { readonly of: CellSeen; readonly again: () => void }) {
  const desk = useDesk();
  return (
    <tr>
      <th scope="row">
        {of.row}
        <span class="quiet below">{desk.remedy(of.remedy)}</span>
      </th>
      <td>
        {desk.level(of.level)}
        <span class="quiet below">{of.ceiling === "" ? "nothing" : of.ceiling}</span>
      </td>
      <td class="figure">
        {of.requests}
        {of.asked !== null && <span class="quiet below">{amount(of.asked)} in all</span>}
        <Behind of={of} />
      </td>
      <td>
        <Approved of={of} />
      </td>
      <td class="figure">{of.waited_seconds === null ? "–" : waited(of.waited_seconds)}</td>
      <td class="evidence-advice">
        <Advice of={of} again={again} />
      </td>
    </tr>
  );
}

/** The newest requests of a row and level, each with the contact it was made in. */
function Behind({ of }: { readonly of: CellSeen }) {
  const more = of.requests - of.newest.length;
  return (
    <details class="behind">
      <summary aria-label={`Show them: requests beyond ${of.row}`}>Show them</summary>
      <ul>
        {of.newest.map((one) => (
          <li key={one.id}>
            {one.contact === null ? <span class="quiet">no contact</span> : <a href={href("contacts", one.contact)}>{one.contact}</a>}
            <span class="quiet below">
              {day(one.at)}, {amount(one.asked)}, {words(one.state).toLowerCase()}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <span class="quiet">and {plural(more, "older one", "older ones")}</span>}
    </details>
  );
}

function Approved({ of }: { readonly of: CellSeen }) {
  if (of.overturned === null) return <span class="quiet">none decided</span>;
  const { share, low, high } = of.overturned;
  const approved = of.states["approved"] ?? 0;
  const decided = approved + (of.states["refused"] ?? 0);
  const more = [of.cut > 0 && `${of.cut} cut`, of.taken_back > 0 && `${of.taken_back} taken back`].filter(Boolean);
  return (
    <>
      {approved} of {decided}, {percentage(share)}
      <Range low={low} likely={share} high={high} most={1} isFew={decided < 30} />
      <span class="quiet below">{[`${percentage(low)} to ${percentage(high)}`, ...more].join(", ")}</span>
    </>
  );
}

function Advice({ of, again }: { readonly of: CellSeen; readonly again: () => void }) {
  const desk = useDesk();
  if (of.advice === null) return <span class="quiet">{of.why_not === null ? "" : WHY_NOT[of.why_not]}</span>;
  const approved = of.states["approved"] ?? 0;
  const cell = cellOf(of.advice.to);
  const level = desk.level(of.level);
  const purpose = `Raise ${of.row} for ${level} to ${cell}: ${approved} requests beyond it were approved`;
  return (
    <Advised
      does={`raises ${of.row} for ${level}`}
      draft={() => withCeiling(desk, purpose, of.row, of.level, cell)}
      decline={{ kind: "raise", row: of.row, level: of.level }}
      again={again}
    >
      <Tag tone="accent">Raise to {amount(of.advice.to)}</Tag>
      <span class="quiet below">
        {of.advice.spared} of {approved} approvals would not have been asked for. What they gave was given anyway; whether more would be asked for, nobody knows.
      </span>
    </Advised>
  );
}

/** A time to wait in minutes, or hours: `4 min`. */
function waited(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
