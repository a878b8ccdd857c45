// What is done at a button: one thing at a time, and what went wrong with it.
import { useSignal, type ReadonlySignal } from "@preact/signals";
import { NoAnswer, Refused, SignedOut } from "../../api/problems";

export interface Doing {
  readonly busy: ReadonlySignal<boolean>;
  readonly fault: ReadonlySignal<unknown>;
  /** Do it; null where it was refused, which is shown. */
  readonly run: <T>(act: () => Promise<T>) => Promise<T | null>;
  readonly forget: () => void;
}

export function useDoing(): Doing {
  const busy = useSignal(false);
  const fault = useSignal<unknown>(null);
  const run = async <T>(act: () => Promise<T>): Promise<T | null> => {
    if (busy.value) return null;
    busy.value = true;
    try {
      const done = await act();
      fault.value = null;
      return done;
    } catch (problem) {
      if (!(problem instanceof Refused || problem instanceof NoAnswer || problem instanceof SignedOut)) throw problem;
      fault.value = problem;
      return null;
    } finally {
      busy.value = false;
    }
  };
  return { busy, fault, run, forget: () => (fault.value = null) };
}
