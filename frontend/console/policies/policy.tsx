// One policy as it is published, with how it is used, and the way to change it.
import { useSignal } from "@preact/signals";
import type { Draft, Policy, PolicyUseReport } from "../../api/schema";
import { day } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { begin } from "../drafts/asking";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
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
  const choices = useSignal<readonly Draft[]>([]);
  const write = (draft: Draft) => go(href("policies", "drafts", draft.id, id));
  const edit = async (title: string) => {
    try {
      const mine = (await openDrafts(desk)).filter((one) => one.owner === desk.api.person && one.state === "open");
      const [only] = mine;
      if (only === undefined) return write(await begin(desk, "policies", `Reword: ${title}`));
      if (mine.length > 1) return void (choices.value = mine);
      desk.tell(`You write in your open draft “${only.purpose}”.`);
      write(only);
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
      {policy && choices.value.length > 0 && (
        <Choosing
          of={choices.value}
          title={policy.title}
          onChosen={write}
          onClose={() => (choices.value = [])}
        />
      )}
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

/** Asked where several drafts are open: in which of them the policy is written. */
function Choosing(props: {
  readonly of: readonly Draft[];
  readonly title: string;
  readonly onChosen: (draft: Draft) => void;
  readonly onClose: () => void;
}) {
  const desk = useDesk();
  const doing = useDoing();
  const chosen = useSignal(props.of[0]?.id ?? "");
  const write = async (event: SubmitEvent) => {
    event.preventDefault();
    const draft = props.of.find((one) => one.id === chosen.value);
    const found = draft ?? (await doing.run(() => begin(desk, "policies", `Reword: ${props.title}`)));
    if (found !== null) props.onChosen(found);
  };
  const choice = (value: string, name: string, about: string) => (
    <label class="clash-choice" key={value}>
      <input type="radio" name="draft" checked={chosen.value === value} onChange={() => (chosen.value = value)} />
      <span>
        <strong>{name}</strong>
        <span class="quiet">{about}</span>
      </span>
    </label>
  );
  return (
    <Dialog name="In which draft?" onClose={props.onClose}>
      <form onSubmit={(event) => void write(event)}>
        <fieldset class="draft-choices">
          <legend>Several drafts of yours are open</legend>
          {props.of.map((one) => choice(one.id, one.purpose, `begun ${day(one.created_at)}`))}
          {choice("", "A new draft", `Reword: ${props.title}`)}
        </fieldset>
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
        <DialogFoot act="Write in it" busy={doing.busy.value} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
