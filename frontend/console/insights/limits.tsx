// Limits by evidence: where more is asked for than the table gives, what becomes of it, and what to change.
import type { CellSeen, Declined, Draft, TuningReport, WhyNot } from "../../api/schema";
import { textOf } from "../../text/amounts";
import { amount } from "../../text/format";
import { act, begin } from "../drafts/asking";
import { plural } from "../drafts/tables";
import { type Desk, useDesk } from "../desk";
import { useDoing } from "../parts/doing";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Tag } from "../parts/small";
import { filters, go, href } from "../place";
import { Range } from "./charts";
import { useSome } from "./some";
import { InsightsFrame, TimeAndTeam } from "./frame";
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
    <InsightsFrame at="limits" about={sentence(report)}>
      <TimeAndTeam page={PLACE} names={FILTERS} told={report} />
      <WhenLoaded of={loaded}>{(found) => <Evidence of={found} again={loaded.again} />}</WhenLoaded>
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
  const doing = useDoing();
  if (of.advice === null) return <span class="quiet">{of.why_not === null ? "" : WHY_NOT[of.why_not]}</span>;
  const draft = async () => {
    const made = await doing.run(() => raised(desk, of));
    if (made !== null) go(href("limits", "drafts", made.id, "review"));
  };
  const declined = async () => {
    const body = { kind: "raise", row: of.row, level: of.level };
    const done = await doing.run(() => desk.api.post<Declined>("/v1/insights/limits/declines", body, { key: crypto.randomUUID() }));
    if (done === null) return;
    desk.tell(`Declined: ${of.row} stays as it is`);
    again();
  };
  const approved = of.states["approved"] ?? 0;
  return (
    <div class="stack">
      <span>
        <Tag tone="accent">Raise to {amount(of.advice.to)}</Tag>
        <span class="quiet below">
          {of.advice.spared} of {approved} approvals would not have been asked for. What they gave was given anyway; whether more would be asked for, nobody
          knows.
        </span>
      </span>
      {desk.may("limits:edit") && (
        <span class="evidence-acts">
          <button type="button" class="secondary" disabled={doing.busy.value} onClick={() => void draft()} aria-label={`Make a draft that raises ${of.row} for ${desk.level(of.level)}`}>
            Make a draft
          </button>
          <button type="button" class="secondary" disabled={doing.busy.value} onClick={() => void declined()} aria-label={`Decline to raise ${of.row} for ${desk.level(of.level)}`}>
            Decline
          </button>
        </span>
      )}
      {doing.fault.value !== null && <Fault of={doing.fault.value} />}
    </div>
  );
}

/** A draft in which the ceiling is as it is advised; its replay tells what that would have cost. */
async function raised(desk: Desk, of: CellSeen): Promise<Draft> {
  const to = of.advice === null ? "" : (textOf(of.advice.to) ?? "unlimited");
  const cell = of.advice !== null && "percent" in of.advice.to ? `${to}%` : to;
  const approved = of.states["approved"] ?? 0;
  const purpose = `Raise ${of.row} for ${desk.level(of.level)} to ${cell}: ${approved} requests beyond it were approved`;
  const draft = await begin(desk, "limits", purpose);
  const cells = await cellsOf(desk, draft, of.row);
  return act(desk, draft, "rows", { put: [{ row: of.row, cells: { ...cells, [`ceiling.${of.level}`]: cell } }] });
}

interface RowPage {
  readonly items: readonly { readonly row: string; readonly cells: Readonly<Record<string, string>> }[];
  readonly next_cursor: string | null;
}

/** A row of a draft; pages are read until it is found. */
async function cellsOf(desk: Desk, draft: Draft, row: string): Promise<Readonly<Record<string, string>>> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: RowPage = await desk.api.get<RowPage>(`/v1/limits/drafts/${draft.id}/rows?limit=200${after}`);
    const found = page.items.find((one) => one.row === row);
    if (found) return found.cells;
    cursor = page.next_cursor;
  }
  return {};
}

/** A time to wait in minutes, or hours: `4 min`. */
function waited(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
