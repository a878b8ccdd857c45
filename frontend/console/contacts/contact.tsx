// One contact: who and what about, what was given and asked for, and how it ended.
import type { ComponentChildren } from "preact";
import type { Approval } from "../../api/names";
import type { Contact, GrantPage, Outcome } from "../../api/schema";
import { amount, clock, day, words } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { useNames } from "../drafts/asking";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, PageFrame, Tag } from "../parts/small";
import { href } from "../place";

const STATES = { reserved: "accent", captured: "allowed", voided: "quiet", expired: "quiet" } as const;
const ANSWERS = { pending: "approval", approved: "allowed", refused: "refused", withdrawn: "quiet", expired: "quiet" } as const;

type NameOf = (id: string) => string;

export function ContactView({ id }: { readonly id: string }) {
  const of = encodeURIComponent(id);
  const contact = useLoaded<Contact>(`/v1/contacts/${of}`);
  const grants = useLoaded<GrantPage>(`/v1/grants?contact=${of}&limit=200`);
  const approvals = useLoaded<{ readonly items: readonly Approval[] }>(`/v1/approvals?contact=${of}&limit=200`);
  const nameOf = useNames();
  useEvents(["grant", "approval"], () => (grants.again(), approvals.again()));
  return (
    <PageFrame name={`Contact ${id}`} back={{ name: "Contacts", href: href("contacts") }}>
      <WhenLoaded of={contact}>{(found) => <About of={found} nameOf={nameOf} />}</WhenLoaded>
      <Part name="Given">
        <WhenLoaded of={grants}>{(page) => <Grants of={page.items} nameOf={nameOf} />}</WhenLoaded>
      </Part>
      <Part name="Asked for">
        <WhenLoaded of={approvals}>{(page) => <Approvals of={page.items} nameOf={nameOf} />}</WhenLoaded>
      </Part>
    </PageFrame>
  );
}

function Part(props: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <section class="stack" aria-label={props.name}>
      <h2 class="section-name">{props.name}</h2>
      {props.children}
    </section>
  );
}

function About({ of, nameOf }: { readonly of: Contact; readonly nameOf: NameOf }) {
  const desk = useDesk();
  const said: readonly (readonly [string, string | null])[] = [
    ["About", of.issues.map((one) => desk.issue(one)).join(", ") || null],
    ["Opened", `${day(of.opened_at)}, ${clock(of.opened_at)}`],
    ["Closed", of.closed_at && `${day(of.closed_at)}, ${clock(of.closed_at)}`],
    ["Representative", of.rep && (of.team ? `${nameOf(of.rep)}, ${of.team}` : nameOf(of.rep))],
    ["Customer", of.customer],
    ["Channel", of.channel && words(of.channel)],
  ];
  return (
    <>
      <dl class="about">
        {said.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <Part name="How it ended">
        {of.outcomes.length === 0 ? (
          <p class="quiet">Nobody has said so yet.</p>
        ) : (
          <ol class="changes">
            {[...of.outcomes].reverse().map((one) => (
              <Ending key={one.number} of={one} />
            ))}
          </ol>
        )}
      </Part>
    </>
  );
}

function Ending({ of }: { readonly of: Outcome }) {
  return (
    <li>
      <time dateTime={of.at}>
        {day(of.at)}, {clock(of.at)}
      </time>
      <span>
        <Tag tone={of.resolved ? "allowed" : "approval"}>{of.resolved ? "Resolved" : "Not resolved"}</Tag>
        {of.cause && ` caused by ${of.cause}`}
        {of.said.map((one) => (
          <span key={one.policy} class="quiet">
            {" "}
            said <a href={href("policies", one.policy)}>{one.policy}</a>, version {one.version}
          </span>
        ))}
      </span>
      {of.note && <span class="quiet">{of.note}</span>}
    </li>
  );
}

function Grants({ of, nameOf }: { readonly of: GrantPage["items"]; readonly nameOf: NameOf }) {
  const desk = useDesk();
  if (of.length === 0) return <p class="quiet">Nothing was given.</p>;
  return (
    <ul class="changes">
      {of.map((one) => (
        <li key={one.id}>
          <time dateTime={one.at}>
            {day(one.at)}, {clock(one.at)}
          </time>
          <span>
            {desk.remedy(one.remedy)}, {amount(one.amount)} <Tag tone={STATES[one.state]}>{words(one.state)}</Tag>
          </span>
          <span class="quiet">
            {words(one.reason_code)}
            {one.rep && `, by ${nameOf(one.rep)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Approvals({ of, nameOf }: { readonly of: readonly Approval[]; readonly nameOf: NameOf }) {
  const desk = useDesk();
  if (of.length === 0) return <Empty name="Nobody asked for more." />;
  return (
    <ul class="changes">
      {of.map((one) => (
        <li key={one.id}>
          <time dateTime={one.at}>
            {day(one.at)}, {clock(one.at)}
          </time>
          <span>
            {desk.remedy(one.remedy)}, {amount(one.amount)} <Tag tone={ANSWERS[one.state]}>{words(one.state)}</Tag>
          </span>
          <span class="quiet">
            {words(one.reason_code)}, by {nameOf(one.rep)}
            {one.end?.by && `; decided by ${nameOf(one.end.by)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
