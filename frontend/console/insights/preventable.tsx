// Preventable: what is asked again and again that no policy answers, in customers' own words.
import type { NewIssueSeen, PreventableReport } from "../../api/schema";
import { day } from "../../text/format";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Notice } from "../parts/small";
import { filters, href } from "../place";
import { Columns } from "./charts";
import { InsightsFrame, sameTime, TimeAndTeam } from "./frame";
import { count } from "./words";

const FILTERS = ["since", "until", "team"] as const;
const PLACE = ["insights", "preventable"] as const;

export function PreventableView() {
  const { wanted } = filters(PLACE, FILTERS);
  const loaded = useLoaded<PreventableReport>(`/v1/insights/preventable?${wanted}`);
  const report = loaded.value.value;
  const stakes = new URLSearchParams(sameTime());
  stakes.set("cause", "preventable");
  return (
    <InsightsFrame at="preventable" about={sentence(report)}>
      <TimeAndTeam page={PLACE} names={FILTERS} told={report} />
      <p>
        <a href={`${href("insights")}?${stakes}`}>What an expectation set earlier would have saved, in money</a>
      </p>
      <WhenLoaded of={loaded}>{(found) => <NewIssues of={found} />}</WhenLoaded>
    </InsightsFrame>
  );
}

function sentence(report: PreventableReport | null): string {
  if (report === null) return "What customers ask that no policy answers";
  const [first] = report.new_issues;
  if (first === undefined) return `Among ${count(report.looked)} contacts that got no answer, nothing was asked again and again.`;
  return `${count(first.contacts)} contacts asked about “${first.words.join(", ")}”, and no policy answers that.`;
}

function NewIssues({ of }: { readonly of: PreventableReport }) {
  return (
    <section class="stack" aria-label="New issues">
      <h2 class="section-name">New issues that no policy covers</h2>
      {of.pending > 0 && (
        <Notice tone="quiet" icon="clock">
          <p>{count(of.pending)} texts are still being read: look again in a moment.</p>
        </Notice>
      )}
      {of.new_issues.length === 0 ? (
        <Empty name="No new issue.">
          <p>It takes five contacts that ask alike where no match was sure enough.</p>
        </Empty>
      ) : (
        of.new_issues.map((one) => <NewIssue key={one.words.join(" ")} of={one} />)
      )}
      {!of.whole && <p class="quiet">Only the newest suggestions without an answer were compared.</p>}
    </section>
  );
}

function NewIssue({ of }: { readonly of: NewIssueSeen }) {
  const weeks = of.weeks.map((one) => `${day(one.week)}: ${count(one.count)}`).join(" · ");
  return (
    <article class="stack new-issue">
      <h3>
        {of.words.join(", ") || "Without a name"} <span class="quiet">{count(of.contacts)} contacts</span>
      </h3>
      <Columns of={of.weeks.map((one) => ({ key: one.week, all: one.count, part: one.count }))} />
      <p class="quiet">By week, from Monday: {weeks}</p>
      <ul class="said">
        {of.sentences.map((one) => (
          <li key={one}>
            <q>{one}</q>
          </li>
        ))}
      </ul>
      <details>
        <summary>The newest contacts</summary>
        <p>
          {of.newest.map((one) => (
            <>
              <a href={href("contacts", one)}>{one}</a>{" "}
            </>
          ))}
        </p>
      </details>
    </article>
  );
}
