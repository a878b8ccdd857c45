// The versions of a table: who published them, when and why; how two differ; and the way back.
import { useSignal } from "@preact/signals";
import type { Difference, RowChange, Version } from "../../api/schema";
import { moment } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Icon } from "../parts/icon";
import { save } from "../parts/save";
import { Fault, WhenLoaded } from "../parts/loaded";
import { Empty, PageFrame, Tag } from "../parts/small";
import { href, query, replace } from "../place";
import { useAll, useNames, useVersions } from "./asking";
import { Changes } from "./changes";
import { Begin } from "./list";
import { TableTabs } from "./pages";
import { type Grid, NAMES, publisherOf, reviewOf, rowsInWords, type Table, type Tone } from "./tables";

const STATES: Readonly<Record<Version["state"], { readonly word: string; readonly tone: Tone }>> = {
  current: { word: "In force", tone: "allowed" },
  scheduled: { word: "Waits for its date", tone: "approval" },
  past: { word: "Past", tone: "quiet" },
  cancelled: { word: "Cancelled", tone: "refused" },
};

export function History({ table }: { readonly table: Table }) {
  const versions = useVersions(table);
  useEvents(["version"], versions.again);
  return (
    <PageFrame name={NAMES[table]} about="Versions never change. Going back makes a draft that holds what an older one did.">
      <TableTabs table={table} current="history" />
      <WhenLoaded of={versions}>
        {({ items, isWhole }) =>
          items.length === 0 ? (
            <Empty name="Nothing was published yet." />
          ) : (
            <>
              <Versions table={table} items={items} again={versions.again} />
              {!isWhole && <p class="quiet">Older versions are not listed.</p>}
              {items.length > 1 && <Compare table={table} items={items} />}
            </>
          )
        }
      </WhenLoaded>
    </PageFrame>
  );
}

