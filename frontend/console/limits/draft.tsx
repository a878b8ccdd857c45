// A draft in the table: what is edited goes to the server by itself, and nothing that was typed is lost.
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { isAborted, NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { Draft } from "../../api/schema";
import { useDesk } from "../desk";
import { useNames } from "../drafts/asking";
import { FORMATS } from "../drafts/tables";
import { Fault, faultInWords, Waiting } from "../parts/loaded";
import { Icon } from "../parts/icon";
import { Notice, PageFrame, Tag } from "../parts/small";
import { go, href, query } from "../place";
import { Checking } from "./checking";
import type { Table } from "./columns";
import { ExportButton } from "../parts/export";
import { EVERYTHING } from "./filtering";
import { ImportDialog } from "./import";
import { type Change, changesBetween, sharing } from "./rows";
import { readRows, Saving } from "./saving";
import { Sheet } from "./sheet";
import { TableView } from "./view";

const LOOK = 8_000; // ms between looks whether somebody else has edited

/** Everything behind the page of one draft. */
class Drafting {
  readonly sheet: Sheet;
  readonly saving: Saving;
  readonly checking: Checking;

  constructor(table: Table, id: string, desk: ReturnType<typeof useDesk>) {
    const edited = (changes: readonly Change[]) => {
      this.checking.check(changes.map((one) => one.row));
      this.saving.changed();
    };
    this.sheet = new Sheet(table, desk, desk.may("limits:edit") ? edited : null);
    this.saving = new Saving(desk.api, table.kind, id, this.sheet.rows, desk.settings, (by, clashes) => {
      if (by.length > 0 && clashes === 0) desk.tell(`${by.join(", ")} edited this draft too. Your edits are kept.`);
    });
    this.checking = new Checking(desk.api, table.kind, this.sheet.rows, (row, faults) => {
      for (const [column, message] of faults) (this.sheet.said.value = `${row}, ${this.#name(column)}: ${message}`);
    });
  }

  async load(desk: ReturnType<typeof useDesk>, signal?: AbortSignal): Promise<void> {
    await this.saving.load(signal);
    const base = this.saving.draft.peek()?.base ?? 0;
    const { kind } = this.sheet.table;
    const rows = base === 0 ? new Map() : await readRows(desk.api, kind, `/v1/${kind}/versions/${base}`, signal);
    this.sheet.base.value = sharing(rows, this.sheet.rows.peek());
  }

  /** Put a sheet in the place of all rows, as a step that can be undone. */
  async import(format: string, content: string): Promise<void> {
    const before = this.sheet.rows.peek();
    await this.saving.loadSheet(format, content);
    this.sheet.remember(changesBetween(before, this.sheet.rows.peek()));
  }

  end(): void {
    this.saving.end();
    this.checking.end();
  }

  #name(column: string): string {
    return this.sheet.columns.peek().find((one) => one.key === column)?.name ?? column;
  }
}

export function DraftTable({ table, id }: { readonly table: Table; readonly id: string }) {
  const desk = useDesk();
  const drafting = useMemo(() => new Drafting(table, id, desk), [id]);
  const { sheet, saving, checking } = drafting;
  const fault = useSignal<unknown>(null);
  const isImporting = useSignal(false);
  const load = (signal?: AbortSignal) =>
    drafting.load(desk, signal).then(
      () => (fault.value = null),
      (problem: unknown) => {
        if (isAborted(problem)) return; // the page was left
        if (!(problem instanceof NoAnswer || problem instanceof Refused || problem instanceof SignedOut)) throw problem;
        fault.value = problem;
      },
    );
  // What was typed last is a part of what is reviewed.
  const review = (event: MouseEvent) => {
    if (saving.unsaved.peek().length === 0) return;
    event.preventDefault();
    void saving.flush().then(() => saving.unsaved.peek().length === 0 && go(href(table.kind, "drafts", id, "review")));
  };
  const path = `/v1/${table.kind}/drafts/${id}`;

  useEffect(() => {
    const shown = new AbortController();
    void load(shown.signal);
    // The review leads to a row by its key; whoever came for it sees it alone, until the filter is cleared.
    const row = query.peek().get("row");
    if (row) sheet.filters.value = { ...EVERYTHING, text: row };
    const look = () => document.visibilityState === "visible" && void saving.look();
    const timer = setInterval(look, LOOK);
    document.addEventListener("visibilitychange", look);
    const warn = (event: BeforeUnloadEvent) => saving.unsaved.peek().length > 0 && event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => {
      shown.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("beforeunload", warn);
      drafting.end();
    };
  }, [id]);
  // What is saved is reviewed whenever it has changed, and not whenever somebody looked whether it has.
  const etag = useComputed(() => saving.draft.value?.etag ?? null);
  useSignalEffect(() => {
    if (etag.value !== null) checking.reviewSoon(path, checking.review.peek() === null ? 0 : undefined);
  });
  useSignalEffect(() => void (sheet.faults.value = checking.faults.value));
  useSignalEffect(() => {
    const items = checking.review.value?.items ?? [];
    sheet.conflicts.value = new Set(items.filter((one) => one.severity === "error").flatMap((one) => one.rows));
  });

  useSignalEffect(() => {
    const state = saving.draft.value?.state;
    sheet.isOver.value = state === "published" || state === "discarded";
  });

  const draft = saving.draft.value;
  return (
    <PageFrame
      name={draft?.purpose ?? "Draft"}
      back={{ name: "Drafts", href: href(table.kind, "drafts") }}
      about={draft && <About draft={draft} drafting={drafting} />}
      actions={
        draft && (
          <>
            {sheet.mayEdit && (
              <button type="button" class="secondary" onClick={() => (isImporting.value = true)}>
                <Icon name="up" /> Import
              </button>
            )}
            <ExportButton path={`${path}/sheet`} name={`${table.kind}-draft`} formats={FORMATS} />
            <a class="primary" href={href(table.kind, "drafts", id, "review")} onClick={review}>
              Review
            </a>
          </>
        )
      }
    >
      {fault.value !== null && <Fault of={fault.value} again={() => void load()} />}
      {draft === null && fault.value === null && <Waiting />}
      {draft !== null && <Notices draft={draft} drafting={drafting} />}
      {draft !== null && <TableView sheet={sheet} name={`${table.name}, draft`} />}
      {isImporting.value && (
        <ImportDialog
          table={table}
          path={path}
          load={(format, content) => drafting.import(format, content)}
          onClose={() => (isImporting.value = false)}
        />
      )}
    </PageFrame>
  );
}

