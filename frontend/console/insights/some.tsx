// The first of many rows, and the way to all of them.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

/** The rows to show, and a button that shows the rest; null where all are shown. */
export function useSome<T>(all: readonly T[], first: number): readonly [readonly T[], VNode | null] {
  const isAll = useSignal(false);
  if (isAll.value || all.length <= first) return [all, null];
  const button = (
    <button type="button" class="secondary" onClick={() => (isAll.value = true)}>
      Show all {all.length}
    </button>
  );
  return [all.slice(0, first), button];
}
