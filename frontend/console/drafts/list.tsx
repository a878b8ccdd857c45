// The drafts of a table: who writes what, for what, how far it is and what comes next.
import { useSignal } from "@preact/signals";
import type { Difference, Draft, Version } from "../../api/schema";
import { day } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Icon } from "../parts/icon";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Field, Notice, PageFrame, Tag } from "../parts/small";
import { go, query } from "../place";
import { begin, useDrafts, useNames, useVersions } from "./asking";
import { TableTabs } from "./pages";
import { isWorkedOn, NAMES, newestOf, plural, reviewOf, rowsInWords, stateOf, type Table, writingOf } from "./tables";

export function Drafts({ table }: { readonly table: Table }) {
  const desk = useDesk();
  const drafts = useDrafts(table);
  const versions = useVersions(table);
  const begins = useSignal(query.value.has("new"));
  const showsEnded = useSignal(false);
  useEvents(["version"], () => (drafts.again(), versions.again()));
  const newest = newestOf(versions.value.value?.items ?? []);
  return (
    <PageFrame
      name={NAMES[table]}
      about={newest ? `Version ${newest.number} is the newest. A draft changes nothing until it is published.` : null}
      actions={
        desk.may("limits:edit") && (
          <button type="button" class="primary" onClick={() => (begins.value = true)}>
            <Icon name="plus" /> New draft
          </button>
        )
      }
    >
      <TableTabs table={table} current="drafts" />
      <WhenLoaded of={drafts}>
        {({ items, isWhole }) => {
          const open = items.filter(isWorkedOn);
          const ended = items.filter((one) => !isWorkedOn(one));
          return (
            <>
              {open.length === 0 ? (
                <Empty name="Nobody is changing anything.">
                  <p>Begin a draft: it holds what the newest version does, and others can begin theirs beside it.</p>
                </Empty>
              ) : (
                <DraftTable table={table} drafts={open} newest={newest} />
              )}
              {ended.length > 0 && (
                <details class="more" onToggle={(event) => (showsEnded.value = event.currentTarget.open)}>
                  <summary>{plural(ended.length, "draft is", "drafts are")} published or discarded</summary>
                  {showsEnded.value && <DraftTable table={table} drafts={ended} newest={newest} />}
                </details>
              )}
              {!isWhole && <p class="quiet">Older drafts are not listed.</p>}
            </>
          );
        }}
      </WhenLoaded>
      {begins.value && <Begin table={table} onClose={() => (begins.value = false)} />}
    </PageFrame>
  );
}

function DraftTable(props: {
  readonly table: Table;
  readonly drafts: readonly Draft[];
  readonly newest: Version | undefined;
}) {
  const nameOf = useNames();
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label="Drafts">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">What for</th>
            <th scope="col">Owner</th>
            <th scope="col">State</th>
            <th scope="col">Changes</th>
            <th scope="col">Based on</th>
            <th scope="col">Begun</th>
          </tr>
        </thead>
        <tbody>
          {props.drafts.map((one) => (
            <tr key={one.id}>
              <td class="draft-purpose">
                <a href={one.state === "open" ? writingOf(props.table, one.id) : reviewOf(props.table, one.id)}>
                  {one.purpose}
                </a>
              </td>
              <td>{nameOf(one.owner)}</td>
              <td>
                <Tag tone={stateOf(one.state).tone}>{stateOf(one.state).word}</Tag>
              </td>
              <td>{isWorkedOn(one) ? <Distance draft={one} /> : one.version ? `version ${one.version}` : ""}</td>
              <td>
                <Base draft={one} newest={props.newest} />
              </td>
              <td class="nowrap">{day(one.created_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How far a draft is from what it is based on. */
function Distance({ draft }: { readonly draft: Draft }) {
  const path = `/v1/${draft.table}/drafts/${draft.id}/difference?limit=1`;
  const found = useLoaded<Difference>(path).value.value;
  if (found === null) return <span class="quiet">…</span>;
  if (found.changed === 0) return <span class="quiet">none yet</span>;
  return (
    <>
      <a href={reviewOf(draft.table, draft.id)}>{rowsInWords(draft.table, found.changed)}</a>
      {found.tightens && <span class="quiet"> · gives nobody more</span>}
    </>
  );
}

function Base(props: { readonly draft: Draft; readonly newest: Version | undefined }) {
  const { draft, newest } = props;
  const isStale = isWorkedOn(draft) && newest !== undefined && newest.number !== draft.base;
  if (!isStale) return <>version {draft.base}</>;
  return (
    <span class="stale">
      <Icon name="alert" /> version {draft.base}; {newest.number} is newer
    </span>
  );
}

/** A dialog that begins a draft, and leads into it. */
export function Begin(props: {
  readonly table: Table;
  readonly onClose: () => void;
  /** An older version whose content it shall hold. */
  readonly contentOf?: number;
}) {
  const desk = useDesk();
  const doing = useDoing();
  const { contentOf, table } = props;
  const purpose = useSignal(contentOf ? `Go back to version ${contentOf}` : "");
  const submit = async (event: Event) => {
    event.preventDefault();
    const made = await doing.run(() => begin(desk, table, purpose.value.trim(), contentOf));
    if (made) go(contentOf ? reviewOf(table, made.id) : writingOf(table, made.id));
  };
  return (
    <Dialog name={contentOf ? `Go back to version ${contentOf}` : "New draft"} onClose={props.onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {contentOf && (
          <Notice tone="quiet" icon="undo">
            <p>
              A draft is made that holds what version {contentOf} did. It is reviewed and published like any other.
            </p>
          </Notice>
        )}
        <Field name="What for" hint="In a sentence: those who review it read this first.">
          <input
            class="field"
            required
            maxLength={1000}
            autoFocus
            value={purpose.value}
            onInput={(event) => (purpose.value = event.currentTarget.value)}
          />
        </Field>
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
        <DialogFoot act="Begin the draft" busy={doing.busy.value} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
