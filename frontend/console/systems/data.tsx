// Data: what is kept how long, what is held of a customer, and the end of it.
import { useSignal } from "@preact/signals";
import type { CustomerErasure, HeldData, Holding, KeptKind, Retention } from "../../api/schema";
import { day } from "../../text/format";
import { useDesk } from "../desk";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { save } from "../parts/save";
import { Empty, Tag } from "../parts/small";
import { href } from "../place";
import { Erasing } from "./erasing";
import { SystemsFrame } from "./frame";
import { counted, instant, KEPT } from "./words";

const PATIENCE = 60_000; // everything that was ever asked is looked through

export function Data() {
  const kept = useLoaded<Retention>("/v1/retention");
  return (
    <SystemsFrame at="data" about="What is held of customers, how long, and how it goes." actions={null}>
      <Customer onErased={kept.again} />
      <WhenLoaded of={kept}>
        {(page) => (
          <>
            <section class="stack">
              <h2 class="section-name">Kept only so long</h2>
              <KeptTable of={page.kept} />
              <p class="quiet">
                Grants, requests, contacts and outcomes stay, for figures and limits rest on them. How long the rest does is set where the
                server runs: <code>AGENT_ASSIST_KEY_DAYS</code>, <code>AGENT_ASSIST_LOG_DAYS</code>, <code>AGENT_ASSIST_KEEP_TEXTS</code>.
              </p>
            </section>
            <section class="stack">
              <h2 class="section-name">Erased customers</h2>
              <Erased of={page.erasures} />
            </section>
          </>
        )}
      </WhenLoaded>
    </SystemsFrame>
  );
}

function Customer({ onErased }: { readonly onErased: () => void }) {
  const desk = useDesk();
  const sought = useSignal("");
  const found = useSignal<Holding | null>(null);
  const fault = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isErasing = useSignal(false);
  const during = async (act: () => Promise<void>) => {
    isBusy.value = true;
    fault.value = null;
    try {
      await act();
    } catch (problem) {
      fault.value = problem;
    }
    isBusy.value = false;
  };
  const find = (event: SubmitEvent) => {
    event.preventDefault();
    const customer = String(new FormData(event.currentTarget as HTMLFormElement).get("customer")).trim();
    found.value = null;
    void during(async () => {
      const holding = await desk.api.post<Holding>("/v1/customers/search", { customer }, { patience: PATIENCE });
      sought.value = customer;
      found.value = holding;
    });
  };
  const download = () =>
    during(async () => {
      const body = { customer: sought.value };
      const held = await desk.api.post<HeldData>("/v1/customers/export", body, { patience: PATIENCE });
      save(new Blob([JSON.stringify(held, null, 2)], { type: "application/json" }), "customer.json");
    });
  const end = (erased: CustomerErasure | null) => {
    isErasing.value = false;
    found.value = null;
    desk.tell(erased === null ? "Nothing is held of them any more." : `Erased. ${erased.alias} stands for them in the figures.`);
    onErased();
  };
  return (
    <section class="stack">
      <h2 class="section-name">A customer</h2>
      <form class="filters" onSubmit={find}>
        <label>
          Customer's id <input class="field" name="customer" required maxLength={200} autoComplete="off" spellcheck={false} />
        </label>
        <button type="submit" class="secondary" disabled={isBusy.value}>
          Find
        </button>
      </form>
      {fault.value !== null && <Fault of={fault.value} />}
      <div role="status">
        {found.value !== null && (
          <Held
            of={found.value}
            customer={sought.value}
            busy={isBusy.value}
            onDownload={() => void download()}
            onErase={() => (isErasing.value = true)}
          />
        )}
      </div>
      {isErasing.value && <Erasing customer={sought.value} onErased={end} onClose={() => (isErasing.value = false)} />}
    </section>
  );
}

function Held(props: {
  readonly of: Holding;
  readonly customer: string;
  readonly busy: boolean;
  readonly onDownload: () => void;
  readonly onErase: () => void;
}) {
  const { rows, shared } = props.of;
  const words = counted(rows);
  if (words.length === 0) return <Empty name="Nothing is held of this customer.">Ids are the CRM's, letter by letter.</Empty>;
  return (
    <div class="held">
      <p>
        Of <strong>{props.customer}</strong> there are {words.join(", ")}.
        {shared > 0 && ` ${shared} of their contacts and orders are named with others too: these ids are kept in an erasure.`}
      </p>
      <div class="held-acts">
        <button type="button" class="secondary" disabled={props.busy} onClick={props.onDownload}>
          Download what is held
        </button>
        <button type="button" class="danger" disabled={props.busy} onClick={props.onErase}>
          Erase…
        </button>
      </div>
    </div>
  );
}

function KeptTable({ of }: { readonly of: readonly KeptKind[] }) {
  return (
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Kept</th>
            <th scope="col">Last looked for</th>
            <th scope="col">Last deleted</th>
            <th scope="col" class="figure">
              Rows then
            </th>
            <th scope="col" class="figure">
              So far
            </th>
          </tr>
        </thead>
        <tbody>
          {of.map((one) => (
            <tr key={one.kind}>
              <td>{KEPT[one.kind] ?? one.kind}</td>
              <td class="nowrap">{one.days === 0 ? "not at all" : `${one.days} days`}</td>
              <td class="nowrap">{one.ran_at === null ? <span class="quiet">not yet</span> : instant(one.ran_at)}</td>
              <td class="nowrap">{one.deleted_at === null ? <span class="quiet">never</span> : instant(one.deleted_at)}</td>
              <td class="figure">{one.deleted}</td>
              <td class="figure">{one.total}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Erased({ of }: { readonly of: readonly CustomerErasure[] }) {
  if (of.length === 0) return <Empty name="Nobody was erased yet." />;
  return (
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">In the figures as</th>
            <th scope="col">By</th>
            <th scope="col">Changed</th>
            <th scope="col">In the database's files</th>
          </tr>
        </thead>
        <tbody>
          {of.map((one) => (
            <tr key={one.alias}>
              <td class="nowrap" title={instant(one.at)}>
                {day(one.at)}
              </td>
              <td class="nowrap">
                <a href={`${href("audit")}?subject=${one.alias}`}>{one.alias}</a>
              </td>
              <td>{one.by}</td>
              <td>{counted(one.rows).join(", ")}</td>
              <td>
                {one.wiped_at === null ? <Tag tone="approval">Being wiped</Tag> : <Tag tone="allowed">Wiped</Tag>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