function Versions(props: { readonly table: Table; readonly items: readonly Version[]; readonly again: () => void }) {
  const desk = useDesk();
  const nameOf = useNames();
  const reverts = useSignal<number | null>(null);
  const cancels = useSignal<Version | null>(null);
  const { items, table } = props;
  return (
    <>
      <div class="table-frame" tabIndex={0} role="region" aria-label="Versions">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">State</th>
              <th scope="col">Published</th>
              <th scope="col">By</th>
              <th scope="col">Why</th>
              <th scope="col">
                <span class="unseen">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((one, index) => (
              <tr key={one.number}>
                <td class="figure-start">{one.number}</td>
                <td>
                  <Tag tone={STATES[one.state].tone}>{STATES[one.state].word}</Tag>
                </td>
                <td class="nowrap">
                  {moment(one.published_at)}
                  {one.effective_at && <div class="quiet">from {moment(one.effective_at)}</div>}
                </td>
                <td>
                  <span class="nowrap">{publisherOf(one, nameOf)}</span>
                  {one.approved_by && <div class="quiet">approved by {nameOf(one.approved_by)}</div>}
                  {one.cancelled_by && <div class="quiet">cancelled by {nameOf(one.cancelled_by)}</div>}
                </td>
                <td class="version-note">
                  {one.note || <span class="quiet">no note</span>}
                  {one.draft && (
                    <>
                      {" "}
                      <a href={reviewOf(table, one.draft)}>Review</a>
                    </>
                  )}
                </td>
                <td>
                  <div class="row-acts">
                    {items[index + 1] && (
                      <a href={comparing(table, items[index + 1]!.number, one.number)}>Changes</a>
                    )}
                    {table !== "policies" && <Export table={table} number={one.number} />}
                    {one.state === "past" && desk.may("limits:edit") && (
                      <button type="button" class="link" onClick={() => (reverts.value = one.number)}>
                        Go back to it
                      </button>
                    )}
                    {one.state === "scheduled" && desk.may("limits:publish") && (
                      <button type="button" class="link" onClick={() => (cancels.value = one)}>
                        Cancel
                      </button>
                    )}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {reverts.value !== null && (
        <Begin table={table} contentOf={reverts.value} onClose={() => (reverts.value = null)} />
      )}
      {cancels.value && <Cancel of={cancels.value} onDone={props.again} onClose={() => (cancels.value = null)} />}
    </>
  );
}

function Cancel(props: { readonly of: Version; readonly onDone: () => void; readonly onClose: () => void }) {
  const desk = useDesk();
  const doing = useDoing();
  const { number, table } = props.of;
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { by: { id: desk.api.person } };
    const path = `/v1/${table}/versions/${number}/cancel`;
    const done = await doing.run(() => desk.api.post(path, body, { key: crypto.randomUUID() }));
    if (done === null) return;
    desk.tell(`Version ${number} will not take effect. Its draft is open again.`);
    props.onDone();
    props.onClose();
  };
  return (
    <Dialog name={`Cancel version ${number}`} onClose={props.onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p>It will not take effect. Its draft is open again, to be changed or published anew.</p>
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
        <DialogFoot act="Cancel the version" danger busy={doing.busy.value} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}

const FORMATS = ["csv", "xlsx", "json"] as const;

function Export({ table, number }: { readonly table: Grid; readonly number: number }) {
  const desk = useDesk();
  const doing = useDoing();
  const had = async (format: string) => {
    const file = await doing.run(() => desk.api.file(`/v1/${table}/versions/${number}/sheet?format=${format}`));
    if (file === null) return desk.tell("The file could not be had. Try again.");
    save(file, `${table}-${number}.${format}`);
  };
  return (
    <span class="formats" role="group" aria-label={`Export version ${number}`}>
      <Icon name="down" />
      {FORMATS.map((one) => (
        <button key={one} type="button" class="link" aria-label={`Version ${number} as ${one.toUpperCase()}`} onClick={() => void had(one)}>
          {one.toUpperCase()}
        </button>
      ))}
    </span>
  );
}

const comparing = (table: Table, from: number, to: number) => `${href(table, "history")}?from=${from}&to=${to}#compare`;

/** How any two versions differ; which two stands in the address. */
function Compare({ table, items }: { readonly table: Table; readonly items: readonly Version[] }) {
  const asked = query.value;
  const from = numberOf(asked.get("from"), items[1]);
  const to = numberOf(asked.get("to"), items[0]);
  const choose = (a: number, b: number) => replace(comparing(table, a, b));
  return (
    <section class="stack" id="compare">
      <h2 class="section-name">How two versions differ</h2>
      <div class="filters">
        <Choice name="From" items={items} value={from} onChoose={(one) => choose(one, to)} />
        <Choice name="to" items={items} value={to} onChoose={(one) => choose(from, one)} />
      </div>
      {from === to ? <p class="quiet">Choose two versions.</p> : <Compared table={table} from={from} to={to} />}
    </section>
  );
}

function Choice(props: {
  readonly name: string;
  readonly items: readonly Version[];
  readonly value: number;
  readonly onChoose: (number: number) => void;
}) {
  return (
    <label>
      {props.name}{" "}
      <select
        class="field"
        value={props.value}
        onChange={(event) => props.onChoose(Number(event.currentTarget.value))}
      >
        {props.items.map((one) => (
          <option key={one.number} value={one.number}>
            version {one.number}
          </option>
        ))}
      </select>
    </label>
  );
}

function Compared(props: { readonly table: Table; readonly from: number; readonly to: number }) {
  const path = `/v1/${props.table}/versions/${props.to}/difference?against=${props.from}`;
  const found = useAll<RowChange, Difference>(path);
  return (
    <WhenLoaded of={found}>
      {(difference) =>
        difference.changed === 0 ? (
          <p class="quiet">They hold the same.</p>
        ) : (
          <>
            <Changes table={props.table} of={difference} />
            {!difference.isWhole && <p class="quiet">Only the first {rowsInWords(props.table, difference.items.length)} are shown.</p>}
          </>
        )
      }
    </WhenLoaded>
  );
}

function numberOf(text: string | null, otherwise: Version | undefined): number {
  const number = Number(text);
  return Number.isSafeInteger(number) && number > 0 ? number : (otherwise?.number ?? 1);
}
