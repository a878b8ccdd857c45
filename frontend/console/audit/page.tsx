// The audit: every act as it was chained; searched, checked from its beginning, and taken away.
import { useSignal } from "@preact/signals";
import type { AuditEntry, AuditPage as Found } from "../../api/schema";
import { words } from "../../text/format";
import { useDesk } from "../desk";
import { useNames, usePeople } from "../drafts/asking";
import { Icon } from "../parts/icon";
import { Fault, useListed, WhenLoaded } from "../parts/loaded";
import { save } from "../parts/save";
import { Empty, PageFrame } from "../parts/small";
import { filters, href } from "../place";
import { instant } from "../systems/words";
import { Check } from "./check";

const FILTERS = ["act", "actor", "subject", "first", "last"] as const;
/** First words of acts; each stands for all acts that begin with it. */
const ACTS = [
  "approval", "absence", "brake", "budget", "customer", "draft", "feedback", "grant", "host", "key", "model", "person", "session",
  "version", "webhook",
];

export function AuditPage() {
  const desk = useDesk();
  const { wanted, choose } = filters("audit", FILTERS);
  const fault = useSignal<unknown>(null);
  const download = async () => {
    try {
      save(await desk.api.file(`/v1/audit/export?${wanted}`), "audit.jsonl");
      fault.value = null;
    } catch (problem) {
      fault.value = problem;
    }
  };
  const filter = (name: (typeof FILTERS)[number]) => ({
    class: "field",
    value: wanted.get(name) ?? "",
    onChange: (event: { readonly currentTarget: HTMLInputElement | HTMLSelectElement }) =>
      choose({ [name]: event.currentTarget.value }),
  });
  const people = usePeople().value.value?.items ?? [];
  return (
    <PageFrame
      name="Audit"
      about="Everything that was done, in one chain: no entry can be changed unseen."
      actions={
        <button type="button" class="secondary" onClick={() => void download()}>
          <Icon name="down" /> Download the newest 5,000
        </button>
      }
    >
      {fault.value !== null && <Fault of={fault.value} again={() => void download()} />}
      <Check />
      <div class="filters">
        <label>
          What{" "}
          <select {...filter("act")}>
            <option value="">anything</option>
            {ACTS.map((act) => (
              <option key={act} value={act}>
                {words(act)}
              </option>
            ))}
          </select>
        </label>
        <label>
          By <input type="search" placeholder="anybody" list="actors" {...filter("actor")} />
        </label>
        <datalist id="actors">
          {people.map((one) => (
            <option key={one.id} value={`person:${one.id}`}>
              {one.name}
            </option>
          ))}
        </datalist>
        <label>
          About <input type="search" placeholder="an id" {...filter("subject")} />
        </label>
        <label>
          From <input type="date" {...filter("first")} />
        </label>
        <label>
          to <input type="date" {...filter("last")} />
        </label>
        {[...wanted].length > 0 && <a href={href("audit")}>Clear</a>}
      </div>
      <Entries path={`/v1/audit?${wanted}`} />
    </PageFrame>
  );
}

function Entries({ path }: { readonly path: string }) {
  const { first, items, pages, more, fault } = useListed<AuditEntry, Found>(path);
  const whose = Object.assign({}, ...pages.map((page) => page.people)) as Found["people"];
  return (
    <WhenLoaded of={first}>
      {() => (
        <>
          {items.length > 0 && <Table of={items} whose={whose} />}
          {items.length === 0 && more === null && <Empty name="No act is like this.">Take a filter away.</Empty>}
          {items.length === 0 && more !== null && <Empty name="None among the newest acts.">Older ones are left to search.</Empty>}
          {fault !== null && <Fault of={fault} />}
          {more !== null && (
            <button type="button" class="secondary" onClick={more}>
              Search older ones
            </button>
          )}
        </>
      )}
    </WhenLoaded>
  );
}

function Table({ of, whose }: { readonly of: readonly AuditEntry[]; readonly whose: Found["people"] }) {
  const nameOf = useNames();
  return (
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>
            {["Entry", "When", "What", "About", "By", "Details"].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.map((one) => (
            <tr key={one.seq}>
              <td class="quiet">{one.seq}</td>
              <td class="nowrap">{instant(one.at)}</td>
              <td class="nowrap">{words(one.act.replaceAll(".", " "))}</td>
              <td>
                <a href={`${href("audit")}?subject=${encodeURIComponent(one.subject)}`}>{one.subject}</a>
              </td>
              <td class="nowrap">
                <Actor of={one.actor} person={whose[one.actor] ?? personOf(one.actor)} nameOf={nameOf} />
              </td>
              <td>
                <details class="details">
                  <summary>Show</summary>
                  <pre>{JSON.stringify(one.content, null, 2)}</pre>
                  <p class="quiet">Hash {one.hash}</p>
                </details>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Who acted: a person by their name, also for what a session of theirs asked for; else as acts name it. */
function Actor(props: { readonly of: string; readonly person: string | null; readonly nameOf: (id: string) => string }) {
  const { of, person, nameOf } = props;
  const found = `${href("audit")}?actor=${encodeURIComponent(person === null ? of : `person:${person}`)}`;
  return (
    <>
      <a href={found} title={of}>
        {person === null ? of : nameOf(person)}
      </a>
      {person !== null && of.startsWith("session:") && <span class="quiet"> in a session</span>}
    </>
  );
}

const personOf = (actor: string) => (actor.startsWith("person:") ? actor.slice("person:".length) : null);
