// Advice on a limit: a draft at one click, or declined.
import type { ComponentChildren } from "preact";
import type { Declined, DeclineRequest, Draft } from "../../api/schema";
import { textOf } from "../../text/amounts";
import { act, begin } from "../drafts/asking";
import { type Desk, useDesk } from "../desk";
import { useDoing } from "../parts/doing";
import { Fault } from "../parts/loaded";
import { go, href } from "../place";
import type { CellSeen } from "../../api/schema";

export type Quantity = NonNullable<CellSeen["advice"]>["to"];

/** What is advised, in words, with what can be done about it. */
export function Advised(props: {
  readonly children: ComponentChildren;
  /** What a draft does, for whoever cannot see beside what the button stands: `raises R001 for Senior`. */
  readonly does: string;
  readonly draft: () => Promise<Draft>;
  readonly decline: DeclineRequest;
  readonly again: () => void;
}) {
  const desk = useDesk();
  const doing = useDoing();
  const drafted = async () => {
    const made = await doing.run(props.draft);
    if (made !== null) go(href("limits", "drafts", made.id, "review"));
  };
  const declined = async () => {
    const done = await doing.run(() => desk.api.post<Declined>("/v1/insights/limits/declines", props.decline, { key: crypto.randomUUID() }));
    if (done === null) return;
    desk.tell(`Declined: ${props.decline.row} stays as it is`);
    props.again();
  };
  return (
    <div class="stack">
      <span>{props.children}</span>
      {desk.may("limits:edit") && (
        <span class="evidence-acts">
          <button type="button" class="secondary" disabled={doing.busy.value} onClick={() => void drafted()} aria-label={`Make a draft that ${props.does}`}>
            Make a draft
          </button>
          <button type="button" class="secondary" disabled={doing.busy.value} onClick={() => void declined()} aria-label={`Decline the draft that ${props.does}`}>
            Decline
          </button>
        </span>
      )}
      {doing.fault.value !== null && <Fault of={doing.fault.value} />}
    </div>
  );
}

/** An amount as a cell of the table writes it. */
export function cellOf(amount: Quantity): string {
  const text = textOf(amount) ?? "unlimited";
  return "percent" in amount ? `${text}%` : text;
}

/** A draft in which one ceiling is another; its replay tells what that would have changed. */
export async function withCeiling(desk: Desk, purpose: string, row: string, level: string, cell: string): Promise<Draft> {
  const draft = await begin(desk, "limits", purpose);
  const cells = await cellsOf(desk, draft, row);
  return act(desk, draft, "rows", { put: [{ row, cells: { ...cells, [`ceiling.${level}`]: cell } }] });
}

/** A draft without a row. */
export async function withoutRow(desk: Desk, purpose: string, row: string): Promise<Draft> {
  const draft = await begin(desk, "limits", purpose);
  return act(desk, draft, "rows", { drop: [row] });
}

interface RowPage {
  readonly items: readonly { readonly row: string; readonly cells: Readonly<Record<string, string>> }[];
  readonly next_cursor: string | null;
}

/** A row of a draft; pages are read until it is found. */
async function cellsOf(desk: Desk, draft: Draft, row: string): Promise<Readonly<Record<string, string>>> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: RowPage = await desk.api.get<RowPage>(`/v1/limits/drafts/${draft.id}/rows?limit=200${after}`);
    const found = page.items.find((one) => one.row === row);
    if (found) return found.cells;
    cursor = page.next_cursor;
  }
  return {};
}
