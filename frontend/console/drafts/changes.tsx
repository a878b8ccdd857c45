// What changes between two contents of a table: row by row in words, and its cells side by side; of
// policies word by word.
import type { Difference, RowChange } from "../../api/schema";
import { useDesk } from "../desk";
import { Icon, type IconName } from "../parts/icon";
import { type Column, columnsOf } from "../limits/columns";
import { Fields } from "../policies/worded";
import { type Differing, differingIn, inWords, nameOf, wholeInWords } from "./cells";
import { type Grid, rowOf, type Table } from "./tables";

const KINDS: Readonly<Record<RowChange["kind"], { readonly word: string; readonly icon: IconName }>> = {
  added: { word: "New", icon: "plus" },
  removed: { word: "Removed", icon: "trash" },
  changed: { word: "Changed", icon: "edit" },
};

export function Changes(props: {
  readonly table: Table;
  readonly of: Difference;
  /** Where a row can be looked at and edited; nowhere for versions. */
  readonly hrefOf?: (row: string) => string;
}) {
  return (
    <ol class="row-changes" data-of={props.table}>
      {props.of.items.map((one) => (
        <li class="row-change" key={one.row} data-kind={one.kind}>
          <div class="row-change-head">
            <Icon name={KINDS[one.kind].icon} />
            <span class="row-change-row">
              {props.hrefOf && (one.after || props.table === "policies") ? <a href={props.hrefOf(one.row)}>{rowOf(props.table, one.row)}</a> : rowOf(props.table, one.row)}
            </span>
            <span class="quiet">{KINDS[one.kind].word}</span>
          </div>
          {props.table === "policies" ? <Worded change={one} /> : <Sentences change={one} table={props.table} />}
        </li>
      ))}
    </ol>
  );
}

/** The cells of a row that differ, by the names that the library has for them. */
export function useDiffering(table: Grid): (change: RowChange) => readonly Differing[] {
  const columns = useColumns(table);
  return (change) => differingIn(change, columns);
}

/** What a column of a grid is called; one that the library does not know is called by its key. */
export function useColumnName(table: Grid): (key: string) => string {
  const columns = useColumns(table);
  return (key) => {
    const column = columns.find((one) => one.key === key);
    return column === undefined ? key : nameOf(column);
  };
}

function useColumns(table: Grid): readonly Column[] {
  const vocabulary = useDesk().vocabulary.value;
  return vocabulary === null ? [] : columnsOf(table, vocabulary, vocabulary.facts);
}

function Sentences({ change, table }: { readonly change: RowChange; readonly table: Grid }) {
  const cells = useDiffering(table)(change);
  return (
    <>
      <ul class="row-change-words">
        {change.kind === "changed" ? cells.map((one) => <li key={one.name}>{inWords(one)}</li>) : <li>{wholeInWords(cells)}</li>}
      </ul>
      <Cells change={change} cells={cells} />
    </>
  );
}

/** A policy that is retired had its words in the version before, and they are not repeated. */
function Worded({ change }: { readonly change: RowChange }) {
  return change.kind === "removed" ? null : <Fields before={change.before ?? {}} after={change.after ?? {}} />;
}

/** The cells that differ: what stood there, and what stands there now. */
function Cells({ change, cells }: { readonly change: RowChange; readonly cells: readonly Differing[] }) {
  const { before, after } = change;
  if (cells.length === 0) return null;
  return (
    <details class="side-by-side" open={change.kind === "changed" && cells.length > 1}>
      <summary>{change.kind === "changed" ? "Side by side" : "Its cells"}</summary>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Column</th>
            {before && <th scope="col">Before</th>}
            {after && <th scope="col">After</th>}
          </tr>
        </thead>
        <tbody>
          {cells.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              {before && <td>{one.before ? <del>{one.before}</del> : <span class="quiet">empty</span>}</td>}
              {after && <td>{one.after ? <ins>{one.after}</ins> : <span class="quiet">empty</span>}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
