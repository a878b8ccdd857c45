// Where in the console we are: the address below /console, which the browser's history keeps.
import { computed, signal } from "@preact/signals";

const BASE = "/console";

const at = signal(read());
window.addEventListener("popstate", () => (at.value = read()));

/** The parts of the address: `/console/limits/drafts/7` is `["limits", "drafts", "7"]`. */
export const place = computed(() => at.value.path);
/** What follows the question mark. */
export const query = computed(() => at.value.query);

/** The address of a place, for links: `href("limits", "drafts", 7)`. */
export function href(...parts: readonly (string | number)[]): string {
  return [BASE, ...parts.map((one) => encodeURIComponent(one))].join("/");
}

/** Go to an address of the console. */
export function go(address: string): void {
  history.pushState(null, "", address);
  at.value = read();
  window.scrollTo(0, 0);
}

/** Write another address over this one, so that going back leads past it. */
export function replace(address: string): void {
  history.replaceState(null, "", address);
  at.value = read();
}

/**
 * What a page's list is filtered by, and the way to another choice: the address holds it, so that it
 * can be gone back from, and sent to somebody.
 */
export function filters(page: string | readonly string[], names: readonly string[]) {
  const wanted = new URLSearchParams();
  for (const name of names) {
    const value = query.value.get(name);
    if (value) wanted.set(name, value);
  }
  const choose = (chosen: Readonly<Record<string, string>>) => {
    const next = new URLSearchParams(wanted);
    for (const [name, text] of Object.entries(chosen)) {
      if (text.trim() === "") next.delete(name);
      else next.set(name, text.trim());
    }
    go(`${href(...[page].flat())}?${next}`);
  };
  return { wanted, choose };
}

/** Make a click on a link of ours go there without loading the page anew. */
export function followed(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.download || link.origin !== location.origin) return;
  if (link.pathname !== BASE && !link.pathname.startsWith(`${BASE}/`)) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

function read(): { path: readonly string[]; query: URLSearchParams } {
  const below = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : "";
  const path = below.split("/").filter(Boolean).map(decoded);
  return { path, query: new URLSearchParams(location.search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
