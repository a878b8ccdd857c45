// What is done to drafts of policies alone, as the one who is signed in.
import type { Draft, DraftPage, Row, RowPage } from "../../api/schema";
import { Refused } from "../../api/problems";
import type { Desk } from "../desk";
import { act, allOf } from "../drafts/asking";
import { isWorkedOn } from "../drafts/tables";
import type { Cells } from "./fields";

export const pathOf = (id: string) => `/v1/policies/drafts/${encodeURIComponent(id)}`;

/** The drafts that are worked on, the newest first. */
export async function openDrafts(desk: Desk): Promise<Draft[]> {
  const { items } = await allOf<Draft, DraftPage>(desk, "/v1/policies/drafts");
  return items.filter(isWorkedOn);
}

/** Put some policies into a draft, and drop others. */
export function put(desk: Desk, draft: Draft, rows: Readonly<Record<string, Cells>>, drop: readonly string[] = []): Promise<Draft> {
  const given = Object.entries(rows).map(([row, cells]) => ({ row, cells }));
  return act(desk, draft, "rows", { put: given, drop });
}

/** All rows of a draft, by key. */
export async function rowsOf(desk: Desk, id: string, signal?: AbortSignal): Promise<Record<string, Cells>> {
  const found: Record<string, Cells> = {};
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: RowPage = await desk.api.get<RowPage>(`${pathOf(id)}/rows?limit=200${after}`, signal);
    for (const one of page.items as readonly Row[]) found[one.row] = one.cells;
    cursor = page.next_cursor;
  } while (cursor !== null);
  return found;
}

/** True if somebody edited the draft since it was read. */
export const isOutdated = (fault: unknown): boolean => fault instanceof Refused && fault.status === 412;
