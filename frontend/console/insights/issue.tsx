// One issue: what it puts at risk, by cause and week, what customers said, what was given, and its contacts.
import type { ComponentChildren } from "preact";
import type { GaveSeen, IssueReport, LostSeen, StakeSeen, WeekSeen } from "../../api/schema";
import { amount, clock, day, money } from "../../text/format";
import { useDoing } from "../parts/doing";
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { PageFrame, Tag } from "../parts/small";
import { save } from "../parts/save";
import { filters, href } from "../place";
import { Columns, Range } from "./charts";
import { useSome } from "./some";
import { Pending, sameTime, TimeAndTeam } from "./frame";
import { about, between, causeIn, count, percentage, percentages } from "./words";

const FILTERS = ["since", "until", "team"] as const;

export function IssueView({ issue }: { readonly issue: string }) {
  const desk = useDesk();
  const place = ["insights", "issues", issue];
  const { wanted } = filters(place, FILTERS);
  const path = `/v1/insights/stakes/${encodeURIComponent(issue)}`;
  const loaded = useLoaded<IssueReport>(`${path}?${wanted}`);
  const doing = useDoing();
  const had = () =>
    doing.run(async () => save(await desk.api.file(`${path}/brief?${wanted}`), `brief-${issue}.html`));
  const report = loaded.value.value;
  return (
    <PageFrame
      name={report?.name ?? desk.issue(issue)}
      about={report && <Lead of={report.total} />}
      back={{ name: "Money at risk", href: href("insights") + sameTime() }}
      actions={
        <button type="button" class="primary" disabled={doing.busy.value} onClick={() => void had()}>
          <Icon name="down" /> Save the brief
        </button>
      }
    >
      {doing.fault.value !== null && <Fault of={doing.fault.value} />}
      <TimeAndTeam page={place} names={FILTERS} told={report} />
      <WhenLoaded of={loaded}>{(found) => <Report of={found} />}</WhenLoaded>
    </PageFrame>
  );
}

function Lead({ of }: { readonly of: StakeSeen }) {
  if (of.share === null) return <>No contact about it has ended in this time, so nobody can say what it puts at risk.</>;
  return (
    <>
      Puts {about(of.a_year.likely)} a year at risk ({between(of.a_year)}); {percentage(of.share.likely)} of {count(of.ends.ended)} contacts that ended were
      not resolved at once.
    </>
  );
}

