// A file in the place of a draft's rows: first what it would change, then the change.
import { useSignal } from "@preact/signals";
import { NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { CellFault, SheetPreview } from "../../api/schema";
import { useDesk } from "../desk";
import { inWords, wholeInWords } from "../drafts/cells";
import { useColumnName, useDiffering } from "../drafts/changes";
import { plural } from "../drafts/tables";
import { Dialog } from "../parts/dialog";
import { Fault, Waiting } from "../parts/loaded";
import { Notice, Tag } from "../parts/small";
import type { Table } from "./columns";
import { type SheetFile, sheetOf, Unfit } from "./file";

const SHOWN = 100; // changes that are listed
const KINDS = 6; // of faults
const TONES = { added: "allowed", removed: "refused", changed: "approval" } as const;

export function ImportDialog(props: {
  readonly table: Table;
  readonly path: string;
  readonly load: (format: string, content: string) => Promise<void>;
  readonly onClose: () => void;
}) {
  const desk = useDesk();
  const chosen = useSignal<SheetFile | null>(null);
  const preview = useSignal<SheetPreview | null>(null);
  const fault = useSignal<unknown>(null);
  const refusal = useSignal<string | null>(null);
  const isBusy = useSignal(false);

  const trying = async (run: () => Promise<void>) => {
    isBusy.value = true;
    fault.value = null;
    try {
      await run();
    } catch (problem) {
      if (problem instanceof Unfit) return void (refusal.value = problem.message);
      if (!(problem instanceof NoAnswer || problem instanceof Refused || problem instanceof SignedOut)) throw problem;
      fault.value = problem;
    } finally {
      isBusy.value = false;
    }
  };
  const choose = (given: File | undefined) =>
    trying(async () => {
      preview.value = chosen.value = null;
      refusal.value = null;
      if (given === undefined) return;
      const mine = (chosen.value = await sheetOf(given));
      const { format, content } = mine;
      const found = await desk.api.post<SheetPreview>(`${props.path}/sheet/preview`, { format, content }, { patience: 60_000 });
      // Of the file that was chosen last alone: what is shown is what will be put in.
      if (chosen.value === mine) preview.value = found;
    });
  const load = () =>
    trying(async () => {
      if (chosen.value === null) return;
      await props.load(chosen.value.format, chosen.value.content);
      desk.tell(`${chosen.value.name} is in the draft. Undo brings back what was there.`);
      props.onClose();
    });

  return (
    <Dialog name="Import a sheet" wide onClose={props.onClose}>
      <p class="quiet">
        The draft will hold the rows of the file and no others. Begin with an export, so that every row keeps its key.
      </p>
      <label class="drop" onDragOver={(event) => event.preventDefault()} onDrop={(event) => dropped(event, choose)}>
        <span>Choose a CSV, XLSX or JSON file, or drop it here</span>
        <input type="file" accept=".csv,.xlsx,.json" onChange={(event) => void choose(event.currentTarget.files?.[0])} />
      </label>
      {isBusy.value && <Waiting />}
      {refusal.value !== null && (
        <p class="fault" role="alert">
          {refusal.value}
        </p>
      )}
      {fault.value !== null && <Fault of={fault.value} />}
      {preview.value !== null && (
        <>
          <Unreadable of={preview.value} table={props.table} />
          <Preview of={preview.value} table={props.table} />
        </>
      )}
      <footer class="dialog-foot">
        <button type="button" class="secondary" onClick={props.onClose}>
          Cancel
        </button>
        {preview.value !== null && (
          <button type="button" class="primary" disabled={isBusy.value} onClick={() => void load()}>
            Put these rows into the draft
          </button>
        )}
      </footer>
    </Dialog>
  );
}

/** Said before anything is put in: the draft takes such cells too, but cannot be published with them. */
function Unreadable({ of, table }: { readonly of: SheetPreview; readonly table: Table }) {
  const columnOf = useColumnName(table.kind);
  if (of.unreadable === 0) return null;
  return (
    <Notice tone="refused" icon="alert">
      <p role="alert">
        <strong>{plural(of.unreadable, "cell", "cells")} cannot be read.</strong> The draft takes them as they stand and marks them; it
        can be published once they are mended.
      </p>
      <ul class="import-faults">
        {alike(of.faults)
          .slice(0, KINDS)
          .map(({ column, message, rows }) => (
            <li key={`${column} ${message}`}>
              <b>{columnOf(column)}</b> {message} <span class="quiet">{someOf(rows)}</span>
            </li>
          ))}
      </ul>
    </Notice>
  );
}

interface Alike {
  readonly column: string;
  readonly message: string;
  readonly rows: string[];
}

/** Faults that are the same in many rows, such as those of a column that there is not, as one. */
function alike(faults: readonly CellFault[]): readonly Alike[] {
  const found = new Map<string, Alike>();
  for (const { row, column, message } of faults) {
    const key = JSON.stringify([column, message]);
    const one = found.get(key) ?? { column, message, rows: [] };
    one.rows.push(row);
    found.set(key, one);
  }
  return [...found.values()];
}

const someOf = (rows: readonly string[]) => `${rows.slice(0, 3).join(", ")}${rows.length > 3 ? " and others" : ""}`;

function Preview({ of, table }: { readonly of: SheetPreview; readonly table: Table }) {
  const differing = useDiffering(table.kind);
  if (of.changed === 0) return <p role="status">With this file the draft would be as version {of.base} is published.</p>;
  const count = (kind: string) => of.items.filter((one) => one.kind === kind).length;
  return (
    <section class="stack" aria-label="What it would change">
      <p role="status">
        Compared with version {of.base}: {count("added")} added, {count("changed")} changed, {count("removed")} removed.
        {of.tightens && " Nobody may be given more by it."}
      </p>
      <div class="import-changes" tabIndex={0} role="region" aria-label="Changes, row by row">
        <table class="table">
          <tbody>
            {of.items.slice(0, SHOWN).map((one) => (
              <tr key={one.row}>
                <th scope="row">{one.row}</th>
                <td>
                  <Tag tone={TONES[one.kind as keyof typeof TONES] ?? "quiet"}>{one.kind}</Tag>
                </td>
                <td>{one.kind === "changed" ? differing(one).map(inWords).join("; ") : wholeInWords(differing(one))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {of.changed > SHOWN && <p class="quiet">And {of.changed - SHOWN} more rows; the review lists them all.</p>}
    </section>
  );
}

function dropped(event: DragEvent, choose: (file: File | undefined) => Promise<void>): void {
  event.preventDefault();
  void choose(event.dataTransfer?.files[0]);
}
