// The first page: how today stands, for one team or for all, beside yesterday.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Counted, DayReport, SomethingChanged, Spent } from "../../api/schema";
import { clock, day as written, money, number } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { useNames } from "../drafts/asking";
import { doerOf, historyOf, isTable } from "../drafts/tables";
import { Icon } from "../parts/icon";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, PageFrame } from "../parts/small";
import { go, href, query } from "../place";
import { SpendAgainstBudgets } from "./budgets";
import { changeInWords, share, since, step, versionIn } from "./words";

const SOON = 3_000; // ms; many events in a moment are one look

export function OverviewPage() {
  const asked = query.value;
  const wanted = new URLSearchParams();
  for (const name of ["day", "team"]) if (asked.get(name)) wanted.set(name, asked.get(name) ?? "");
  const loaded = useLoaded<DayReport>(`/v1/insights/day?${wanted}`);
  const later = useSignal<ReturnType<typeof setTimeout> | null>(null);
  useEvents(["grant", "approval", "version", "brake"], () => {
    later.value ??= setTimeout(() => ((later.value = null), loaded.again()), SOON);
  });
  useEffect(() => () => clearTimeout(later.peek() ?? undefined), []);
  return (
    <PageFrame name="Overview" about={<Sentence report={loaded.value.value} />} actions={<Choices of={loaded.value.value} />}>
      <WhenLoaded of={loaded}>{(report) => <Report of={report} />}</WhenLoaded>
    </PageFrame>
  );
}

/** The day in one sentence. */
function Sentence({ report }: { readonly report: DayReport | null }) {
  if (report === null) return <>How the day goes</>;
  const { told, waiting } = report;
  const when = report.is_today ? "so far today" : `on ${written(report.day)}`;
  const contacts = `${number(String(told.contacts))} ${told.contacts === 1 ? "contact" : "contacts"} ${when}`;
  const resolved = told.resolved.share === null ? "" : `, ${share(told.resolved.share)} resolved at once`;
  const waits = waiting.count === 0 ? "nobody waits for an approval" : waitingInWords(waiting.count);
  return (
    <>
      {contacts}
      {resolved}; {waits}.
    </>
  );
}

function waitingInWords(count: number): string {
  return count === 1 ? "one request waits for an approval" : `${count} requests wait for an approval`;
}

/** Which day, and whose. */
function Choices({ of }: { readonly of: DayReport | null }) {
  if (of === null) return null;
  const to = (more: { day?: string; team?: string | null }) => {
    const next = new URLSearchParams();
    const day = more.day ?? (of.is_today ? "" : of.day);
    const team = more.team === undefined ? of.team : more.team;
    if (day) next.set("day", day);
    if (team) next.set("team", team);
    const text = next.toString();
    return text === "" ? href() : `${href()}?${text}`;
  };
  return (
    <>
      <label class="unseen" for="overview-team">
        Team
      </label>
      <select id="overview-team" class="field" value={of.team ?? ""} onChange={(event) => go(to({ team: event.currentTarget.value || null }))}>
        {(of.team === null || of.teams.length > 1) && <option value="">All teams</option>}
        {of.teams.map((team) => (
          <option key={team}>{team}</option>
        ))}
      </select>
      <a class="secondary" href={to({ day: step(of.day, -1) })} aria-label={`The day before, ${written(step(of.day, -1))}`}>
        <span class="turned">
          <Icon name="chevron" />
        </span>
      </a>
      <span class="overview-day">{of.is_today ? "Today" : written(of.day)}</span>
      {of.is_today ? (
        <button type="button" class="secondary" disabled aria-label="The day after">
          <Icon name="chevron" />
        </button>
      ) : (
        <a class="secondary" href={to({ day: step(of.day, 1) })} aria-label={`The day after, ${written(step(of.day, 1))}`}>
          <Icon name="chevron" />
        </a>
      )}
    </>
  );
}

/** What a resolution may still turn into, for as long as its customers may come back. */
function unsettled(of: DayReport["told"]["resolved"]): string {
  return of.unsettled === 0 ? "" : `; ${number(String(of.unsettled))} may still come back`;
}

