// One policy of a draft is written here, with what the server says of it while it is.
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Draft, PolicyCheck } from "../../api/schema";
import { isAborted } from "../../api/problems";
import { useDesk } from "../desk";
import { named, namesOf } from "../drafts/named";
import { isWorkedOn } from "../drafts/tables";
import { Fault, Waiting } from "../parts/loaded";
import { Notice, PageFrame, Tag } from "../parts/small";
import { go, href } from "../place";
import { isOutdated, pathOf, put, rowsOf } from "./drafting";
import { ABOUT, type Cells, filled, isSame, languageOf, nameOf, policyOf, TITLE, WORDS } from "./fields";
import { Cell, Examples } from "./cells";
import { KeptWords } from "./kept";
import { Preview } from "./preview";
import { Retire, Retired } from "./retiring";
import { sentence, SEVERITIES } from "./words";

const PAUSE = 350; // ms after the last key

export function Editor({ id, row }: { readonly id: string; readonly row: string }) {
  const desk = useDesk();
  const draft = useSignal<Draft | null>(null);
  const rows = useSignal<Readonly<Record<string, Cells>>>({});
  const cells = useSignal<Cells>({});
  /** What mine were made of. */
  const before = useSignal<Cells>({});
  const fault = useSignal<unknown>(null);
  const theirs = useSignal<Cells | null>(null);
  const isBack = useSignal(false);
  const language = languageOf(row);
  const isChanged = useComputed(() => !isSame(cells.value, rows.value[row] ?? {}));
  const kept = useMemo(() => new KeptWords(desk.settings, desk.api.person, id, row), [id, row]);
  const take = (now: Cells) => {
    before.value = cells.value = now;
    theirs.value = null;
    isBack.value = false;
  };
  const load = async (signal?: AbortSignal) => {
    try {
      const [found, now] = await Promise.all([desk.api.get<Draft>(pathOf(id), signal), rowsOf(desk, id, signal)]);
      const written = kept.read();
      rows.value = now;
      take(now[row] ?? {});
      if (written !== null && !isSame(written.cells, cells.value)) {
        if (!isSame(written.before, cells.value)) theirs.value = cells.value;
        before.value = written.before;
        cells.value = written.cells;
        isBack.value = true;
      }
      fault.value = null;
      draft.value = found;
    } catch (problem) {
      if (isAborted(problem)) return; // the page was left
      fault.value = problem;
    }
  };
  useEffect(() => {
    const shown = new AbortController();
    void load(shown.signal);
    return () => shown.abort();
  }, [id, row]);
  useSignalEffect(() => {
    if (draft.value !== null) kept.note({ before: before.value, cells: cells.value });
  });
  const keep = async () => {
    if (draft.value === null) return;
    fault.value = null;
    try {
      draft.value = await put(desk, draft.value, { [row]: filled(cells.value) });
      rows.value = { ...rows.value, [row]: filled(cells.value) };
      take(rows.value[row] ?? {});
      desk.tell("Kept in the draft");
    } catch (problem) {
      if (isOutdated(problem)) await catchUp();
      else fault.value = problem;
    }
  };
  /** Somebody edited the draft: theirs stays where it is another policy, and is shown where it is this. */
  const catchUp = async () => {
    try {
      const [newest, now] = await Promise.all([desk.api.get<Draft>(pathOf(id)), rowsOf(desk, id)]);
      const isOther = isSame(now[row] ?? {}, rows.value[row] ?? {});
      draft.value = newest;
      rows.value = now;
      if (isOther) await keep();
      else theirs.value = now[row] ?? {};
    } catch (problem) {
      fault.value = problem;
    }
  };
  const found = draft.value;
  const isGone = found !== null && language === null && !(row in rows.value) && isSame(cells.value, {});
  const mayEdit = found !== null && !isGone && isWorkedOn(found) && desk.may("limits:edit");
  return (
    <PageFrame
      name={cells.value["title"] || row}
      about={found ? `${policyOf(row)}${language === null ? "" : `, in ${language}`}; in the draft “${found.purpose}”` : undefined}
      back={{ name: "Draft", href: href("policies", "drafts", id) }}
      actions={
        mayEdit && (
          <>
            <Retire draft={found} row={row} rows={rows.value} onDone={() => kept.drop()} />
            <button type="button" class="primary" disabled={!isChanged.value} onClick={() => void keep()}>
              {isChanged.value ? "Keep in the draft" : "Kept"}
            </button>
          </>
        )
      }
    >
      {fault.value !== null && <Fault of={fault.value} {...(found === null && { again: () => void load() })} />}
      {theirs.value !== null && (
        <Notice tone="approval" icon="alert">
          <p role="alert">Somebody else changed this policy in the draft meanwhile. What you wrote is still here.</p>
          <span class="notice-acts">
            <button type="button" class="secondary" onClick={() => void keep()}>
              Put mine over theirs
            </button>
            <button type="button" class="secondary" onClick={() => take(theirs.value ?? {})}>
              Take theirs
            </button>
          </span>
        </Notice>
      )}
      {isBack.value && theirs.value === null && (
        <Notice tone="quiet" icon="undo">
          <p role="status">What you wrote here before is back. It is on this device, and not in the draft yet.</p>
          <button type="button" class="secondary" onClick={() => take(rows.value[row] ?? {})}>
            Throw it away
          </button>
        </Notice>
      )}
      {isGone && <Retired draft={found} policy={row} onBack={() => void load()} />}
      {found !== null && !isGone && (
        <>
          <Languages id={id} row={row} rows={rows.value} />
          <Writing id={id} row={row} cells={cells.value} original={language === null ? null : rows.value[policyOf(row)] ?? {}} onChange={(now) => (cells.value = now)} />
        </>
      )}
      {found === null && fault.value === null && <Waiting />}
    </PageFrame>
  );
}

