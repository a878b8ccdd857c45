// A policy is retired in a draft; one that is has nothing to write, and can be brought back.
import { useSignal } from "@preact/signals";
import type { Difference, Draft, RowChange } from "../../api/schema";
import { act, useAll } from "../drafts/asking";
import { isWorkedOn } from "../drafts/tables";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Icon } from "../parts/icon";
import { Fault, WhenLoaded } from "../parts/loaded";
import { Empty } from "../parts/small";
import { go, href } from "../place";
import { pathOf, put } from "./drafting";
import { type Cells, languageOf, policyOf } from "./fields";

export function Retire(props: {
  readonly draft: Draft;
  readonly row: string;
  readonly rows: Readonly<Record<string, Cells>>;
  readonly onDone: () => void;
}) {
  const desk = useDesk();
  const asks = useSignal(false);
  const fault = useSignal<unknown>(null);
  if (!(props.row in props.rows)) return null;
  const isTranslation = languageOf(props.row) !== null;
  const drop = isTranslation ? [props.row] : Object.keys(props.rows).filter((row) => policyOf(row) === props.row);
  const retire = async (event: Event) => {
    event.preventDefault();
    try {
      await act(desk, props.draft, "rows", { drop });
      props.onDone();
      go(href("policies", "drafts", props.draft.id));
    } catch (problem) {
      fault.value = problem;
    }
  };
  return (
    <>
      <button type="button" class="secondary" onClick={() => (asks.value = true)}>
        {isTranslation ? "Drop translation…" : "Retire…"}
      </button>
      {asks.value && (
        <Dialog name={isTranslation ? "Drop this translation?" : "Retire this policy?"} onClose={() => (asks.value = false)}>
          <form onSubmit={(event) => void retire(event)}>
            <p>{isTranslation ? "Customers hear the original instead." : "It is suggested no more once the draft is published, in any language."}</p>
            {fault.value !== null && <Fault of={fault.value} />}
            <DialogFoot act={isTranslation ? "Drop it" : "Retire it"} danger onCancel={() => (asks.value = false)} />
          </form>
        </Dialog>
      )}
    </>
  );
}

export function Retired(props: { readonly draft: Draft; readonly policy: string; readonly onBack: () => void }) {
  const { draft, policy } = props;
  const desk = useDesk();
  const doing = useDoing();
  const difference = useAll<RowChange, Difference>(`${pathOf(draft.id)}/difference`);
  const bring = async (rows: Readonly<Record<string, Cells>>) => {
    if ((await doing.run(() => put(desk, draft, rows))) === null) return;
    desk.tell("It is in the draft again, as it is published.");
    props.onBack();
  };
  return (
    <WhenLoaded of={difference}>
      {({ items }) => {
        const rows = publishedOf(policy, items);
        if (!(policy in rows)) return <Empty name="There is no such policy in this draft." />;
        return (
          <Empty name="This draft retires the policy.">
            <p>It is suggested no more once the draft is published, in any language.</p>
            {doing.fault.value !== null && <Fault of={doing.fault.value} />}
            {isWorkedOn(draft) && desk.may("limits:edit") && (
              <button type="button" class="secondary" disabled={doing.busy.value} onClick={() => void bring(rows)}>
                <Icon name="undo" /> Bring it back
              </button>
            )}
          </Empty>
        );
      }}
    </WhenLoaded>
  );
}

/** What a draft takes away of a policy, in all its languages, as it is published. */
function publishedOf(policy: string, changes: readonly RowChange[]): Readonly<Record<string, Cells>> {
  const taken = changes.filter((one) => policyOf(one.row) === policy && one.after === null);
  return Object.fromEntries(taken.map((one) => [one.row, one.before ?? {}]));
}
