// Lists as values: pure.

/** True if two lists hold the same things, in the same order. */
export function isSameList(before: readonly unknown[], next: readonly unknown[]): boolean {
  return before === next || (before.length === next.length && before.every((one, at) => one === next[at]));
}
