// Try a case: what is published and a draft decide on the same facts, side by side.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isAborted, NoAnswer, Refused } from "../../api/problems";
import type { FactValue, Facts } from "../../api/names";
import type { Fact, Trial, TriedAnswer } from "../../api/schema";
import { readTypedFact, exampleOf } from "../../text/facts";
import { words } from "../../text/format";
import { useDesk } from "../desk";
import { Fault as Problem, Waiting } from "../parts/loaded";
import { Empty, Field, PageFrame } from "../parts/small";
import { query } from "../place";
import { useDrafts } from "./asking";
import { TableTabs } from "./pages";
import { type Grid, isWorkedOn, NAMES } from "./tables";
import { Sides } from "./traces";

const PAUSE = 250; // ms after the last change
const MOST_FIRST = 12;

export function Try({ table }: { readonly table: Grid }) {
  const desk = useDesk();
  const asked = query.value;
  const vocabulary = desk.vocabulary.value;
  const drafts = useDrafts(table);
  const draft = useSignal(asked.get("draft") ?? "");
  const issue = useSignal(asked.get("issue") ?? vocabulary?.issues[0]?.key ?? "");
  const level = useSignal(desk.levels.value[0]?.key ?? "");
  const facts = useSignal<Facts>({});
  const trial = useSignal<Trial | null>(null);
  const fault = useSignal<unknown>(null);
  const asking = useRef<AbortController | null>(null);

  const ask = async () => {
    asking.current?.abort();
    const mine = (asking.current = new AbortController());
    const body = {
      issue: issue.value,
      level: level.value,
      facts: facts.value,
      ...(draft.value && { draft: draft.value }),
    };
    try {
      const found = await desk.api.post<Trial>(`/v1/${table}/trials`, body, { signal: mine.signal, patience: 30_000 });
      if (mine.signal.aborted) return;
      trial.value = found;
      fault.value = null;
    } catch (problem) {
      if (isAborted(problem) || mine.signal.aborted) return;
      if (!(problem instanceof Refused || problem instanceof NoAnswer)) throw problem;
      fault.value = problem;
    }
  };
  useEffect(() => {
    const timer = setTimeout(() => void ask(), PAUSE);
    return () => clearTimeout(timer);
  }, [issue.value, level.value, draft.value, facts.value]);
  useEffect(() => () => asking.current?.abort(), []);

  const open = drafts.value.value?.items.filter(isWorkedOn) ?? [];
  return (
    <PageFrame name={NAMES[table]} about="Any case, decided as it would be now and by a draft. Nothing is given, and nothing is logged.">
      <TableTabs table={table} current="try" />
      <div class="try">
        <form class="try-case" onSubmit={(event) => event.preventDefault()}>
          <Field name="By">
            <select class="field wide" value={draft.value} onChange={(event) => (draft.value = event.currentTarget.value)}>
              <option value="">What is published</option>
              {open.map((one) => (
                <option key={one.id} value={one.id}>
                  Draft: {one.purpose}
                </option>
              ))}
            </select>
          </Field>
          <Field name="Issue">
            <select class="field wide" value={issue.value} onChange={(event) => (issue.value = event.currentTarget.value)}>
              {vocabulary?.issues.map((one) => (
                <option key={one.key} value={one.key}>
                  {one.name}
                </option>
              ))}
            </select>
          </Field>
          <Field name="Level">
            <select class="field wide" value={level.value} onChange={(event) => (level.value = event.currentTarget.value)}>
              {desk.levels.value.map((one) => (
                <option key={one.key} value={one.key}>
                  {one.label}
                </option>
              ))}
            </select>
          </Field>
          <Known
            trial={trial.value}
            facts={facts.value}
            onChange={(key, value) => {
              const { [key]: _, ...rest } = facts.value;
              facts.value = value === null ? rest : { ...rest, [key]: value };
            }}
          />
        </form>
        <div class="try-answer" aria-live="polite">
          {fault.value !== null && <Problem of={fault.value} again={() => void ask()} />}
          {trial.value === null ? fault.value === null && <Waiting /> : <Answer of={trial.value} />}
        </div>
      </div>
    </PageFrame>
  );
}

function Answer({ of }: { readonly of: Trial }) {
  if (of.published.options.length === 0 && (of.draft?.options.length ?? 0) === 0) {
    return (
      <Empty name="No row speaks of this issue.">
        <p>Nothing may be given for it.</p>
      </Empty>
    );
  }
  return <Sides of={of} />;
}

/**
 * What is known of the case: first the facts that the answer rests on, then all others.
 *
 * One that is filled in stays where it was: it would be taken from under whoever is writing in it,
 * and look as if it were unknown.
 */
function Known(props: {
  readonly trial: Trial | null;
  readonly facts: Facts;
  readonly onChange: (key: string, value: FactValue | null) => void;
}) {
  const desk = useDesk();
  const all = desk.vocabulary.value?.facts ?? [];
  const named = new Set(namedIn(props.trial));
  const above = useRef<ReadonlySet<string>>(new Set());
  const isGiven = (one: Fact) => one.key in props.facts;
  const stays = all.filter((one) => isGiven(one) && above.current.has(one.key));
  const comes = all.filter((one) => !isGiven(one) && named.has(one.key)).slice(0, Math.max(0, MOST_FIRST - stays.length));
  above.current = new Set([...stays, ...comes].map((one) => one.key));
  const first = all.filter((one) => above.current.has(one.key));
  const others = all.filter((one) => !above.current.has(one.key));
  const inputs = (facts: readonly Fact[]) =>
    facts.map((one) => (
      <FactInput key={one.key} fact={one} onChange={(value) => props.onChange(one.key, value)} />
    ));
  return (
    <fieldset class="known">
      <legend class="labelled-name">What is known</legend>
      {first.length === 0 && <p class="quiet">This answer rests on no fact.</p>}
      <div class="known-facts">{inputs(first)}</div>
      <details class="more">
        <summary>All other facts</summary>
        <div class="known-facts">{inputs(others)}</div>
      </details>
    </fieldset>
  );
}

function namedIn(trial: Trial | null): readonly string[] {
  const of = (side: TriedAnswer | null | undefined) =>
    (side?.options ?? []).flatMap((option) => [
      ...option.needs,
      ...option.because.flatMap((row) => row.tests.map((test) => test.fact)),
      ...option.otherwise.map((one) => one.fact),
    ]);
  return [...of(trial?.published), ...of(trial?.draft)];
}

function FactInput(props: { readonly fact: Fact; readonly onChange: (value: FactValue | null) => void }) {
  const { fact } = props;
  const isBad = useSignal(false);
  const choices = fact.type === "boolean" ? ["yes", "no"] : fact.choices;
  const take = (typed: string) => {
    const value = typed.trim() === "" ? null : readTypedFact(fact, typed);
    isBad.value = typed.trim() !== "" && value === null;
    if (!isBad.value) props.onChange(value);
  };
  return (
    <Field name={fact.label} fault={isBad.value ? `Write it like ${exampleOf(fact.type)}.` : null}>
      {choices.length > 0 ? (
        <select class="field wide" onChange={(event) => take(event.currentTarget.value)}>
          <option value="">unknown</option>
          {choices.map((one) => (
            <option key={one} value={one}>
              {words(one)}
            </option>
          ))}
        </select>
      ) : fact.type === "date" ? (
        <input class="field wide" type="date" onInput={(event) => take(event.currentTarget.value)} />
      ) : (
        <input
          class="field wide"
          inputMode="decimal"
          placeholder="unknown"
          aria-invalid={isBad.value}
          onInput={(event) => take(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
