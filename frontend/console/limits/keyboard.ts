// What a key asks of the grid: pure.
import type { Spot } from "./spots";

const PAGE = 15; // rows of a page key

/** As browsers tell a key. */
export type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

export type Asked =
  | { readonly kind: "go"; readonly to: Spot }
  | { readonly kind: "edit"; readonly typed: string | null }
  | { readonly kind: "empty" | "undo" | "redo" | "form" | "all" };

/** What a key asks for at a cursor, in a grid with a last cell; null for what is the browser's. */
export function askedBy(event: Key, { row, column }: Spot, last: Spot): Asked | null {
  const control = event.ctrlKey || event.metaKey;
  const go = (to: Spot): Asked => ({ kind: "go", to });
  switch (event.key) {
    case "ArrowUp":
      return go({ row: control ? 0 : row - 1, column });
    case "ArrowDown":
      return go({ row: control ? last.row : row + 1, column });
    case "ArrowLeft":
      return go({ row, column: control ? 0 : column - 1 });
    case "ArrowRight":
      return go({ row, column: control ? last.column : column + 1 });
    case "Home":
      return go({ row: control ? 0 : row, column: 0 });
    case "End":
      return go({ row: control ? last.row : row, column: last.column });
    case "PageUp":
      return go({ row: row - PAGE, column });
    case "PageDown":
      return go({ row: row + PAGE, column });
    case "Enter":
      return event.shiftKey ? { kind: "form" } : { kind: "edit", typed: null };
    case "F2":
      return { kind: "edit", typed: null };
    case "Delete":
    case "Backspace":
      return { kind: "empty" };
  }
  if (control) return withControl(event);
  return event.key.length === 1 && !event.altKey ? { kind: "edit", typed: event.key } : null;
}

function withControl(event: Key): Asked | null {
  switch (event.key.toLowerCase()) {
    case "z":
      return { kind: event.shiftKey ? "redo" : "undo" };
    case "y":
      return { kind: "redo" };
    case "a":
      return { kind: "all" };
    default:
      return null;
  }
}
