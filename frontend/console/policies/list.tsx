// All policies: those overdue first, with who answers for them and how they are used.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Draft, PolicyItem, PolicyPage, PolicyUsed, PolicyUseReport } from "../../api/schema";
import { day, number } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { act, begin, useDrafts, useNames } from "../drafts/asking";
import { TableTabs } from "../drafts/pages";
import { isWorkedOn, reviewOf, stateOf } from "../drafts/tables";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Icon } from "../parts/icon";
import { Fault, faultInWords, useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Field, PageFrame, Tag } from "../parts/small";
import { go, href } from "../place";
import { put } from "./drafting";
import { blank } from "./fields";

const SOON = 30 * 24 * 3_600_000; // ms
const DAYS = 90;

export function PolicyList() {
  const desk = useDesk();
  const policies = useAll();
  const use = useLoaded<PolicyUseReport>(`/v1/insights/policies?days=${DAYS}`);
  const drafts = useDrafts("policies");
  const isNew = useSignal(false);
  useEvents(["version"], () => (policies.again(), drafts.again()));
  const count = policies.items.length;
  const overdue = policies.items.filter((one) => freshness(one) === "overdue").length;
  const about =
    count === 0
      ? "What is said to customers, and why"
      : `${count} policies; ${overdue === 0 ? "none is overdue for review" : `${overdue} overdue for review`}. Use is of the last ${DAYS} days.`;
  return (
    <PageFrame
      name="Policies"
      about={about}
      actions={
        desk.may("limits:edit") && (
          <button type="button" class="secondary" onClick={() => (isNew.value = true)}>
            <Icon name="plus" /> New policy
          </button>
        )
      }
    >
      <TableTabs table="policies" current="" />
      <OpenDrafts of={drafts.value.value?.items ?? []} />
      <WhenLoaded of={policies}>{() => <Table of={policies.items} use={use.value.value?.items ?? []} />}</WhenLoaded>
      {isNew.value && <NewPolicy known={policies.items} onClose={() => (isNew.value = false)} />}
    </PageFrame>
  );
}

/** The first page, and then the rest of a large library, as one list. */
function useAll() {
  const desk = useDesk();
  const first = useLoaded<PolicyPage>("/v1/policies?limit=200");
  const more = useSignal<readonly PolicyItem[]>([]);
  const page = first.value.value;
  useEffect(() => {
    const given = new AbortController();
    const read = async (cursor: string | null, items: readonly PolicyItem[]) => {
      more.value = items;
      if (cursor === null) return;
      const next = await desk.api.get<PolicyPage>(`/v1/policies?limit=200&cursor=${encodeURIComponent(cursor)}`, given.signal);
      await read(next.next_cursor, [...items, ...next.items]);
    };
    read(page?.next_cursor ?? null, []).catch((problem) => given.signal.aborted || desk.tell(faultInWords(problem)));
    return () => given.abort();
  }, [page]);
  return { ...first, items: [...(page?.items ?? []), ...more.value] };
}

function OpenDrafts({ of }: { readonly of: readonly Draft[] }) {
  const nameOf = useNames();
  const open = of.filter(isWorkedOn);
  if (open.length === 0) return null;
  return (
    <ul class="draft-strip" aria-label="Open drafts">
      {open.map((one) => (
        <li key={one.id}>
          <Icon name="edit" />
          <a href={reviewOf("policies", one.id)}>{one.purpose}</a>
          <span class="quiet">by {nameOf(one.owner)}</span>
          <Tag tone={stateOf(one.state).tone}>{stateOf(one.state).word}</Tag>
        </li>
      ))}
    </ul>
  );
}

type Freshness = "overdue" | "soon" | "fresh";

function freshness(one: PolicyItem): Freshness {
  const left = Date.parse(`${one.review_by}T23:59:59`) - Date.now();
  return left < 0 ? "overdue" : left < SOON ? "soon" : "fresh";
}

