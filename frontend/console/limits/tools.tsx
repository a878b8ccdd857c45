// What is done to rows as a whole.
import { useDesk } from "../desk";
import { IconButton } from "../parts/small";
import type { Sheet } from "./sheet";

export function Tools(props: {
  readonly sheet: Sheet;
  readonly chosen: () => readonly string[];
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onForm: () => void;
  /** A row was made: its key. */
  readonly onMade: (row: string) => void;
}) {
  const desk = useDesk();
  const { sheet } = props;
  const { canUndo, canRedo } = sheet.steps.value;
  const vocabulary = desk.vocabulary.value;
  const shownFacts = new Set(sheet.columned.value.map((fact) => fact.key));
  const others = (vocabulary?.facts ?? []).filter((fact) => !shownFacts.has(fact.key));
  const add = () => {
    const [row = ""] = sheet.fresh(1);
    const first: Record<string, string> = {};
    const { issue, remedy } = sheet.filters.peek();
    if (sheet.table.issue !== null && issue !== "") first[sheet.table.issue] = issue;
    if (remedy !== "") first[sheet.table.remedy] = remedy;
    if (sheet.table.kind === "limits") Object.assign(first, { effect: "allow", offer: "if_asked" });
    sheet.put([{ row, cells: first }]);
    props.onMade(row);
  };
  const copy = () => {
    const rows = props.chosen();
    const keys = sheet.fresh(rows.length);
    sheet.put(rows.map((row, at) => ({ row: keys[at] ?? "", cells: sheet.rows.peek().get(row) ?? {} })));
    if (keys[0] !== undefined) props.onMade(keys[0]);
  };
  const remove = () => {
    const rows = props.chosen();
    if (rows.length === 0) return;
    sheet.remove(rows);
    desk.tell(rows.length === 1 ? `${rows[0]} was removed. Undo brings it back.` : `${rows.length} rows were removed. Undo brings them back.`);
  };
  return (
    <div class="tools" role="toolbar" aria-label="Rows">
      <IconButton icon="undo" name="Undo" disabled={!canUndo} onClick={props.onUndo} />
      <IconButton icon="redo" name="Redo" disabled={!canRedo} onClick={props.onRedo} />
      <span class="divide" />
      <IconButton icon="plus" name="Add a row" onClick={add} />
      <IconButton icon="copy" name="Copy the selected rows" onClick={copy} />
      <IconButton icon="edit" name="Edit the row in a form" onClick={props.onForm} />
      <IconButton icon="trash" name="Remove the selected rows" onClick={remove} />
      {others.length > 0 && (
        <select
          class="field"
          aria-label="Add a condition"
          value=""
          onChange={(event) => {
            const fact = event.currentTarget.value;
            event.currentTarget.value = "";
            if (fact !== "") sheet.added.value = [...sheet.added.peek(), fact];
          }}
        >
          <option value="">Add a condition…</option>
          {others.map((fact) => (
            <option key={fact.key} value={fact.key}>
              {fact.label}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
