// Money at risk: which problems cost most, from what that is reckoned, and what if that were otherwise.
import { useRef } from "preact/hooks";
import type { FactorsUsed, StakeSeen, StakesReport } from "../../api/schema";
import { useDesk } from "../desk";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Tag } from "../parts/small";
import { filters, href } from "../place";
import { Range } from "./charts";
import { useSome } from "./some";
import { InsightsFrame, Pending, sameTime, TimeAndTeam } from "./frame";
import { about, between, CAUSES, causeIn, count, estimateOf, isOfCause, leadOf, percentage, percentages, shareTyped, SUPPOSED, type Supposed } from "./words";

const FILTERS = ["since", "until", "team", "cause", ...SUPPOSED] as const;
const PLACE = ["insights"] as const;
const FIRST = 12;

export function StakesView() {
  const desk = useDesk();
  const { wanted, choose } = filters(PLACE, FILTERS);
  const cause = wanted.get("cause") ?? "";
  const asked = new URLSearchParams(wanted);
  asked.delete("cause");
  const loaded = useLoaded<StakesReport>(`/v1/insights/stakes?${asked}`);
  const last = useRef<StakesReport | null>(null);
  // What is shown stays until the answer to a new question is there: a what-if is looked at as it moves.
  const report = (last.current = loaded.value.value ?? last.current);
  const items = (report?.items ?? []).filter((one) => isOfCause(one.cause, cause));
  const [first] = items;
  return (
    <InsightsFrame at="" about={report === null ? "What problems put at risk" : leadOf(first, desk.issue(first?.issue ?? ""))} sheet={{ of: "stakes", asked: wanted }}>
      <TimeAndTeam page={PLACE} names={FILTERS} told={report} />
      <div class="filters">
        <label>
          Cause{" "}
          <select class="field" value={cause} onChange={(event) => choose({ cause: event.currentTarget.value })}>
            {CAUSES.map(([key, name]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {cause === "preventable" && <span class="quiet">What an expectation set earlier would have saved, because the customer or marketing caused it.</span>}
      </div>
      <div class="stakes">
        <div class="stack" aria-busy={loaded.value.value === null && loaded.fault.value === null}>
          {report === null || loaded.fault.value !== null ? (
            <WhenLoaded of={loaded}>{() => null}</WhenLoaded>
          ) : (
            <Ranking key={cause} of={report} items={items} />
          )}
        </div>
        <WhatIf report={report} />
      </div>
    </InsightsFrame>
  );
}

function Ranking({ of, items }: { readonly of: StakesReport; readonly items: readonly StakeSeen[] }) {
  const desk = useDesk();
  const most = Math.max(...items.map((one) => Number(one.a_year.high.amount)), 0);
  const [shown, rest] = useSome(items, FIRST);
  if (items.length === 0) {
    return (
      <Empty name="Nothing to weigh in this time.">
        <p>Choose other days or causes, or send contacts with their issues and outcomes.</p>
      </Empty>
    );
  }
  return (
    <>
      <Pending days={of.pending} />
      <div class="table-frame" tabIndex={0} role="region" aria-label="Money at risk by issue and cause">
        <table class="table stakes-table">
          <thead>
            <tr>
              <th scope="col">Issue and cause</th>
              <th scope="col" class="figure">
                Contacts
              </th>
              <th scope="col" class="figure">
                Not resolved at once
              </th>
              <th scope="col" class="figure">
                At risk a year
              </th>
              <th scope="col">
                <span class="unseen">Range</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={`${one.issue}/${one.cause}`}>
                <th scope="row">
                  <a href={href("insights", "issues", one.issue ?? "") + sameTime()}>{desk.issue(one.issue ?? "")}</a>
                  <span class="quiet below">{causeIn(one.cause)}</span>
                </th>
                <td class="figure">{count(one.ends.contacts)}</td>
                <Share of={one} />
                <td class="figure">
                  {about(one.a_year.likely)}
                  <span class="quiet below">{between(one.a_year)}</span>
                </td>
                <td class="range-cell">
                  <Range
                    low={Number(one.a_year.low.amount)}
                    likely={Number(one.a_year.likely.amount)}
                    high={Number(one.a_year.high.amount)}
                    most={most}
                    isFew={one.ends.few}
                  />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">All contacts, each once</th>
              <td class="figure">{count(of.total.ends.contacts)}</td>
              <Share of={of.total} />
              <td class="figure">
                {about(of.total.a_year.likely)}
                <span class="quiet below">{between(of.total.a_year)}</span>
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      {rest}
      <p class="quiet">
        Sorted by the likely money; where few contacts ended, their share is drawn towards that of all.
      </p>
    </>
  );
}

function Share({ of }: { readonly of: StakeSeen }) {
  if (of.share === null) return <td class="figure quiet">none ended</td>;
  return (
    <td class="figure">
      {percentage(of.share.likely)} {of.ends.few && <Tag>few</Tag>}
      <span class="quiet below">{percentages(of.share)}</span>
    </td>
  );
}

const FIELDS: readonly { readonly name: Supposed; readonly label: string; readonly unit: string }[] = [
  { name: "customer_value", label: "Value of a customer, a year", unit: "" },
  { name: "share", label: "Not resolved at once", unit: "%" },
  { name: "loss_unresolved", label: "Lost, if not resolved", unit: "%" },
  { name: "loss_repeated", label: "Lost, if they had to come back", unit: "%" },
  { name: "loss_resolved", label: "Lost, even if resolved at once", unit: "%" },
];

function WhatIf({ report }: { readonly report: StakesReport | null }) {
  const { wanted, choose } = filters(PLACE, FILTERS);
  const isSupposed = SUPPOSED.some((name) => wanted.has(name));
  return (
    <section class="what-if" aria-labelledby="what-if">
      <h2 class="section-name" id="what-if">
        What if
      </h2>
      {report !== null && <Formula total={report.total} inputs={report.inputs} days={report.days} />}
      {FIELDS.map((one) => (
        <SupposedField key={one.name} {...one} value={wanted.get(one.name) ?? ""} library={report?.library ?? null} onChange={(value) => choose({ [one.name]: value })} />
      ))}
      {isSupposed && (
        <button type="button" class="secondary" onClick={() => choose(Object.fromEntries(SUPPOSED.map((name) => [name, ""])))}>
          Back to the library’s numbers
        </button>
      )}
    </section>
  );
}

/** How all contacts together are reckoned, with the numbers. */
function Formula({ total, inputs, days }: { readonly total: StakeSeen; readonly inputs: FactorsUsed; readonly days: number }) {
  if (total.share === null) return null;
  const factors = [
    [count(total.ends.contacts), `contacts in ${days} days`],
    [percentage(total.share.likely), "not resolved at once"],
    [percentage(total.loyalty_lost.likely), "of those lost because of it"],
    [about(inputs.customer_value.likely), "a customer is worth a year"],
  ];
  return (
    <dl class="formula" aria-label="How it is reckoned, of all contacts">
      {factors.map(([figure, name], n) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {n > 0 && <span class="quiet">× </span>}
            {figure}
          </dd>
        </div>
      ))}
      <div class="formula-sum">
        <dt>at risk in {days} days</dt>
        <dd>= {about(total.at_risk.likely)}</dd>
      </div>
    </dl>
  );
}

function SupposedField(props: {
  readonly name: Supposed;
  readonly label: string;
  readonly unit: string;
  readonly value: string;
  readonly library: FactorsUsed | null;
  readonly onChange: (value: string) => void;
}) {
  const isShare = props.unit === "%";
  const shown = isShare && props.value !== "" ? String(Math.round(Number(props.value) * 10_000) / 100) : props.value;
  return (
    <label class="labelled">
      <span class="labelled-name">
        {props.label}
        {isShare && ", %"}
      </span>
      <input
        class="field"
        type="number"
        min="0"
        max={isShare ? "100" : "1000000000"}
        step={isShare ? "0.5" : "1"}
        value={shown}
        onChange={(event) => props.onChange(isShare ? shareTyped(event.currentTarget.value) : event.currentTarget.value)}
      />
      {props.library !== null && <span class="quiet">{estimateOf(props.name, props.library)}</span>}
    </label>
  );
}