function Table({ of, use }: { readonly of: readonly PolicyItem[]; readonly use: readonly PolicyUsed[] }) {
  const desk = useDesk();
  const text = useSignal("");
  const owner = useSignal("");
  const fresh = useSignal("");
  const used = new Map(use.map((one) => [one.policy, one]));
  const wanted = text.value.trim().toLowerCase();
  const shown = of
    .filter((one) => owner.value === "" || one.owner === owner.value)
    .filter((one) => fresh.value === "" || freshness(one) === fresh.value)
    .filter((one) => {
      const words = [one.id, one.title, ...one.tags, ...one.issues.map((issue) => desk.issue(issue))];
      return words.join(" ").toLowerCase().includes(wanted);
    })
    .sort((a, b) => overdueFirst(a) - overdueFirst(b) || a.id.localeCompare(b.id));
  return (
    <>
      <div class="filters" role="search">
        <label>
          <span class="unseen">Find</span>
          <input class="field" type="search" placeholder="Title, issue or tag" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <label>
          Owner{" "}
          <select class="field" value={owner.value} onChange={(event) => (owner.value = event.currentTarget.value)}>
            <option value="">any</option>
            {[...new Set(of.map((one) => one.owner))].sort().map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label>
          Review{" "}
          <select class="field" value={fresh.value} onChange={(event) => (fresh.value = event.currentTarget.value)}>
            <option value="">any</option>
            <option value="overdue">overdue</option>
            <option value="soon">due within 30 days</option>
            <option value="fresh">later</option>
          </select>
        </label>
        <span class="quiet" role="status">
          {shown.length === of.length ? `${of.length} policies` : `${shown.length} of ${of.length}`}
        </span>
      </div>
      {shown.length === 0 ? (
        <Empty name="No policy is like this.">
          <p>Take a filter away.</p>
        </Empty>
      ) : (
        <div class="table-frame" role="region" aria-label="Policies" tabIndex={0}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Policy</th>
                <th scope="col">Owner</th>
                <th scope="col">Review by</th>
                <th scope="col">Languages</th>
                <th scope="col" class="figure" title="Suggestions whose sure main match it was">Shown</th>
                <th scope="col" class="figure" title="Contacts whose outcome names it as explained">Said</th>
                <th scope="col" class="figure" title="Of the contacts it was said in">Resolved</th>
                <th scope="col" class="figure" title="Feedback: right, wrong or should have been this one">Right / wrong / missed</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <tr key={one.id}>
                  <td>
                    <a class="policy-link" href={href("policies", one.id)}>{one.title}</a>
                    <span class="quiet policy-id nowrap">{one.id}</span>
                  </td>
                  <td class="nowrap">{one.owner}</td>
                  <td class="policy-due"><Review of={one} /></td>
                  <td>{one.locales.join(", ")}</td>
                  <Figures of={used.get(one.id)} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

const overdueFirst = (one: PolicyItem) => ["overdue", "soon", "fresh"].indexOf(freshness(one));

function Review({ of }: { readonly of: PolicyItem }) {
  const how = freshness(of);
  if (how === "fresh") return <>{day(of.review_by)}</>;
  return <Tag tone={how === "overdue" ? "refused" : "approval"}>{how === "overdue" ? `Overdue, ${day(of.review_by)}` : day(of.review_by)}</Tag>;
}

function Figures({ of }: { readonly of: PolicyUsed | undefined }) {
  const none = of === undefined;
  return (
    <>
      <td class="figure">{none ? <Nothing /> : number(String(of.shown))}</td>
      <td class="figure">{none ? <Nothing /> : number(String(of.said))}</td>
      <td class="figure">{none || of.said === 0 ? <Nothing /> : `${Math.round((100 * of.resolved) / of.said)} %`}</td>
      <td class="figure">{none ? <Nothing /> : `${of.right} / ${of.wrong} / ${of.missed}`}</td>
    </>
  );
}

const Nothing = () => <span class="quiet">–</span>;

/** A new policy is a draft from its first word. */
function NewPolicy({ known, onClose }: { readonly known: readonly PolicyItem[]; readonly onClose: () => void }) {
  const desk = useDesk();
  const id = useSignal("");
  const title = useSignal("");
  const doing = useDoing();
  const isTaken = known.some((one) => one.id === id.value);
  const send = async (event: Event) => {
    event.preventDefault();
    if (isTaken) return;
    await doing.run(async () => {
      const draft = await begin(desk, "policies", `New: ${title.value}`);
      try {
        await put(desk, draft, { [id.value]: { ...blank(new Date()), title: title.value } });
      } catch (problem) {
        // A draft of nothing would stay behind with each try.
        await act(desk, draft, "discard").catch(() => undefined);
        throw problem;
      }
      go(href("policies", "drafts", draft.id, id.value));
    });
  };
  return (
    <Dialog name="New policy" onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <Field name="Title">
          <input class="field" required maxLength={200} value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
        </Field>
        <Field name="Id" hint="Such as fees/cash-withdrawal; it never changes." fault={isTaken ? "There is a policy of this id." : null}>
          <input
            class="field"
            required
            maxLength={120}
            pattern="[a-z0-9][a-z0-9\-]*(/[a-z0-9][a-z0-9\-]*)*"
            value={id.value}
            onInput={(event) => (id.value = event.currentTarget.value)}
          />
        </Field>
        {doing.fault.value !== null && <Fault of={doing.fault.value} />}
        <DialogFoot act="Begin a draft" busy={doing.busy.value} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
