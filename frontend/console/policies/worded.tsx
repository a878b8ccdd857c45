// How two texts of a policy differ, field by field and word by word.
import { useDesk } from "../desk";
import { type Cells, nameOf } from "./fields";
import { difference } from "./wording";

export function Fields({ before, after }: { readonly before: Cells; readonly after: Cells }) {
  const desk = useDesk();
  const columns = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return (
    <dl class="worded">
      {columns
        .filter((column) => (before[column] ?? "") !== (after[column] ?? ""))
        .map((column) => (
          <div key={column}>
            <dt>{nameOf(column, (key) => desk.issue(key))}</dt>
            <dd>
              <Worded before={before[column] ?? ""} after={after[column] ?? ""} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

function Worded({ before, after }: { readonly before: string; readonly after: string }) {
  return (
    <p>
      {difference(before, after).map((part) => {
        if (part.kind === "out") return <del>{part.text}</del>;
        return part.kind === "in" ? <ins>{part.text}</ins> : part.text;
      })}
    </p>
  );
}
