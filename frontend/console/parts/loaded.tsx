// What is asked of the server for a page: while it comes, when it came, and when it did not.
import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef } from "preact/hooks";
import { isAborted, NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { ProblemError } from "../../api/schema";
import { words } from "../../text/format";
import { useDesk } from "../desk";
import { Notice } from "./small";

export interface Loaded<T> {
  readonly value: ReadonlySignal<T | null>;
  readonly fault: ReadonlySignal<unknown>;
  /** Ask again; what is shown stays until the answer is there. */
  readonly again: () => void;
  /** Wait no longer for the answer. */
  readonly stop: () => void;
  readonly isStopped: ReadonlySignal<boolean>;
}

/**
 * What an address of the API answers; asked again whenever the address changes.
 *
 * `how` asks for it in another way than by one GET.
 */
export function useLoaded<T>(path: string, how?: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const desk = useDesk();
  const value = useSignal<T | null>(null);
  const fault = useSignal<unknown>(null);
  const isStopped = useSignal(false);
  const asked = useRef<AbortController | null>(null);
  const ask = useCallback(async () => {
    asked.current?.abort();
    const mine = (asked.current = new AbortController());
    isStopped.value = false;
    try {
      const found = await (how ? how(mine.signal) : desk.api.get<T>(path, mine.signal));
      if (mine.signal.aborted) return; // a newer question is under way
      value.value = found;
      fault.value = null;
    } catch (problem) {
      if (isAborted(problem) || mine.signal.aborted) return;
      fault.value = problem;
    }
  }, [path]);
  useEffect(() => {
    value.value = null;
    void ask();
    return () => asked.current?.abort();
  }, [path]);
  const stop = () => {
    asked.current?.abort();
    isStopped.value = true;
  };
  return { value, fault, again: () => void ask(), stop, isStopped };
}

export interface Listed<T, P> {
  /** The first page, which comes by itself. */
  readonly first: Loaded<P>;
  readonly items: readonly T[];
  /** All pages that came, in order. */
  readonly pages: readonly P[];
  /** Asks for the next page; null where there is none. */
  readonly more: (() => void) | null;
  /** Why the next page did not come. */
  readonly fault: unknown;
}

/** A list, page after page. What was asked for of an earlier address is no part of it any more. */
export function useListed<T, P extends { readonly items: readonly T[]; readonly next_cursor: string | null }>(
  path: string,
): Listed<T, P> {
  const desk = useDesk();
  const first = useLoaded<P>(path);
  const rest = useSignal<{ readonly of: P | null; readonly pages: readonly P[] }>({ of: null, pages: [] });
  const fault = useSignal<{ readonly of: P; readonly problem: unknown } | null>(null);
  const page = first.value.value;
  const later = rest.value.of === page ? rest.value.pages : [];
  const pages = page === null ? [] : [page, ...later];
  const next = pages.at(-1)?.next_cursor ?? null;
  const more = async (of: P, cursor: string) => {
    try {
      const found = await desk.api.get<P>(`${path}&cursor=${encodeURIComponent(cursor)}`);
      if (first.value.peek() === of) rest.value = { of, pages: [...later, found] };
      fault.value = null;
    } catch (problem) {
      fault.value = { of, problem };
    }
  };
  return {
    first,
    items: pages.flatMap((one) => one.items),
    pages,
    more: page === null || next === null ? null : () => void more(page, next),
    fault: fault.value !== null && fault.value.of === page ? fault.value.problem : null,
  };
}

/** A part of a page that stands on what was loaded. */
export function WhenLoaded<T>(props: {
  readonly of: Loaded<T>;
  /** What stands there until then. */
  readonly waiting?: ComponentChildren;
  readonly children: (value: T) => ComponentChildren;
}) {
  const { value, fault, again } = props.of;
  return (
    <>
      {fault.value !== null && <Fault of={fault.value} again={again} />}
      {value.value !== null ? props.children(value.value) : fault.value === null && (props.waiting ?? <Waiting />)}
    </>
  );
}

export function Waiting() {
  return (
    <p class="waiting" role="status">
      Loading…
    </p>
  );
}

/** What went wrong, in words, with the next step. */
export function Fault(props: { readonly of: unknown; readonly again?: () => void }) {
  return (
    <Notice tone="refused" icon={props.of instanceof NoAnswer ? "offline" : "alert"}>
      <p role="alert">{faultInWords(props.of)}</p>
      {props.of instanceof Refused && (props.of.problem.errors ?? []).length > 1 && (
        <ul class="fault-fields">
          {(props.of.problem.errors ?? []).slice(1).map((one) => (
            <li key={`${one.pointer}${one.detail}`}>{errorInWords(one)}</li>
          ))}
        </ul>
      )}
      {props.again && (
        <button type="button" class="secondary" onClick={props.again}>
          Try again
        </button>
      )}
    </Notice>
  );
}

export function faultInWords(fault: unknown): string {
  if (fault instanceof Refused) {
    if (fault.code === "stale_base") return "Somebody published meanwhile. Carry the draft over to the newest version first.";
    if (fault.code === "outside_role") return "The level that you have now does not open this. Ask whoever keeps the list of people.";
    const [first] = fault.problem.errors ?? [];
    return first ? errorInWords(first) : sentence(fault.message);
  }
  if (fault instanceof SignedOut) return "Your session has ended. Sign in again.";
  if (fault instanceof NoAnswer) {
    if (fault.kind === "slow") return "The server takes too long to answer.";
    return fault.kind === "offline" ? "There is no connection to the server." : "The server failed to answer.";
  }
  return "Something went wrong in this page. Load it again.";
}

/** What is wrong with a field, as a sentence of people and not of programs. */
export function errorInWords({ pointer, parameter, detail }: Omit<ProblemError, "code">): string {
  // Of a sheet the cell is in the detail, and the name of its file is ours.
  const cell = /^sheet\.(?:csv|xlsx|json):?\s*(.*)$/s.exec(detail)?.[1];
  if (cell !== undefined) return sentence(/^[A-Z/]/.test(cell) ? cell : `the file ${cell}`);
  const name = (pointer ?? parameter ?? "").split("/").filter((part) => part !== "" && !/^\d+$/.test(part)).at(-1);
  return sentence(name === undefined || /^[A-Z“"]/.test(detail) ? detail : `${words(name)} ${detail}`);
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