function Report({ of }: { readonly of: IssueReport }) {
  return (
    <>
      <Pending days={of.pending} />
      <div class="overview-columns">
        <Part name="What caused it">
          <Causes of={of.items} />
          <Saved of={of.total} />
        </Part>
        <Part name="Week by week">
          <Weeks of={of.weeks} />
        </Part>
      </div>
      <div class="overview-columns">
        <Part name="What customers said">
          <Said of={of.sentences} />
        </Part>
        <Part name="What was given">
          <Gave of={of.given} />
        </Part>
      </div>
      <Part name="Contacts that were not resolved at once">
        <Lost of={of.lost} all={of.total.ends.unresolved + of.total.ends.came_back} />
      </Part>
    </>
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

function Causes({ of }: { readonly of: readonly StakeSeen[] }) {
  const most = Math.max(...of.map((one) => Number(one.a_year.high.amount)), 0);
  if (of.length === 0) return <p class="quiet">No contact about it in this time.</p>;
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Cause</th>
          <th scope="col" class="figure">
            Contacts
          </th>
          <th scope="col" class="figure">
            Not resolved
          </th>
          <th scope="col" class="figure">
            At risk a year
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((one) => (
          <tr key={one.cause}>
            <td>
              {causeIn(one.cause)} {one.ends.few && <Tag>few</Tag>}
              <Range
                low={Number(one.a_year.low.amount)}
                likely={Number(one.a_year.likely.amount)}
                high={Number(one.a_year.high.amount)}
                most={most}
                isFew={one.ends.few}
              />
            </td>
            <td class="figure">{count(one.ends.contacts)}</td>
            <td class="figure">{one.share === null ? "–" : percentage(one.share.likely)}</td>
            <td class="figure">
              {about(one.a_year.likely)}
              <span class="quiet below">{between(one.a_year)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Saved({ of }: { readonly of: StakeSeen }) {
  if (of.saved === null) {
    return <p class="quiet">Too few contacts ended with a remedy, or without one, to say what remedies save.</p>;
  }
  return (
    <p class="quiet">
      Where something was given, {percentage(of.saved.share.likely)} fewer were not resolved at once ({percentages(of.saved.share)}): about{" "}
      {about(of.saved.money.likely)} less at risk in this time. A difference that was observed, not an effect that was proved.
    </p>
  );
}

function Weeks({ of }: { readonly of: readonly WeekSeen[] }) {
  if (of.length === 0) return <p class="quiet">No contact about it in this time.</p>;
  return (
    <>
      <Columns of={of.map((one) => ({ key: one.week, all: one.ends.contacts, part: one.ends.unresolved + one.ends.came_back }))} />
      <p class="quiet">Contacts of each week; the strong part was not resolved at once. Those of the newest may still come back.</p>
      <div class="table-frame" tabIndex={0} role="region" aria-label="Week by week, as a table">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Week from</th>
              <th scope="col" class="figure">
                Contacts
              </th>
              <th scope="col" class="figure">
                Ended
              </th>
              <th scope="col" class="figure">
                Not resolved at once
              </th>
            </tr>
          </thead>
          <tbody>
            {of.map((one) => (
              <tr key={one.week}>
                <td class="nowrap">{day(one.week)}</td>
                <td class="figure">{count(one.ends.contacts)}</td>
                <td class="figure">{count(one.ends.ended)}</td>
                <td class="figure">
                  {one.share === null ? (
                    "–"
                  ) : (
                    <>
                      {percentage(one.share.likely)} <span class="quiet">{percentages(one.share)}</span>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Said({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return <p class="quiet">No sentence is kept of a contact that was not resolved at once.</p>;
  return (
    <ul class="said">
      {of.map((one) => (
        <li key={one}>
          <q>{one}</q>
        </li>
      ))}
    </ul>
  );
}

function Gave({ of }: { readonly of: readonly GaveSeen[] }) {
  if (of.length === 0) return <p class="quiet">Nothing was given for it.</p>;
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Remedy</th>
          <th scope="col" class="figure">
            Times
          </th>
          <th scope="col" class="figure">
            Together
          </th>
          <th scope="col" class="figure">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((one) => (
          <tr key={one.remedy}>
            <td>{one.label}</td>
            <td class="figure">{count(one.grants)}</td>
            <td class="figure">{one.amount === null ? "–" : amount(one.amount)}</td>
            <td class="figure">{one.cost === null ? "–" : money(one.cost.amount, one.cost.currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const ENDED = { unresolved: "Not resolved", came_back: "Came back" } as const;

function Lost({ of, all }: { readonly of: readonly LostSeen[]; readonly all: number }) {
  const [shown, rest] = useSome(of, 10);
  if (of.length === 0) return <p class="quiet">There is none.</p>;
  return (
    <>
      <div class="table-frame" tabIndex={0} role="region" aria-label="Contacts that were not resolved at once, as a table">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Contact</th>
              <th scope="col">Opened</th>
              <th scope="col">Ended</th>
              <th scope="col">Cause</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.external_id}>
                <td>
                  <a href={href("contacts", one.external_id)}>{one.external_id}</a>
                </td>
                <td class="nowrap">
                  {day(one.opened_at)}, {clock(one.opened_at)}
                </td>
                <td>
                  <Tag tone={one.ended === "unresolved" ? "approval" : "refused"}>{ENDED[one.ended]}</Tag>
                </td>
                <td>{one.cause}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest}
      {rest === null && all > of.length && (
        <p class="quiet">
          The newest {of.length} of {count(all)}.
        </p>
      )}
    </>
  );
}
