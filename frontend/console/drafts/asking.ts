// What these pages ask the API for, and do.
import type { Draft, UserPage, Version, VersionPage, DraftPage } from "../../api/schema";
import { type Desk, useDesk } from "../desk";
import { type Loaded, useLoaded } from "../parts/loaded";
import type { Table } from "./tables";

const PAGE = 200; // items, where a list does not say less
const MOST_PAGES = 10;
const PATIENCE = 30_000; // ms; to judge a large draft takes longer than to look at one

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** All items of a list, page after page; `isWhole` is false where there were too many. */
export async function allOf<T, P extends Page<T>>(
  desk: Desk,
  path: string,
  signal?: AbortSignal,
  size = PAGE,
  patience?: number,
): Promise<P & { readonly isWhole: boolean }> {
  const first = await pageOf<P>(desk, path, size, null, signal, patience);
  const items = [...first.items];
  let next = first.next_cursor;
  for (let page = 1; next !== null && page < MOST_PAGES; page += 1) {
    const found = await pageOf<P>(desk, path, size, next, signal);
    items.push(...found.items);
    next = found.next_cursor;
  }
  return { ...first, items, next_cursor: next, isWhole: next === null };
}

function pageOf<P>(
  desk: Desk,
  path: string,
  size: number,
  cursor: string | null,
  signal?: AbortSignal,
  patience?: number,
): Promise<P> {
  const more = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  const joint = path.includes("?") ? "&" : "?";
  return desk.api.get<P>(`${path}${joint}limit=${size}${more}`, signal, patience);
}

/** A whole list, asked for again whenever its address changes. */
export function useAll<T, P extends Page<T> = Page<T>>(
  path: string,
  size = PAGE,
): Loaded<P & { readonly isWhole: boolean }> {
  const desk = useDesk();
  return useLoaded(path, (signal) => allOf<T, P>(desk, path, signal, size));
}

/** What the server makes of a draft: of thousands of rows that takes longer than to look something up. */
export function useJudged<T, P extends Page<T>>(path: string): Loaded<P & { readonly isWhole: boolean }> {
  const desk = useDesk();
  return useLoaded(path, (signal) => allOf<T, P>(desk, path, signal, PAGE, PATIENCE));
}

export const useDrafts = (table: Table) => useAll<Draft, DraftPage>(`/v1/${table}/drafts`);
export const useVersions = (table: Table) => useAll<Version, VersionPage>(`/v1/${table}/versions`);

/** Everybody whom the server knows, also those who left. */
export const usePeople = () => useAll<UserPage["items"][number], UserPage>("/v1/users");

/** Names of people by id; an id that nobody has is its own name. */
export function useNames(): (id: string) => string {
  const desk = useDesk();
  const found = usePeople();
  return (id) => {
    if (id === desk.session.person.value?.id) return "You";
    return found.value.value?.items.find((one) => one.id === id)?.name ?? id;
  };
}

/** Do something to a draft as it was read, as the person who is signed in. */
export function act<T = Draft>(desk: Desk, draft: Draft, name: string, more: object = {}): Promise<T> {
  const body = { by: { id: desk.api.person }, ...more };
  const path = `/v1/${draft.table}/drafts/${draft.id}/${name}`;
  return desk.api.post<T>(path, body, { key: crypto.randomUUID(), match: draft.etag, patience: PATIENCE });
}

/** Begin a draft from the newest version, or with the rows of an older one. */
export function begin(desk: Desk, table: Table, purpose: string, contentOf?: number): Promise<Draft> {
  const body = { by: { id: desk.api.person }, purpose, ...(contentOf && { content_of: contentOf }) };
  return desk.api.post<Draft>(`/v1/${table}/drafts`, body, { key: crypto.randomUUID() });
}