function About({ draft, drafting }: { readonly draft: Draft; readonly drafting: Drafting }) {
  const desk = useDesk();
  const { sheet, saving, checking } = drafting;
  const nameOf = useNames();
  const changes = sheet.changes.value.length;
  const review = checking.review.value;
  const faults = [...sheet.faults.value.values()].reduce((sum, one) => sum + one.size, 0);
  return (
    <span class="draft-about">
      <span>
        Draft by {draft.owner === desk.api.person ? "you" : nameOf(draft.owner)}, from version {draft.base}, {changes}{" "}
        {changes === 1 ? "row differs" : "rows differ"}
      </span>
      {draft.state !== "open" && <Tag tone={draft.state === "approved" ? "allowed" : "accent"}>{draft.state}</Tag>}
      {faults > 0 && <Tag tone="refused">{faults === 1 ? "1 fault" : `${faults} faults`}</Tag>}
      {review !== null && review.errors > 0 && (
        <Tag tone="refused">{review.errors === 1 ? "1 conflict" : `${review.errors} conflicts`}</Tag>
      )}
      <span class="draft-standing" role="status" data-standing={saving.standing.value}>
        {standingInWords(saving)}
      </span>
    </span>
  );
}

function standingInWords(saving: Saving): string {
  const count = saving.unsaved.value.length;
  const rows = count === 1 ? "1 row" : `${count} rows`;
  switch (saving.standing.value) {
    case "saved":
      return "All changes are saved";
    case "saving":
      return "Saving…";
    case "offline":
      return `No connection: ${rows} kept on this device until it is back`;
    case "clashing":
      return `Not saved: ${rows}, until you have chosen`;
    case "refused":
      return `Not saved: ${rows}`;
  }
}

function Notices({ draft, drafting }: { readonly draft: Draft; readonly drafting: Drafting }) {
  const { saving, sheet } = drafting;
  const clashes = saving.clashes.value;
  const names = new Map(sheet.columns.value.map((column) => [column.key, column.name]));
  return (
    <>
      {saving.standing.value === "refused" && (
        <Notice tone="refused" icon="alert">
          <p role="alert">
            The server refused your last edits, which are kept here: {faultInWords(saving.refusal.value)}
          </p>
        </Notice>
      )}
      {clashes.length > 0 && (
        <Notice tone="approval" icon="alert">
          <p role="alert">
            <b>Somebody else changed what you changed.</b> Nothing is lost: their rows are here, and yours stand on top of
            them. Choose what stays.
          </p>
          <ul class="clashes">
            {clashes.slice(0, 20).map((one) => (
              <li key={`${one.row} ${one.column}`}>
                <b>{one.row}</b> {one.column === null ? "the row" : (names.get(one.column) ?? one.column)}: yours{" "}
                <b>{one.mine || "empty"}</b>, theirs <b>{one.theirs || "empty"}</b>
              </li>
            ))}
          </ul>
          <div class="page-actions">
            <button type="button" class="primary" onClick={() => saving.settle("mine")}>
              Save mine on top
            </button>
            <button type="button" class="secondary" onClick={() => saving.settle("theirs")}>
              Take theirs here
            </button>
          </div>
        </Notice>
      )}
      {(draft.state === "submitted" || draft.state === "approved") && (
        <Notice tone="quiet" icon="clock">
          <p>This draft is {draft.state}. An edit opens it again, and it must be submitted and approved anew.</p>
        </Notice>
      )}
      {(draft.state === "published" || draft.state === "discarded") && (
        <Notice tone="quiet" icon="check">
          <p>
            This draft is {draft.state}
            {draft.version !== null && ` as version ${draft.version}`}, so it can be read but not edited.
          </p>
        </Notice>
      )}
    </>
  );
}