function Writing(props: {
  readonly id: string;
  readonly row: string;
  readonly cells: Cells;
  /** What is translated; null for the original itself. */
  readonly original: Cells | null;
  readonly onChange: (cells: Cells) => void;
}) {
  const { cells, original } = props;
  const check = useCheck(props.id, props.row, cells);
  const of = (column: string) => ({
    value: cells[column] ?? "",
    original: original === null ? null : original[column] ?? "",
    check,
    onChange: (text: string) => props.onChange({ ...cells, [column]: text }),
  });
  return (
    <div class="writing">
      <form class="stack" aria-label="Policy" onSubmit={(event) => event.preventDefault()}>
        <Cell field={TITLE} {...of(TITLE.column)} />
        {WORDS.map((field) => (
          <Cell key={field.column} field={field} {...of(field.column)} />
        ))}
        <Examples cells={cells} original={original} onChange={props.onChange} />
        {original === null && (
          <details class="about-fields">
            <summary>Issues, owner, dates and sources</summary>
            <div class="stack">
              {ABOUT.map((field) => (
                <Cell key={field.column} field={field} {...of(field.column)} />
              ))}
            </div>
          </details>
        )}
      </form>
      <aside class="stack" aria-label="Preview" tabIndex={0}>
        <Checked of={check} />
        <h2 class="section-name">As the representative sees it</h2>
        <Preview of={cells} />
      </aside>
    </div>
  );
}

/** What a review would say; asked a moment after the last key, the newest question wins. */
function useCheck(id: string, row: string, cells: Cells): PolicyCheck | null {
  const desk = useDesk();
  const found = useSignal<PolicyCheck | null>(null);
  useEffect(() => {
    const mine = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const asked = { row, cells: filled(cells) };
        found.value = await desk.api.post<PolicyCheck>(`${pathOf(id)}/check`, asked, { signal: mine.signal });
      } catch (problem) {
        if (!isAborted(problem)) found.value = null; // what it said was of an older text
      }
    }, PAUSE);
    return () => (clearTimeout(timer), mine.abort());
  }, [id, row, cells]);
  return found.value;
}

function Checked({ of }: { readonly of: PolicyCheck | null }) {
  const desk = useDesk();
  const vocabulary = desk.vocabulary.value;
  if (of === null) return <p class="quiet">Checking…</p>;
  const faults = of.faults.map((one) => ({ ...one, severity: "error" as const }));
  const found = [...faults, ...of.items];
  return (
    <section class="stack" aria-live="polite" aria-label="Review">
      <h2 class="section-name">{found.length === 0 ? "No fault is found" : "What the review says"}</h2>
      {found.length > 0 && (
        <ul class="policy-findings">
          {found.map((one) => (
            <li key={`${one.code}${one.column}`}>
              <Tag tone={SEVERITIES[one.severity].tone}>{SEVERITIES[one.severity].name}</Tag>
              <span>
                {one.column && <b>{nameOf(one.column, (key) => desk.issue(key))}: </b>}
                {sentence(vocabulary === null ? one.message : named(one.message, namesOf(vocabulary)))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Languages(props: { readonly id: string; readonly row: string; readonly rows: Readonly<Record<string, Cells>> }) {
  const desk = useDesk();
  const policy = policyOf(props.row);
  const adds = useSignal<string | null>(null);
  const own = desk.vocabulary.value?.library.locale ?? "";
  const there = Object.keys(props.rows).filter((row) => policyOf(row) === policy);
  const rows = [...new Set([policy, ...there, props.row])];
  return (
    <nav class="languages" aria-label="Languages">
      {rows.map((row) => (
        <a key={row} href={href("policies", "drafts", props.id, row)} aria-current={row === props.row ? "page" : undefined}>
          {languageOf(row) ?? own}
        </a>
      ))}
      {adds.value === null ? (
        <button type="button" class="link" onClick={() => (adds.value = "")}>
          Add a translation
        </button>
      ) : (
        <form class="filters" onSubmit={(event) => (event.preventDefault(), go(href("policies", "drafts", props.id, `${policy}.${adds.value}`)))}>
          <label>
            Language{" "}
            <input class="field" required size={6} pattern="[a-z]{2,3}(-[A-Za-z0-9]{2,8})?" placeholder="de" value={adds.value} onInput={(event) => (adds.value = event.currentTarget.value)} />
          </label>
          <button type="submit" class="secondary">
            Add
          </button>
        </form>
      )}
    </nav>
  );
}
