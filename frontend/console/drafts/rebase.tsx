// A draft is carried over to the newest version: rows that both changed are shown side by side.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Refused } from "../../api/problems";
import type { ClashingRow, Draft } from "../../api/schema";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Fault, Waiting } from "../parts/loaded";
import { act } from "./asking";
import { useDiffering } from "./changes";
import { Fields } from "../policies/worded";
import { type Grid, rowOf, rowsInWords, type Table } from "./tables";

type Cells = Readonly<Record<string, string>> | null;

export function Rebase(props: {
  readonly draft: Draft;
  readonly onDone: (draft: Draft) => void;
  readonly onClose: () => void;
}) {
  const desk = useDesk();
  const doing = useDoing();
  const { table } = props.draft;
  const clashes = useSignal<readonly ClashingRow[]>([]);
  const mine = useSignal<ReadonlySet<string>>(new Set());
  const run = async (choices: object) => {
    const done = await doing.run(() => act(desk, props.draft, "rebase", choices));
    if (done !== null) {
      desk.tell(`The draft is based on version ${done.base} now.`);
      props.onDone(done);
      props.onClose();
      return;
    }
    const refusal = doing.fault.value;
    if (!(refusal instanceof Refused && refusal.code === "stale_base")) return;
    doing.forget(); // not a fault: it asks which rows shall stay
    clashes.value = refusal.problem.clashes ?? [];
    mine.value = new Set(clashes.value.map((one) => one.row));
  };
  useEffect(() => void run({}), []);
  const choose = (event: Event) => {
    event.preventDefault();
    const rows = clashes.value.map((one) => one.row);
    void run({ mine: rows.filter((one) => mine.value.has(one)), theirs: rows.filter((one) => !mine.value.has(one)) });
  };
  const keep = (row: string, isMine: boolean) => {
    const chosen = new Set(mine.value);
    if (isMine) chosen.add(row);
    else chosen.delete(row);
    mine.value = chosen;
  };
  return (
    <Dialog name="Carry the draft over" wide onClose={props.onClose}>
      {clashes.value.length === 0 ? (
        doing.fault.value === null ? <Waiting /> : <Fault of={doing.fault.value} />
      ) : (
        <form onSubmit={choose}>
          <p>
            Both this draft and whoever published changed {rowsInWords(table, clashes.value.length)}. Choose for each which
            shall stay; everything else is carried over.
          </p>
          {clashes.value.map((one) => (
            <fieldset class="clash" key={one.row}>
              <legend>{rowOf(table, one.row)}</legend>
              <Choice table={table} of={one} isMine chosen={mine.value.has(one.row)} onChoose={() => keep(one.row, true)} />
              <Choice table={table} of={one} isMine={false} chosen={!mine.value.has(one.row)} onChoose={() => keep(one.row, false)} />
            </fieldset>
          ))}
          {doing.fault.value !== null && <Fault of={doing.fault.value} />}
          <DialogFoot act="Carry over" busy={doing.busy.value} onCancel={props.onClose} />
        </form>
      )}
    </Dialog>
  );
}

function Choice(props: {
  readonly table: Table;
  readonly of: ClashingRow;
  readonly isMine: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  const { base, row } = props.of;
  const cells = props.isMine ? props.of.mine : props.of.theirs;
  return (
    <label class="clash-choice">
      <input type="radio" name={`clash-${row}`} checked={props.chosen} onChange={props.onChoose} />
      <span>
        <strong>{props.isMine ? "This draft's" : "The published one"}</strong>
        {cells === null ? (
          <span class="clash-cells">It is removed.</span>
        ) : props.table === "policies" ? (
          <Fields before={base ?? {}} after={cells} />
        ) : (
          <Chosen table={props.table} row={row} base={base} cells={cells} />
        )}
      </span>
    </label>
  );
}

/** The cells of a row that are not as they were. */
function Chosen(props: { readonly table: Grid; readonly row: string; readonly base: Cells; readonly cells: Cells }) {
  const { base, cells, row } = props;
  const differing = useDiffering(props.table);
  return (
    <span class="clash-cells">
      {differing({ row, kind: "changed", sentences: [], before: base, after: cells }).map((one) => (
        <span key={one.name}>
          <span class="quiet">{one.name}</span> {one.after || "empty"}
        </span>
      ))}
    </span>
  );
}
