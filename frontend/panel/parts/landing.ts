// Where the focus goes when what had it is gone from the screen: never to nowhere.

let placed: Element | null = null;

/** Focus the first of the selectors that is there, unless the rep's focus is elsewhere by then. */
export function land(...selectors: readonly string[]): void {
  requestAnimationFrame(() => {
    const { activeElement: active } = document;
    if (active !== null && active !== document.body && !active.matches(":disabled")) return;
    const found = selectors.map((one) => document.querySelector<HTMLElement>(one)).find((one) => one !== null);
    found?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: "nearest" });
    placed = found instanceof HTMLInputElement ? null : (found ?? null);
  });
}

/** True where the focus stands because it was put there: no hands are on it. */
export function isPlaced(element: Element | null): boolean {
  return element !== null && element === placed;
}

/** The row of a remedy among the options. */
export function rowOf(remedy: string): string {
  return `.options [data-remedy="${CSS.escape(remedy)}"]`;
}
