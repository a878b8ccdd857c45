// What there is to know of the selected cell: what it was, what is wrong with it.
import { Icon } from "../parts/icon";
import { shown } from "./cells";
import type { Column } from "./columns";
import type { Sheet } from "./sheet";

export function Selected(props: { readonly sheet: Sheet; readonly row: string | null; readonly column: Column | null }) {
  const { sheet, row, column } = props;
  // Read, so that it is drawn again when one of them changes.
  const cells = row === null ? undefined : sheet.rows.value.get(row);
  void sheet.base.value;
  void sheet.faults.value;
  if (row === null || column === null || cells === undefined) return <div class="selected" />;
  const { text, was, fault } = sheet.cell(row, column);
  const isNew = sheet.row(row).mark === "new";
  return (
    <div class="selected">
      <b>{row}</b>
      <span>{column.name}</span>
      {column.form !== "key" && <span class="selected-text">{shown(column, text)}</span>}
      {was !== null && !isNew && <span class="quiet">was {shown(column, was) || "empty"}</span>}
      {isNew && <span class="quiet">new row</span>}
      {fault !== null ? (
        <span class="selected-fault">
          <Icon name="alert" /> {fault}
        </span>
      ) : (
        sheet.mayEdit && column.hint !== "" && <code class="quiet">{column.hint}</code>
      )}
    </div>
  );
}
