// The contacts of a day: what every figure of the overview is made of.
import type { ContactPage, ContactSeen, Ended } from "../../api/schema";
import { clock, day } from "../../text/format";
import { useDesk } from "../desk";
import { useNames } from "../drafts/asking";
import { Fault, useListed, WhenLoaded } from "../parts/loaded";
import { Empty, PageFrame, Tag } from "../parts/small";
import { filters, href } from "../place";
import { ContactView } from "./contact";

const FILTERS = ["day", "since", "until", "team", "issue", "cause", "measured_cause", "ended"] as const;
export const ENDS: Readonly<Record<Ended, string>> = {
  resolved: "Resolved",
  came_back: "Came back",
  unresolved: "Not resolved",
  open: "No outcome yet",
};
const TONES = { resolved: "allowed", came_back: "refused", unresolved: "approval", open: "quiet" } as const;
const CAUSES = ["product", "process", "marketing", "customer", "employee"];

export function ContactsPage({ rest }: { readonly rest: readonly string[] }) {
  const [id] = rest;
  return id === undefined ? <ContactList /> : <ContactView key={id} id={id} />;
}

function ContactList() {
  const desk = useDesk();
  const { wanted, choose } = filters("contacts", FILTERS);
  const { first, items, more, fault } = useListed<ContactSeen, ContactPage>(`/v1/contacts?${wanted}`);
  const chosen = wanted.get("day");
  const [since, until] = [wanted.get("since"), wanted.get("until")];
  const isOfDays = since !== null && until !== null;
  return (
    <PageFrame name="Contacts" about={isOfDays ? `Opened from ${day(since)} to ${day(until)}` : chosen ? `Opened on ${day(chosen)}` : "Opened today"} back={{ name: "Overview", href: href() }}>
      <div class="filters">
        <label>
          Day <input class="field" type="date" value={chosen ?? ""} onChange={(event) => choose({ day: event.currentTarget.value, since: "", until: "" })} />
        </label>
        <Choice name="Issue" value={wanted.get("issue")} onChange={(issue) => choose({ issue })}>
          {(desk.vocabulary.value?.issues ?? []).map((one) => [one.key, one.name])}
        </Choice>
        <Choice name="Ended" value={wanted.get("ended")} onChange={(ended) => choose({ ended })}>
          {Object.entries(ENDS)}
        </Choice>
        {wanted.get("measured_cause") && (
          <button type="button" class="secondary" onClick={() => choose({ measured_cause: "" })}>
            Only caused by {wanted.get("measured_cause")}, as measured: show all
          </button>
        )}
        <Choice name="Cause" value={wanted.get("cause")} onChange={(cause) => choose({ cause })}>
          {CAUSES.map((one) => [one, one])}
        </Choice>
      </div>
      <WhenLoaded of={first}>
        {() =>
          items.length === 0 && more === null ? (
            <Empty name="No contact is like this.">Take a filter away, or choose another day.</Empty>
          ) : (
            <>
              <Table of={items} />
              {fault !== null && <Fault of={fault} />}
              {more !== null && (
                <button type="button" class="secondary" onClick={more}>
                  Show more
                </button>
              )}
            </>
          )
        }
      </WhenLoaded>
    </PageFrame>
  );
}

function Choice(props: {
  readonly name: string;
  readonly value: string | null;
  readonly onChange: (value: string) => void;
  readonly children: readonly (readonly [string, string])[];
}) {
  return (
    <label>
      {props.name}{" "}
      <select class="field" value={props.value ?? ""} onChange={(event) => props.onChange(event.currentTarget.value)}>
        <option value="">any</option>
        {props.children.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Table({ of }: { readonly of: readonly ContactSeen[] }) {
  const desk = useDesk();
  const nameOf = useNames();
  return (
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>
            {["Contact", "Opened", "Issues", "Representative", "Customer", "Ended", "Cause"].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.map((one) => (
            <tr key={one.external_id}>
              <td class="nowrap">
                <a href={href("contacts", one.external_id)}>{one.external_id}</a>
              </td>
              <td>{clock(one.opened_at)}</td>
              <td>{one.issues.map((issue) => desk.issue(issue)).join(", ")}</td>
              <td>
                {one.rep && nameOf(one.rep)} <span class="quiet nowrap">{one.team}</span>
              </td>
              <td class="nowrap">{one.customer}</td>
              <td>
                <Tag tone={TONES[one.ended]}>{ENDS[one.ended]}</Tag>
              </td>
              <td>{one.cause}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
