// The table in effect, to be read, searched, exported, and to begin a draft from.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { isAborted, NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { VersionPage } from "../../api/schema";
import { day } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { useNames } from "../drafts/asking";
import { Begin } from "../drafts/list";
import { TableTabs } from "../drafts/pages";
import { FORMATS, publisherOf } from "../drafts/tables";
import { Fault, Waiting } from "../parts/loaded";
import { Empty, PageFrame } from "../parts/small";
import type { Table } from "./columns";
import { ExportButton } from "../parts/export";
import { readRows } from "./saving";
import { Sheet } from "./sheet";
import { TableView } from "./view";

/** `place` is the table's own among the pages of its kind. */
export function PublishedTable({ table, place }: { readonly table: Table; readonly place: string }) {
  const desk = useDesk();
  const sheet = useMemo(() => new Sheet(table, desk, null), [table]);
  const versions = useSignal<VersionPage | null>(null);
  const fault = useSignal<unknown>(null);
  const isReady = useSignal(false);
  const isBeginning = useSignal(false);
  const load = async (signal?: AbortSignal) => {
    try {
      const found = await desk.api.get<VersionPage>(`/v1/${table.kind}/versions`, signal);
      sheet.rows.value = found.current === 0 ? new Map() : await readRows(desk.api, table.kind, `/v1/${table.kind}/versions/${found.current}`, signal);
      versions.value = found;
      fault.value = null;
      isReady.value = true;
    } catch (problem) {
      if (isAborted(problem)) return; // the page was left
      if (!isKnown(problem)) throw problem;
      fault.value = problem;
    }
  };
  useEffect(() => {
    const shown = new AbortController();
    void load(shown.signal);
    return () => shown.abort();
  }, [table]);
  useEvents(["version"], () => void load());

  const nameOf = useNames();
  const current = versions.value?.items.find((one) => one.number === versions.value?.current);
  const waiting = versions.value?.items.find((one) => one.state === "scheduled");
  return (
    <PageFrame
      name={table.name}
      about={
        current && (
          <>
            Version {current.number}, published {day(current.published_at)} by {publisherOf(current, nameOf)}
            {waiting?.effective_at && `. Version ${waiting.number} takes effect ${day(waiting.effective_at)}`}
          </>
        )
      }
      actions={
        <>
          {current && <ExportButton path={`/v1/${table.kind}/versions/${current.number}/sheet`} name={`${table.kind}-${current.number}`} formats={FORMATS} />}
          {desk.may("limits:edit") && (
            <button type="button" class="primary" onClick={() => (isBeginning.value = true)}>
              New draft
            </button>
          )}
        </>
      }
    >
      <TableTabs table={table.kind} current={place} />
      {fault.value !== null && <Fault of={fault.value} again={() => void load()} />}
      {!isReady.value && fault.value === null && <Waiting />}
      {isReady.value && sheet.rows.value.size === 0 && (
        <Empty name={`No ${table.name.toLowerCase()} are published yet.`}>
          <p>Begin a draft and add rows to it, or import a sheet into it.</p>
        </Empty>
      )}
      {isReady.value && sheet.rows.value.size > 0 && <TableView sheet={sheet} name={`${table.name}, published`} />}
      {isBeginning.value && <Begin table={table.kind} onClose={() => (isBeginning.value = false)} />}
    </PageFrame>
  );
}

function isKnown(problem: unknown): boolean {
  return problem instanceof NoAnswer || problem instanceof Refused || problem instanceof SignedOut;
}
