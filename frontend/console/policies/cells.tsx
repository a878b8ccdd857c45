// The fields of the form: each with its control, what is wrong with it, and for a translation the original.
import { useId } from "preact/hooks";
import type { PolicyCheck } from "../../api/schema";
import { useDesk } from "../desk";
import { Markdown } from "../../parts/markdown";
import { type Cells, type FieldOf, keysIn, TYPES } from "./fields";
import { sentence } from "./words";

interface CellOf {
  readonly field: FieldOf;
  readonly value: string;
  readonly original: string | null;
  readonly check: PolicyCheck | null;
  readonly onChange: (text: string) => void;
}

export function Cell({ field, value, original, check, onChange }: CellOf) {
  const id = useId();
  const reading = check?.readings.find((one) => one.column === field.column);
  const errors = [...(check?.faults ?? []), ...(check?.items ?? []).filter((one) => one.severity === "error")];
  const wrong = errors.filter((one) => one.column === field.column).map((one) => sentence(one.message));
  return (
    <div class="cell" data-beside={original !== null}>
      <div class="labelled">
        <span class="cell-head">
          <label class="labelled-name" for={id}>
            {field.name}
          </label>
          {reading && reading.words > 0 && (
            <span class="quiet">
              {reading.words} words{reading.grade !== null && `, grade ${reading.grade.toFixed(1)}`}
            </span>
          )}
        </span>
        <Control id={id} field={field} value={value} isWrong={wrong.length > 0} onChange={onChange} />
        <span class="quiet" id={`${id}-hint`}>
          {field.hint}
        </span>
        {wrong.map((one) => (
          <span class="fault" key={one}>
            {one}
          </span>
        ))}
      </div>
      {original !== null && (
        <blockquote class="cell-original" aria-label={`${field.name}, original`}>
          {original ? <Markdown text={original} /> : <p class="quiet">Empty</p>}
        </blockquote>
      )}
    </div>
  );
}

function Control(props: {
  readonly id: string;
  readonly field: FieldOf;
  readonly value: string;
  readonly isWrong: boolean;
  readonly onChange: (text: string) => void;
}) {
  const { field, value } = props;
  const common = {
    id: props.id,
    class: "field",
    "aria-invalid": props.isWrong,
    "aria-describedby": `${props.id}-hint`,
  };
  switch (field.kind) {
    case "text":
      return <textarea {...common} rows={field.rows ?? 3} value={value} onInput={(event) => props.onChange(event.currentTarget.value)} />;
    case "type":
      return (
        <select {...common} value={value} onChange={(event) => props.onChange(event.currentTarget.value)}>
          {TYPES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      );
    case "issues":
      return <Issues {...props} />;
    case "date":
      return <input {...common} type="date" value={value} onInput={(event) => props.onChange(event.currentTarget.value)} />;
    case "line":
      return <input {...common} value={value} onInput={(event) => props.onChange(event.currentTarget.value)} />;
  }
}

/** The issues that a policy covers: each can be taken away, and another one be added. */
function Issues(props: { readonly id: string; readonly value: string; readonly onChange: (text: string) => void }) {
  const desk = useDesk();
  const keys = keysIn(props.value);
  const others = (desk.vocabulary.value?.issues ?? []).filter((one) => !keys.includes(one.key));
  return (
    <span class="chips">
      {keys.map((key) => (
        <button
          type="button"
          class="chip"
          key={key}
          aria-label={`Take away ${desk.issue(key)}`}
          onClick={() => props.onChange(keys.filter((one) => one !== key).join(", "))}
        >
          {desk.issue(key)} ×
        </button>
      ))}
      <select
        id={props.id}
        class="field"
        value=""
        onChange={(event) => {
          props.onChange([...keys, event.currentTarget.value].join(", "));
          event.currentTarget.value = "";
        }}
      >
        <option value="">Add an issue…</option>
        {others.map((one) => (
          <option key={one.key} value={one.key}>
            {one.name}
          </option>
        ))}
      </select>
    </span>
  );
}

/** What customers say, by issue: a policy is found by it. */
export function Examples(props: {
  readonly cells: Cells;
  readonly original: Cells | null;
  readonly onChange: (cells: Cells) => void;
}) {
  const desk = useDesk();
  const id = useId();
  const keys = keysIn((props.original ?? props.cells)["issues"]);
  const columns = keys.map((key) => `examples.${key}`);
  if (props.cells["examples"]) columns.push("examples");
  return (
    <>
      {columns.map((column) => (
        <div class="labelled" key={column}>
          <label class="labelled-name" for={`${id}${column}`}>
            What customers say{column === "examples" ? "" : `: ${desk.issue(column.slice("examples.".length))}`}
          </label>
          <textarea
            id={`${id}${column}`}
            class="field"
            rows={3}
            value={props.cells[column] ?? ""}
            onInput={(event) => props.onChange({ ...props.cells, [column]: event.currentTarget.value })}
          />
          <span class="quiet">One phrasing a line; the policy is found by them.</span>
        </div>
      ))}
    </>
  );
}
