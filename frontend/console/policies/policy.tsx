// One policy as it is published, with how it is used, and the way to change it.
import { useSignal } from "@preact/signals";
import type { Policy, PolicyUseReport } from "../../api/schema";
import { day } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { begin } from "../drafts/asking";
import { Icon } from "../parts/icon";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { PageFrame } from "../parts/small";
import { go, href } from "../place";
import { openDrafts } from "./drafting";
import { Preview } from "./preview";

export function PolicyView({ id }: { readonly id: string }) {
  const desk = useDesk();
  const path = `/v1/policies/${id.split("/").map(encodeURIComponent).join("/")}`;
  const loaded = useLoaded<Policy>(path);
  const use = useLoaded<PolicyUseReport>("/v1/insights/policies?days=90");
  const fault = useSignal<unknown>(null);
  useEvents(["version"], () => loaded.again());
  const edit = async (title: string) => {
    try {
      const mine = (await openDrafts(desk)).find((one) => one.owner === desk.api.person && one.state === "open");
      const draft = mine ?? (await begin(desk, "policies", `Reword: ${title}`));
      go(href("policies", "drafts", draft.id, id));
    } catch (problem) {
      fault.value = problem;
    }
  };
  const policy = loaded.value.value;
  const used = use.value.value?.items.find((one) => one.policy === id);
  return (
    <PageFrame
      name={policy?.title ?? id}
      about={policy && `${id}, version ${policy.version}`}
      back={{ name: "Policies", href: href("policies") }}
      actions={
        policy &&
        desk.may("limits:edit") && (
          <button type="button" class="primary" onClick={() => void edit(policy.title)}>
            <Icon name="edit" /> Edit in a draft
          </button>
        )
      }
    >
      {fault.value !== null && <Fault of={fault.value} />}
      <WhenLoaded of={loaded}>
        {(found) => (
          <div class="policy-columns">
            <Preview
              of={{
                title: found.title,
                say: found.explanation.say,
                why: found.explanation.why,
                steps: found.guidance.steps ?? "",
                exceptions: found.guidance.exceptions ?? "",
              }}
            />
            <dl class="policy-facts">
              <dt>Covers</dt>
              <dd>{found.issues.map((issue) => desk.issue(issue)).join(", ")}</dd>
              <dt>Owner</dt>
              <dd>{found.owner}</dd>
              <dt>Review by</dt>
              <dd>{day(found.review_by)}</dd>
              <dt>Languages</dt>
              <dd>{found.locales.join(", ")}</dd>
              <dt>Last 90 days</dt>
              <dd>
                {used === undefined
                  ? "Not used"
                  : `Shown ${used.shown} times, said in ${used.said} contacts, ${used.resolved} of them resolved; feedback: ${used.right} right, ${used.wrong} wrong, ${used.missed} missed.`}
              </dd>
            </dl>
          </div>
        )}
      </WhenLoaded>
    </PageFrame>
  );
}
