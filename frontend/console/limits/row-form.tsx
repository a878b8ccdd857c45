// A row as a form: everything that the table's cells can say, one below the other.
import { useSignal } from "@preact/signals";
import { Dialog, DialogFoot } from "../parts/dialog";
import { Field } from "../parts/small";
import { written } from "./cells";
import type { Column } from "./columns";
import { withCells } from "./rows";
import type { Sheet } from "./sheet";

const GROUPS = { condition: "When", ceiling: "Ceilings", amount: "Amounts", count: "Numbers of grants" } as const;

export function RowForm(props: { readonly sheet: Sheet; readonly row: string; readonly onClose: () => void }) {
  const { sheet, row } = props;
  const texts = useSignal<Readonly<Record<string, string>>>({ ...sheet.rows.peek().get(row) });
  const columns = sheet.columns.value.filter((column) => column.form !== "key");
  const save = (event: Event) => {
    event.preventDefault();
    const typed = columns.map((column) => [column.key, written(column, texts.value[column.key] ?? "")]);
    sheet.put([{ row, cells: withCells(sheet.rows.peek().get(row) ?? {}, Object.fromEntries(typed)) }]);
    props.onClose();
  };
  const field = (column: Column) => (
    <Field key={column.key} name={column.name} hint={column.hint} fault={sheet.faults.value.get(row)?.get(column.key) ?? null}>
      <Control
        column={column}
        value={texts.value[column.key] ?? ""}
        onChange={(text) => (texts.value = { ...texts.value, [column.key]: text })}
      />
    </Field>
  );
  const groups = ["condition", "ceiling", "amount", "count"] as const;
  const ungrouped = columns.filter((column) => column.group === undefined);
  const [texting, plain] = [ungrouped.filter((one) => one.form === "text"), ungrouped.filter((one) => one.form !== "text")];
  return (
    <Dialog name={`Edit ${row}`} wide onClose={props.onClose}>
      <form class="row-form" onSubmit={save}>
        <div class="row-fields">{plain.map(field)}</div>
        {groups.map((group) => {
          const mine = columns.filter((column) => column.group === group);
          return (
            mine.length > 0 && (
              <fieldset key={group}>
                <legend>{GROUPS[group]}</legend>
                <div class="row-fields">{mine.map(field)}</div>
              </fieldset>
            )
          );
        })}
        {texting.map(field)}
        <DialogFoot act={`Change ${row}`} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}

function Control(props: { readonly column: Column; readonly value: string; readonly onChange: (text: string) => void }) {
  const { column, value } = props;
  const changed = (event: { currentTarget: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement }) =>
    props.onChange(event.currentTarget.value);
  const isOneOf = column.form === "one" || (column.form === "condition" && column.choices[0]?.key === "yes");
  if (isOneOf && (value === "" || column.choices.some((one) => one.key === value))) {
    return (
      <select class="field" value={value} onChange={changed}>
        <option value="">{column.empty || "Choose…"}</option>
        {column.choices.map((one) => (
          <option key={one.key} value={one.key}>
            {one.name}
          </option>
        ))}
      </select>
    );
  }
  if (column.form === "text") return <textarea class="field" rows={2} maxLength={500} value={value} onInput={changed} />;
  if (column.form === "date" && /^$|^\d{4}-\d\d-\d\d$/.test(value)) {
    return <input class="field" type="date" value={value} onInput={changed} />;
  }
  return <input class="field" maxLength={500} value={value} onInput={changed} />;
}
