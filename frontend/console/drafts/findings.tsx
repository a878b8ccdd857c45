// What is wrong with a draft and what is worth a look, each with the way to it and out of it.
import { useSignal } from "@preact/signals";
import type { Draft, Finding, Review } from "../../api/schema";
import { useDesk } from "../desk";
import { useDoing } from "../parts/doing";
import { Icon, type IconName } from "../parts/icon";
import { Fault } from "../parts/loaded";
import { Notice } from "../parts/small";
import { act } from "./asking";
import { nameOf } from "../policies/fields";
import { wholeInWords } from "./cells";
import { useColumnName, useDiffering } from "./changes";
import { named, namesOf } from "./named";
import { cellOf, isWorkedOn, plural, rowOf, type Table } from "./tables";

const FIRST = 8;
const SEVERITIES: Readonly<Record<Finding["severity"], { readonly word: string; readonly icon: IconName }>> = {
  error: { word: "To fix", icon: "x" },
  warning: { word: "Look at", icon: "alert" },
  note: { word: "Note", icon: "search" },
};

export function Findings(props: {
  readonly of: Review;
  readonly draft: Draft;
  readonly changed: ReadonlySet<string>;
  readonly onDone: (draft: Draft) => void;
}) {
  const { draft, of } = props;
  const isAll = useSignal(false);
  // What the draft touches comes first; the rest stood there before.
  const own = of.items.filter((one) => one.rows.some((row) => props.changed.has(row)));
  const others = of.items.filter((one) => !own.includes(one));
  const shown = isAll.value ? [...own, ...others] : own.slice(0, FIRST);
  const hidden = of.items.length - shown.length;
  const desk = useDesk();
  const { table } = draft;
  const inGrid = useColumnName(table === "policies" ? "limits" : table);
  const columnOf = (column: string) => (table === "policies" ? nameOf(column, (key) => desk.issue(key)) : inGrid(column));
  if (of.faults.length === 0 && of.items.length === 0) {
    return (
      <Notice tone="allowed" icon="check">
        <p>Nothing is wrong with it, and nothing needs a look.</p>
      </Notice>
    );
  }
  return (
    <>
      {own.length + of.faults.length === 0 && (
        <p class="quiet">Nothing about what it changes.</p>
      )}
      <ul class="findings">
        {of.faults.map((one) => (
          <li class="finding" data-severity="error" key={`${one.row}/${one.column}`}>
            <Icon name="x" />
            <div class="finding-text">
              <p>
                <strong>Cannot be read: </strong>
                {one.message}
              </p>
              <p class="finding-rows">
                <a href={cellOf(table, draft.id, one.row, one.column)}>
                  {rowOf(table, one.row)}, {columnOf(one.column)}
                </a>
              </p>
            </div>
          </li>
        ))}
        {shown.map((one) => (
          <OneFinding key={`${one.code}${one.rows.join()}${one.message}`} of={one} draft={draft} onDone={props.onDone} />
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" class="link" onClick={() => (isAll.value = true)}>
          Show {plural(hidden, "more finding", "more findings")}, most about what stood there before
        </button>
      )}
    </>
  );
}

function OneFinding(props: {
  readonly of: Finding;
  readonly draft: Draft;
  readonly onDone: (draft: Draft) => void;
}) {
  const { of, draft } = props;
  const desk = useDesk();
  const doing = useDoing();
  const vocabulary = desk.vocabulary.value;
  const { table } = draft;
  const settle = async () => {
    const { proposal } = of;
    if (proposal === null) return;
    const done = await doing.run(() => act(desk, draft, "rows", { put: [proposal] }));
    if (done === null) return;
    desk.tell(`Row ${proposal.row} is added to the draft.`);
    props.onDone(done);
  };
  return (
    <li class="finding" data-severity={of.severity}>
      <Icon name={SEVERITIES[of.severity].icon} />
      <div class="finding-text">
        <p>
          <strong>{SEVERITIES[of.severity].word}: </strong>
          {vocabulary === null ? of.message : named(of.message, namesOf(vocabulary))}
          {of.count > 0 && <span class="quiet"> {plural(of.count, "past case", "past cases")}.</span>}
        </p>
        <p class="finding-rows">
          {of.rows.map((row) => (
            <a key={row} href={cellOf(table, draft.id, row, of.column)}>
              {rowOf(table, row)}
            </a>
          ))}
          {table === "policies" && of.column && <span>{nameOf(of.column, (key) => desk.issue(key))}</span>}
        </p>
        {of.proposal && isWorkedOn(draft) && desk.may("limits:edit") && (
          <div class="proposal">
            <p class="quiet">
              A row that settles it and gives nobody more: <Cells of={of.proposal} table={table} />
            </p>
            <button type="button" class="secondary" disabled={doing.busy.value} onClick={() => void settle()}>
              <Icon name="plus" /> Add row {of.proposal.row}
            </button>
          </div>
        )}
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
      </div>
    </li>
  );
}

/** What a row that is proposed would say; only rows of grids are proposed. */
function Cells({ of, table }: { readonly of: NonNullable<Finding["proposal"]>; readonly table: Table }) {
  const differing = useDiffering(table === "policies" ? "limits" : table);
  return <>{wholeInWords(differing({ row: of.row, kind: "added", sentences: [], before: null, after: of.cells }))}</>;
}
