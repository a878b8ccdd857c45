// The past decided again by a draft: part by part, so that it shows as it grows and can be stopped.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isAborted, NoAnswer, Refused } from "../../api/problems";
import type { Draft, Replay } from "../../api/schema";
import { money, number } from "../../text/format";
import { type Desk, useDesk } from "../desk";
import { Fault } from "../parts/loaded";
import { Empty } from "../parts/small";
import { plural } from "./tables";
import { progressOf, together } from "./tallies";
import { Where } from "./where";

const PART = 1_000;
const PATIENCE = 60_000; // ms
const AGAIN = 1_500; // ms, where another replay runs
const DAY = 86_400_000; // ms
const PERIODS = [30, 90, 365] as const;

export function ReplayPart({ draft, canRun }: { readonly draft: Draft; readonly canRun: boolean }) {
  const desk = useDesk();
  const days = useSignal<(typeof PERIODS)[number]>(90);
  const found = useSignal<Replay | null>(null);
  const fault = useSignal<unknown>(null);
  const running = useSignal<AbortController | null>(null);
  const isStopped = useSignal(false);
  const started = useRef("");

  const run = async () => {
    running.value?.abort();
    const mine = (running.value = new AbortController());
    started.current = draft.etag;
    found.value = fault.value = null;
    isStopped.value = false;
    try {
      await replayed(desk, draft, days.value, mine.signal, (sofar) => (found.value = sofar));
    } catch (problem) {
      if (!isAborted(problem) && !(problem instanceof Refused || problem instanceof NoAnswer)) throw problem;
      if (!isAborted(problem)) fault.value = problem;
    }
    if (running.value === mine) running.value = null;
  };
  useEffect(() => {
    // What was replayed is of the draft as it was: another content has another past.
    if (canRun && started.current !== draft.etag) void run();
    return undefined;
  }, [draft.etag, canRun]);
  useEffect(() => () => running.value?.abort(), []);
  const stop = () => {
    isStopped.value = true;
    running.value?.abort();
  };

  if (!canRun) return <p class="quiet">The past can be replayed once every cell can be read.</p>;
  const sofar = found.value;
  return (
    <div class="stack">
      <div class="filters">
        <label>
          The last{" "}
          <select
            class="field"
            value={days.value}
            onChange={(event) => {
              days.value = Number(event.currentTarget.value) as (typeof PERIODS)[number];
              void run();
            }}
          >
            {PERIODS.map((one) => (
              <option key={one} value={one}>
                {one} days
              </option>
            ))}
          </select>
        </label>
        {running.value ? (
          <>
            <progress aria-label="Replayed so far" max={1} value={sofar ? progressOf(sofar) : 0} />
            <span class="quiet" role="status">
              {sofar ? `${number(String(sofar.entries))} of ${number(String(sofar.entries + sofar.left))}` : "Reading…"}
            </span>
            <button type="button" class="secondary" onClick={stop}>
              Stop
            </button>
          </>
        ) : (
          <button type="button" class="secondary" onClick={() => void run()}>
            Replay again
          </button>
        )}
      </div>
      {fault.value !== null && <Fault of={fault.value} again={() => void run()} />}
      {isStopped.value && sofar === null && (
        <p class="quiet" role="status">
          Stopped before the first cases were replayed.
        </p>
      )}
      {sofar && <Found of={sofar} days={days.value} draft={draft} isDone={running.value === null} />}
    </div>
  );
}

/** Ask for one part after the other, the newest first, and tell what they make together. */
async function replayed(
  desk: Desk,
  draft: Draft,
  days: number,
  signal: AbortSignal,
  tell: (sofar: Replay) => void,
): Promise<void> {
  const since = new Date(Date.now() - days * DAY).toISOString();
  let sofar: Replay | null = null;
  for (;;) {
    const until = sofar?.since;
    const body = { since, most: PART, ...(until && { until }) };
    const path = `/v1/${draft.table}/drafts/${draft.id}/replay`;
    const part = await whenFree(() => desk.api.post<Replay>(path, body, { signal, patience: PATIENCE }), signal);
    if (sofar !== null && part.etag !== sofar.etag) sofar = null; // it was edited meanwhile
    sofar = together(sofar, part);
    tell(sofar);
    if (part.left === 0 || part.entries === 0) return;
  }
}

/** One replay runs at a time in the server; who comes second waits for its turn. */
async function whenFree<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (problem) {
      if (!(problem instanceof NoAnswer && problem.kind === "failing") || tries === 4) throw problem;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
    signal.throwIfAborted();
  }
}

function Found(props: {
  readonly of: Replay;
  readonly days: number;
  readonly draft: Draft;
  readonly isDone: boolean;
}) {
  const { of, draft } = props;
  const { total } = of;
  if (total.cases === 0) {
    return (
      <Empty name="Nothing was asked about in that time.">
        <p>Choose a longer time, or try a case of your own.</p>
      </Empty>
    );
  }
  const cash = (text: string) => money(text, of.currency);
  return (
    <>
      <p class="lead">
        {inSentence(of, cash)}
        {!props.isDone || of.complete ? "" : " Older cases were left out."}
      </p>
      <dl class="replay-figures">
        <Figure name="More without asking" value={cash(total.raised)} about={plural(total.more, "case", "cases")} />
        <Figure name="Less without asking" value={cash(total.lowered)} about={plural(total.less, "case", "cases")} />
        <Figure name="Approvals saved" value={number(String(total.approvals_saved))} about="asked then, not now" />
        <Figure name="Approvals added" value={number(String(total.approvals_added))} about="not asked then, now" />
        {total.uncovered_grants > 0 && (
          <Figure
            name="Given then, above it now"
            value={cash(total.uncovered)}
            about={plural(total.uncovered_grants, "grant", "grants")}
          />
        )}
      </dl>
      <Where of={of} draft={draft} />
      <Omitted of={of} />
    </>
  );
}

function inSentence(of: Replay, cash: (text: string) => string): string {
  const { total } = of;
  const all = `Of ${plural(total.cases, "case", "cases")}`;
  if (total.more + total.less === 0) return `${all}, every one would have been answered as it was.`;
  const parts = [];
  if (total.more > 0) parts.push(`in ${number(String(total.more))} up to ${cash(total.raised)} more`);
  if (total.less > 0) parts.push(`in ${number(String(total.less))} up to ${cash(total.lowered)} less`);
  return `${all}, ${parts.join(" and ")} could have been given without asking.`;
}

function Figure(props: { readonly name: string; readonly value: string; readonly about: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class="replay-figure">{props.value}</dd>
      <dd class="quiet">{props.about}</dd>
    </div>
  );
}

/** What the figures do not cover, said as plainly as they are. */
function Omitted({ of }: { readonly of: Replay }) {
  const desk = useDesk();
  const said = [
    ...Object.entries(of.left_out).map(([why, count]) => `${plural(count, "case was", "cases were")} left out: ${why}.`),
    ...Object.entries(of.unknown).map(
      ([fact, count]) => `${plural(count, "case", "cases")} would have rested on “${desk.fact(fact)}”, which nobody had asked for.`,
    ),
    ...Object.entries(of.unreckoned).map(
      ([budget, count]) => `${plural(count, "case", "cases")} could not be held to the budget ${budget}.`,
    ),
  ];
  if (of.total.unbounded > 0) {
    said.push(`${plural(of.total.unbounded, "case", "cases")} had no limit before or after, and are in no sum.`);
  }
  if (said.length === 0) return null;
  return (
    <details class="more">
      <summary>What these figures leave out</summary>
      <ul class="omitted">
        {said.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </details>
  );
}