function Report({ of }: { readonly of: DayReport }) {
  const desk = useDesk();
  const nameOf = useNames();
  const { told, before } = of;
  const than = of.is_today ? "yesterday by this time" : "the day before";
  const contacts = (more: Readonly<Record<string, string>> = {}) => {
    const asked = new URLSearchParams({ day: of.day, ...(of.team && { team: of.team }), ...more });
    return `${href("contacts")}?${asked}`;
  };
  const decided = (told.decided["approved"] ?? 0) + (told.decided["refused"] ?? 0);
  return (
    <>
      <dl class="figures">
        <Figure name="Contacts" to={contacts()} value={number(String(told.contacts))}>
          {number(String(before.contacts))} {than}
        </Figure>
        <Figure name="Resolved at once" to={contacts({ ended: "resolved" })} value={share(told.resolved.share)}>
          {told.resolved.share === null
            ? "nothing has ended yet"
            : `${told.resolved.count} of ${told.resolved.ended} that ended; between ${share(told.resolved.low)} and ${share(told.resolved.high)}${unsettled(told.resolved)}`}
        </Figure>
        <Figure name="Waiting for approval" to={href("approvals")} value={number(String(of.waiting.count))}>
          {of.waiting.since === null ? `${decided} decided ${of.is_today ? "today" : "that day"}` : `the oldest since ${since(of.waiting.since)}`}
        </Figure>
        <Figure name="Given" to={href("budgets")} value={spent(told.given)}>
          {spent(before.given)} {than}
        </Figure>
      </dl>
      <div class="overview-columns">
        <section class="stack" aria-labelledby="overview-issues">
          <h2 class="section-name" id="overview-issues">
            What customers want
          </h2>
          <Ranking
            of={of.issues}
            name="Issue"
            none="No contact names an issue."
            than={than}
            word={(key) => desk.issue(key)}
            to={(key) => contacts({ issue: key })}
          />
        </section>
        <section class="stack" aria-labelledby="overview-causes">
          <h2 class="section-name" id="overview-causes">
            What caused it
          </h2>
          <Ranking
            of={of.causes}
            name="Cause"
            none="No outcome names a cause yet."
            than={than}
            word={(key) => key.charAt(0).toUpperCase() + key.slice(1)}
            to={(key) => contacts({ cause: key })}
          />
        </section>
      </div>
      {of.is_today && <SpendAgainstBudgets team={of.team} />}
      <section class="stack" aria-labelledby="overview-changes">
        <h2 class="section-name" id="overview-changes">
          What changed since {of.is_today ? "yesterday" : "the day before"}
        </h2>
        {of.changes.length === 0 ? (
          <p class="quiet">Limits, budgets, policies and brakes are as they were.</p>
        ) : (
          <ol class="changes">
            {of.changes.map((one) => (
              <li key={`${one.at}${one.type}${one.subject}`}>
                <time dateTime={one.at}>
                  {written(one.at)}, {clock(one.at)}
                </time>
                <Change of={one} />
                <span class="quiet">{doerOf(one.by, nameOf)}</span>
              </li>
            ))}
          </ol>
        )}
      </section>
    </>
  );
}

/** A change, with the way to where it is told in full. */
function Change({ of }: { readonly of: SomethingChanged }) {
  const table = versionIn(of)?.table;
  const to = table !== undefined && isTable(table) ? historyOf(table) : of.type.startsWith("budget.") ? href("budgets") : null;
  return <span>{to === null ? changeInWords(of) : <a href={to}>{changeInWords(of)}</a>}</span>;
}

function Figure(props: {
  readonly name: string;
  readonly value: string;
  readonly to: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="figure-tile">
      <dt>{props.name}</dt>
      <dd>
        <a class="figure-value" href={props.to}>
          {props.value}
        </a>
        <span class="quiet">{props.children}</span>
      </dd>
    </div>
  );
}

/** A table whose counts are drawn as well; the bar says nothing that the number does not. */
function Ranking(props: {
  readonly of: readonly Counted[];
  readonly name: string;
  readonly none: string;
  readonly than: string;
  readonly word: (key: string) => string;
  readonly to: (key: string) => string;
}) {
  const most = Math.max(1, ...props.of.map((one) => one.count));
  if (props.of.length === 0) return <Empty name={props.none} />;
  return (
    <table class="table ranking">
      <thead>
        <tr>
          <th scope="col">{props.name}</th>
          <th scope="col" class="figure">
            Contacts
          </th>
          <th scope="col" class="figure">
            Before
          </th>
        </tr>
      </thead>
      <tbody>
        {props.of.slice(0, 8).map((one) => (
          <tr key={one.key}>
            <td>
              <a href={props.to(one.key)}>{props.word(one.key)}</a>
              <progress class="bar" value={one.count} max={most} aria-hidden="true" />
            </td>
            <td class="figure">{number(String(one.count))}</td>
            <td class="figure quiet" title={props.than}>
              {number(String(one.before))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function spent(given: readonly Spent[]): string {
  const sums = given.flatMap((one) => (one.money ? [money(one.money.amount, one.money.currency)] : []));
  const others = given.filter((one) => one.money === null).reduce((sum, one) => sum + one.grants, 0);
  if (others > 0) sums.push(`${others} ${others === 1 ? "gesture" : "gestures"}`);
  return sums.length === 0 ? "nothing" : sums.join(" + ");
}
