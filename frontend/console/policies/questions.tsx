// Real questions asked of a draft: which it would match, and from which policies it would take them.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Questioning, QuestionMoved } from "../../api/schema";
import { useDesk } from "../desk";
import { Fault } from "../parts/loaded";
import { pathOf } from "./drafting";

const PAUSE = 1_500; // ms between two looks

export function Questions({ draft, etag }: { readonly draft: string; readonly etag: string }) {
  const desk = useDesk();
  const found = useSignal<Questioning | null>(null);
  const fault = useSignal<unknown>(null);
  const isAsking = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stop = () => clearTimeout(timer.current);
  useEffect(() => {
    found.value = null; // of the draft as it was before its newest edit
    isAsking.value = false;
    return stop;
  }, [draft, etag]);
  const look = async () => {
    isAsking.value = true;
    fault.value = null;
    try {
      found.value = await desk.api.post<Questioning>(`${pathOf(draft)}/questions`, {}, { patience: 30_000 });
      if (found.value.over) isAsking.value = false;
      else timer.current = setTimeout(() => void look(), PAUSE);
    } catch (problem) {
      fault.value = problem;
      isAsking.value = false;
    }
  };
  const now = found.value;
  return (
    <div class="stack">
      <p class="quiet">
        Up to 300 real questions, what customers said in 90 days (masked) and the examples, are asked of what is published and of this draft.
      </p>
      {fault.value !== null && <Fault of={fault.value} again={() => void look()} />}
      {!isAsking.value && now === null && (
        <button type="button" class="secondary" onClick={() => void look()}>
          Ask them
        </button>
      )}
      {isAsking.value && (
        <p role="status" class="asking">
          {now === null || now.of === 0 ? "The draft is being made ready…" : `${now.done} of ${now.of} asked…`}
          <progress value={now?.done ?? 0} max={now?.of || 1} aria-label="Questions asked" />
        </p>
      )}
      {now?.failed && <p role="alert">The questions could not be asked to the end. Keep an edit, and ask again.</p>}
      {now?.over && !now.failed && now.moved.length === 0 && <p role="status">All {now.of} questions are answered as before.</p>}
      {now !== null && now.moved.length > 0 && <Moved of={now.moved} asked={now.done} />}
    </div>
  );
}

function Moved({ of, asked }: { readonly of: readonly QuestionMoved[]; readonly asked: number }) {
  return (
    <>
      <p>
        {of.length} of {asked} questions would be answered otherwise.
      </p>
      <div class="table-frame" role="region" aria-label="Questions" tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">Published answers with</th>
              <th scope="col">This draft with</th>
            </tr>
          </thead>
          <tbody>
            {of.map((one) => (
              <tr key={`${one.source}${one.text}`}>
                <td>
                  {one.text}{" "}
                  <span class="quiet">{one.source === "example" ? "example" : one.count > 1 ? `said ${one.count} times` : "said"}</span>
                </td>
                <td>{one.before ?? <span class="quiet">nothing sure</span>}</td>
                <td>{one.after ?? <span class="quiet">nothing sure</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
