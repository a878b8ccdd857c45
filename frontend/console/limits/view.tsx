// A table with its cursor, its editor and its filters: of a version to read, of a draft to edit.
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { copyText } from "../../clipboard";
import { useDesk } from "../desk";
import { query } from "../place";
import { isEmpty, shown } from "./cells";
import { Editor, type Editing, type Onward } from "./editor";
import { Filters } from "./filters";
import { Grid } from "./grid";
import { TooMuch } from "./paste";
import { RowForm } from "./row-form";
import { Selected } from "./selected";
import type { Sheet } from "./sheet";
import type { Range, Spot } from "./spots";
import { Tools } from "./tools";

const MAY_NOT = "It cannot be edited here. What is published is changed in a draft.";
const WIDE = 1100; // px from which on the columns that name a row stay in view

export function TableView({ sheet, name }: { readonly sheet: Sheet; readonly name: string }) {
  const desk = useDesk();
  const frame = useRef<HTMLDivElement>(null);
  const at = useRef<HTMLDivElement>(null);
  const grid = useRef<Grid | null>(null);
  const cursor = useSignal<Spot>({ row: 0, column: 0 });
  const editing = useSignal<Editing | null>(null);
  const { said } = sheet;
  const form = useSignal<string | null>(null);
  const selected = useComputed(() => sheet.keys.value[cursor.value.row] ?? null);

  const keysIn = ({ rows }: Range) => sheet.keys.peek().slice(rows[0], rows[1] + 1);
  const columnsIn = ({ columns }: Range) => sheet.columns.peek().slice(columns[0], columns[1] + 1);

  const edit = (spot: Spot, typed: string | null) => {
    const [row, column] = [sheet.keys.peek()[spot.row], sheet.columns.peek()[spot.column]];
    if (row === undefined || column === undefined) return;
    const begun = editing.peek();
    if (begun !== null && typed !== null) {
      // Typed faster than the field was drawn.
      editing.value = { ...begun, typed: (begun.typed ?? "") + typed };
      return;
    }
    if (!sheet.mayEdit) return void (said.value = MAY_NOT);
    if (column.form === "key") return void (form.value = row);
    const cell = grid.current?.element(spot)?.getBoundingClientRect();
    const around = frame.current?.getBoundingClientRect();
    if (!cell || !around) return;
    const room = around.width - Math.max(cell.width, column.form === "text" ? 420 : 220);
    const box = {
      left: Math.max(0, Math.min(cell.left - around.left, room)),
      top: cell.top - around.top,
      width: cell.width,
      height: cell.height,
      isLow: cell.top - around.top > around.height / 2,
    };
    editing.value = { row, column, text: sheet.cell(row, column).text, typed, box };
  };
  const done = (text: string, onward: Onward) => {
    const now = editing.peek();
    editing.value = null;
    if (now === null) return;
    const { row, column } = now;
    const was = sheet.cell(row, column).text;
    if (sheet.write(row, column, text)) {
      const is = sheet.cell(row, column).text;
      said.value = `${column.name} of ${row} is ${inWords(shown(column, is))}, was ${inWords(shown(column, was))}`;
    }
    if (onward === "leave") return; // the focus is somewhere else already
    const spot = cursor.peek();
    const step = { stay: [0, 0], down: [1, 0], left: [0, -1], right: [0, 1] }[onward] as [number, number];
    void grid.current?.go({ row: spot.row + step[0], column: spot.column + step[1] });
  };
  const undo = () => void (said.value = sheet.undo() ? "Undone" : "There is nothing to undo");
  const redo = () => void (said.value = sheet.redo() ? "Done again" : "There is nothing to do again");

  useEffect(() => {
    if (at.current === null) return;
    const made = new Grid(at.current, name, {
      edit,
      empty: (range) => {
        const count = sheet.mayEdit ? sheet.empty(keysIn(range), columnsIn(range)) : 0;
        said.value = count === 0 ? "Nothing was emptied" : `Emptied in ${count} ${count === 1 ? "row" : "rows"}`;
      },
      undo,
      redo,
      form: () => sheet.mayEdit && (form.value = selected.peek()),
    });
    grid.current = made;
    const stop = made.cursor.subscribe((spot) => (cursor.value = spot));
    return () => {
      stop();
      made.end();
    };
  }, []);

  useSignalEffect(() => {
    const [columns, keys] = [sheet.columns.value, sheet.keys.value];
    const frozen = window.innerWidth >= WIDE ? (sheet.table.kind === "limits" ? 3 : 1) : 1;
    void grid.current?.show({
      columns,
      keys,
      frozen,
      cell: (row, column) => sheet.cell(row, column),
      row: (row) => sheet.row(row),
      of: (row) => sheet.of(row),
    });
  });
  useSignalEffect(() => {
    for (const one of [sheet.rows, sheet.base, sheet.faults, sheet.conflicts]) void one.value;
    grid.current?.refresh();
  });
  useEffect(() => {
    // A link from elsewhere names a cell.
    const [row, column] = [query.peek().get("row"), query.peek().get("column")];
    if (row === null) return;
    const spot = { row: sheet.keys.peek().indexOf(row), column: sheet.columns.peek().findIndex((one) => one.key === column) };
    if (spot.row >= 0) void grid.current?.go({ row: spot.row, column: Math.max(spot.column, 0) });
  }, []);

  const copied = (event: ClipboardEvent, isCut: boolean) => {
    if (grid.current === null || editing.peek() !== null || !at.current?.contains(document.activeElement)) return;
    const range = grid.current.range;
    const text = sheet.copied(keysIn(range), columnsIn(range));
    event.preventDefault();
    if (event.clipboardData) event.clipboardData.setData("text/plain", text);
    else void copyText(text);
    if (isCut && sheet.mayEdit) sheet.empty(keysIn(range), columnsIn(range));
    said.value = isCut && sheet.mayEdit ? "Cut" : "Copied";
  };
  const pasted = (event: ClipboardEvent) => {
    if (editing.peek() !== null || !at.current?.contains(document.activeElement)) return;
    event.preventDefault();
    if (!sheet.mayEdit) return void (said.value = MAY_NOT);
    try {
      const spot = grid.current?.range ?? { rows: [0, 0], columns: [0, 0] };
      const where = { row: spot.rows[0], column: spot.columns[0] };
      const { cells, rows } = sheet.paste(event.clipboardData?.getData("text/plain") ?? "", sheet.keys.peek(), where);
      said.value = `Pasted ${cells} ${cells === 1 ? "cell" : "cells"}${rows > 0 ? `, with ${rows} new ${rows === 1 ? "row" : "rows"}` : ""}`;
    } catch (fault) {
      if (!(fault instanceof TooMuch)) throw fault;
      desk.tell(fault.message);
    }
  };
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => copied(event, false);
    const onCut = (event: ClipboardEvent) => copied(event, true);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCut);
    document.addEventListener("paste", pasted);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCut);
      document.removeEventListener("paste", pasted);
    };
  }, []);

  const goTo = (row: string) => {
    const place = sheet.keys.peek().indexOf(row);
    if (place >= 0) void grid.current?.go({ row: place, column: 1 });
  };
  return (
    <section class="sheet" aria-label={name}>
      <div class="sheet-bar">
        <Filters sheet={sheet} />
        {sheet.mayEdit && (
          <Tools
            sheet={sheet}
            chosen={() => (grid.current ? keysIn(grid.current.range) : [])}
            onUndo={undo}
            onRedo={redo}
            onForm={() => (form.value = selected.peek())}
            onMade={(row) => setTimeout(() => goTo(row))}
          />
        )}
      </div>
      <div class="sheet-frame" ref={frame}>
        <div class="sheet-grid" ref={at} />
        {sheet.keys.value.length === 0 && <p class="sheet-none">No row fits these filters.</p>}
        {editing.value !== null && (
          <Editor
            key={`${editing.value.row} ${editing.value.column.key}`}
            of={editing.value}
            onDone={done}
            onCancel={() => {
              editing.value = null;
              void grid.current?.focus();
            }}
          />
        )}
      </div>
      <Selected sheet={sheet} row={selected.value} column={sheet.columns.value[cursor.value.column] ?? null} />
      <p class="unseen" role="status">
        {said.value}
      </p>
      {form.value !== null && <RowForm sheet={sheet} row={form.value} onClose={() => (form.value = null)} />}
    </section>
  );
}

const inWords = (text: string) => (isEmpty(text) || text === "–" ? "empty" : text);
