// What limits have to spare: ceilings that are never nearly reached, and rows that decide nothing.
import type { CellUsed, RowIdle, SpareReport, WhyKept } from "../../api/schema";
import { amount } from "../../text/format";
import { plural } from "../drafts/tables";
import { useDesk } from "../desk";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Tag } from "../parts/small";
import { Advised, cellOf, withCeiling, withoutRow } from "./advised";
import { useSome } from "./some";
import { percentage } from "./words";

const WHY_KEPT: Readonly<Record<WhyKept, string>> = {
  few: "Too few occasions: it takes 100.",
  needed: "More than half of it is needed at times, or the level below may give as much.",
  rests_on_facts: "The ceiling rests on facts, or has no limit.",
  owed: "What is owed stays, however seldom.",
  nobody_above: "No level above may give as much: customers would lose it.",
  guards: "A guard: it refuses something, or without it more might be given.",
  part_of_time: "Not in effect on all of these days.",
  one_team: "One team alone says nothing against a table that is everybody's.",
  declined: "Advised, and declined; it is advised again once there is as much new evidence.",
};

export function Spare({ wanted }: { readonly wanted: URLSearchParams }) {
  const loaded = useLoaded<SpareReport>(`/v1/insights/limits/spare?${wanted}`);
  return (
    <section class="stack" aria-labelledby="spare">
      <h2 id="spare">Room to spare</h2>
      <WhenLoaded of={loaded}>{(found) => <Found of={found} again={loaded.again} />}</WhenLoaded>
    </section>
  );
}

function Found({ of, again }: { readonly of: SpareReport; readonly again: () => void }) {
  const lower = of.cells.filter((one) => one.advice !== null).length;
  const drop = of.rows.filter((one) => one.drop).length;
  const nothing = of.team === null ? "No ceiling gives far more than is needed, and no row could go." : "Of one team it is told what was needed; nothing is advised.";
  return (
    <>
      <p>
        {lower + drop === 0
          ? nothing
          : `${plural(lower, "ceiling gives", "ceilings give")} at least twice what is needed, and ${plural(drop, "row decides", "rows decide")} nothing.`}{" "}
        <span class="quiet">Nothing is advised that takes anything from a customer, or gives anybody more.</span>
      </p>
      {of.cells.length > 0 && <Ceilings of={of.cells} again={again} />}
      {of.rows.length > 0 && <Rows of={of.rows} again={again} />}
      {!of.whole && <p class="quiet">There was too much to look at: the oldest was passed over.</p>}
    </>
  );
}

function Ceilings({ of, again }: { readonly of: readonly CellUsed[]; readonly again: () => void }) {
  // What can be done comes first; the server has the most used first.
  const items = [...of].sort((one, other) => Number(other.advice !== null) - Number(one.advice !== null));
  const [shown, rest] = useSome(items, 5);
  return (
    <>
      <div class="table-frame" tabIndex={0} role="region" aria-label="Ceilings and how much of them is needed">
        <table class="table evidence">
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">Level, ceiling</th>
              <th scope="col" class="figure">
                Occasions
              </th>
              <th scope="col" class="figure">
                99 of 100 need
              </th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Ceiling key={`${one.row}/${one.level}`} of={one} again={again} />
            ))}
          </tbody>
        </table>
      </div>
      {rest}
    </>
  );
}

function Ceiling({ of, again }: { readonly of: CellUsed; readonly again: () => void }) {
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
      <td class="figure">{of.occasions}</td>
      <td class="figure">
        {of.occasions < 100 ? "–" : amount(of.nearly_all)}
        <span class="quiet below">at most {amount(of.most)}</span>
      </td>
      <td class="evidence-advice">{of.why_kept !== null ? <span class="quiet">{WHY_KEPT[of.why_kept]}</span> : <Lowering of={of} again={again} />}</td>
    </tr>
  );
}

function Lowering({ of, again }: { readonly of: CellUsed; readonly again: () => void }) {
  const desk = useDesk();
  const advice = of.advice;
  if (advice === null) return null;
  const cell = cellOf(advice.to);
  const level = desk.level(of.level);
  const purpose = `Lower ${of.row} for ${level} to ${cell}: ${of.occasions - advice.beyond} of ${of.occasions} occasions needed no more`;
  return (
    <Advised
      does={`lowers ${of.row} for ${level}`}
      draft={() => withCeiling(desk, purpose, of.row, of.level, cell)}
      decline={{ kind: "lower", row: of.row, level: of.level }}
      again={again}
    >
      <Tag tone="accent">Lower to {amount(advice.to)}</Tag>
      <span class="quiet below">
        On {advice.beyond} of {of.occasions} occasions a level above would have been asked; it may be up to {percentage(advice.at_most)}. What is above it is open to
        mistakes and stolen passwords.
      </span>
    </Advised>
  );
}

function Rows({ of, again }: { readonly of: readonly RowIdle[]; readonly again: () => void }) {
  const desk = useDesk();
  const items = [...of].sort((one, other) => Number(other.drop) - Number(one.drop));
  const [shown, rest] = useSome(items, 5);
  return (
    <>
      <div class="table-frame" tabIndex={0} role="region" aria-label="Rows that decided nothing">
        <table class="table evidence">
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col" class="figure">
                Suggestions it left alone
              </th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.row}>
                <th scope="row">
                  {one.row}
                  <span class="quiet below">{desk.remedy(one.remedy)}</span>
                </th>
                <td class="figure">{one.suggestions}</td>
                <td class="evidence-advice">
                  {one.why_kept !== null ? (
                    <span class="quiet">{WHY_KEPT[one.why_kept]}</span>
                  ) : (
                    <Advised
                      does={`drops ${one.row}`}
                      draft={() => withoutRow(desk, `Drop ${one.row}: it decided none of ${one.suggestions} suggestions about its issues`, one.row)}
                      decline={{ kind: "drop", row: one.row }}
                      again={again}
                    >
                      <Tag tone="accent">Drop</Tag>
                      <span class="quiet below">It may yet decide up to {percentage(one.at_most)} of such suggestions: then nothing is given by it, and nobody asked.</span>
                    </Advised>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest}
    </>
  );
}
