// While the server makes something of all rows of a draft: of how many, and a way to wait no longer.
import type { RowPage } from "../../api/schema";
import { type Loaded, useLoaded } from "../parts/loaded";
import { rowsInWords, type Table } from "./tables";

/** `doing` and `act` are such as "Reviewing" and "Review". */
export function Judging(props: {
  readonly table: Table;
  readonly draft: string;
  readonly of: Loaded<unknown>;
  readonly doing: string;
  readonly act: string;
}) {
  const { of, doing, act } = props;
  const size = useLoaded<RowPage>(`/v1/${props.table}/drafts/${props.draft}/rows?limit=1`);
  const total = size.value.value?.total;
  const rows = total === undefined ? "the rows" : rowsInWords(props.table, total);
  if (of.isStopped.value) {
    return (
      <p class="judging">
        <span role="status">Cancelled before it was done.</span>
        <button type="button" class="secondary" onClick={of.again}>
          {act} {rows}
        </button>
      </p>
    );
  }
  return (
    <p class="judging">
      <progress aria-label={`${doing} ${rows}`} />
      <span role="status">
        {doing} {rows}…
      </span>
      <button type="button" class="secondary" onClick={of.stop}>
        Cancel
      </button>
    </p>
  );
}
