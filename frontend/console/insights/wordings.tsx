// Wordings: two of one explanation side by side, what became of their contacts, and which is proposed.
import type { Draft, Wording, WordingsCompared, WordingsReport, WordingSeen } from "../../api/schema";
import { Markdown } from "../../parts/markdown";
import { act, begin } from "../drafts/asking";
import { plural } from "../drafts/tables";
import { type Desk, useDesk } from "../desk";
import { useDoing } from "../parts/doing";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Tag } from "../parts/small";
import { filters, go, href } from "../place";
import { rowsOf } from "../policies/drafting";
import { type Cells, policyOf } from "../policies/fields";
import { InsightsFrame } from "./frame";
import { percentage } from "./words";

const NAMES: Readonly<Record<Wording, string>> = { standing: "Standing", alternative: "Alternative" };

export function WordingsView() {
  const { wanted } = filters(["insights", "wordings"], ["team"]);
  const loaded = useLoaded<WordingsReport>(`/v1/insights/wordings?${wanted}`);
  return (
    <InsightsFrame at="wordings" about="Which of two wordings of an explanation ends more problems">
      <WhenLoaded of={loaded}>{(found) => <Wordings of={found} />}</WhenLoaded>
    </InsightsFrame>
  );
}

function Wordings({ of }: { readonly of: WordingsReport }) {
  if (of.items.length === 0)
    return (
      <Empty name="No policy has two wordings.">
        <p>Write an alternative wording into a draft of a policy: half of the contacts are told it then.</p>
      </Empty>
    );
  return (
    <>
      {of.items.map((one) => (
        <Pair key={one.pair} of={one} />
      ))}
      <p class="quiet">
        Contacts count with the wording they were assigned, once they can no longer be repeated. Look as often as you like: the chance that a comparison
        ever proposes a wording although both are alike is at most {percentage(of.error)}.
      </p>
    </>
  );
}

function Pair({ of }: { readonly of: WordingsCompared }) {
  return (
    <section class="stack" aria-label={of.policy.title}>
      <h2>
        <a href={href("policies", of.policy.id)}>{of.policy.title}</a>
      </h2>
      <div class="table-frame" tabIndex={0} role="region" aria-label={`Wordings of ${of.policy.title}`}>
        <table class="table evidence">
          <thead>
            <tr>
              <th scope="col">Wording</th>
              <th scope="col" class="figure">
                Contacts
              </th>
              <th scope="col" class="figure">
                Came back
              </th>
              <th scope="col" class="figure">
                Accepted
              </th>
            </tr>
          </thead>
          <tbody>
            {of.wordings.map((one) => (
              <Row key={one.wording} of={one} />
            ))}
            <tr>
              <th scope="row">Difference</th>
              <td />
              <td class="figure">{difference(of.repeated)}</td>
              <td class="figure">{difference(of.accepted)}</td>
            </tr>
          </tbody>
        </table>
      </div>
      <Proposed of={of} />
    </section>
  );
}

function Row({ of }: { readonly of: WordingSeen }) {
  return (
    <tr>
      <th scope="row">
        {NAMES[of.wording]}
        <div class="quiet below">
          <Markdown text={of.say} />
        </div>
      </th>
      <td class="figure">
        {of.settled}
        <span class="quiet below">of {of.contacts} settled</span>
      </td>
      <td class="figure">
        <Share of={of.repeated} />
      </td>
      <td class="figure">
        <Share of={of.accepted} />
      </td>
    </tr>
  );
}

function Share({ of }: { readonly of: WordingSeen["repeated"] }) {
  if (of.share === null || of.low === null || of.high === null) return <>–</>;
  return (
    <>
      {percentage(of.share)}
      <span class="quiet below">
        {of.count} of {of.of}, {percentage(of.low)} to {percentage(of.high)}
      </span>
    </>
  );
}

/** In points, the alternative's less the standing one's: `-12 to +3 points`. */
function difference({ low, high }: WordingsCompared["repeated"]): string {
  const points = (share: number) => `${share > 0 ? "+" : ""}${(share * 100).toFixed(1)}`;
  return `${points(low)} to ${points(high)} points`;
}

function Proposed({ of }: { readonly of: WordingsCompared }) {
  const desk = useDesk();
  const doing = useDoing();
  const { better } = of;
  if (better === null) {
    const settled = of.wordings.reduce((sum, one) => sum + one.settled, 0);
    return <p class="quiet">Neither is surely better by {plural(settled, "settled contact", "settled contacts")} yet.</p>;
  }
  const drafted = async () => {
    const made = await doing.run(() => withOnly(desk, of, better));
    if (made !== null) go(href("policies", "drafts", made.id, "review"));
  };
  return (
    <div class="stack">
      <span>
        <Tag tone="accent">{NAMES[better]} wording proposed</Tag>
      </span>
      {desk.may("limits:edit") && (
        <span class="evidence-acts">
          <button type="button" class="secondary" disabled={doing.busy.value} onClick={() => void drafted()} aria-label={`Make a draft in which ${of.policy.title} has the ${better} wording only`}>
            Make a draft
          </button>
        </span>
      )}
      {doing.fault.value !== null && <Fault of={doing.fault.value} />}
    </div>
  );
}

/** A draft in which a policy has one of its wordings only, in every language. */
async function withOnly(desk: Desk, of: WordingsCompared, better: Wording): Promise<Draft> {
  const draft = await begin(desk, "policies", `The ${better} wording of ${of.policy.id} only: it ends more problems`);
  const rows = Object.entries(await rowsOf(desk, draft.id)).filter(([row]) => policyOf(row) === of.policy.id);
  return act(desk, draft, "rows", { put: rows.map(([row, cells]) => ({ row, cells: settled(cells, better) })) });
}

function settled(cells: Cells, better: Wording): Cells {
  const { alternative_say, alternative_why, alternative_share: _share, ...standing } = cells;
  if (better === "standing") return standing;
  return { ...standing, ...(alternative_say && { say: alternative_say }), ...(alternative_why && { why: alternative_why }) };
}
