// The headings of the table, and their widths: Tabulator lays them out, keeps the first in view and
// lets them be resized. The rows are ours, so it is told of none.
import { FormatModule, FrozenColumnsModule, Renderer, ResizeColumnsModule, ResizeTableModule, Tabulator } from "tabulator-tables";
import type { Column } from "./columns";
import { heading, isFigure } from "./drawing";

Tabulator.registerModule([FormatModule, FrozenColumnsModule, ResizeColumnsModule, ResizeTableModule]);

/** Draws nothing: the rows of its table are somebody else's. */
class NoRows extends Renderer {
  verticalFillMode = "fill";
}

export class Headings {
  /** Done when there is a table to draw into. */
  readonly ready: Promise<void>;
  readonly #table: Tabulator;
  /** Widths that somebody chose, by the column's key: they stay when the column comes back. */
  readonly #chosen = new Map<string, number>();

  constructor(
    private readonly at: HTMLElement,
    /** Hears of every change of a width. */
    resized: () => void,
  ) {
    this.#table = new Tabulator(at, {
      height: "100%",
      layout: "fitData",
      renderVertical: NoRows as never, // its types know the class and not that it may be given
      columnDefaults: { resizable: "header", minWidth: 48 },
      columns: [],
      data: [],
    });
    this.#table.on("columnResizing", resized);
    this.#table.on("columnResized", (column) => {
      this.#chosen.set(column.getField(), column.getWidth());
      resized();
    });
    this.ready = new Promise((resolve) =>
      this.#table.on("tableBuilt", () => {
        // Between a grid and its rows nothing may have the focus.
        this.holder.removeAttribute("tabindex");
        this.holder.setAttribute("role", "presentation");
        at.removeAttribute("aria-owns");
        resolve();
      }),
    );
  }

  /** What scrolls. */
  get holder(): HTMLElement {
    return this.at.querySelector<HTMLElement>(".tabulator-tableholder") ?? this.at;
  }

  /** What holds the rows. */
  get body(): HTMLElement {
    return this.at.querySelector<HTMLElement>(".tabulator-table") ?? this.at;
  }

  /** The width of each column, in px. */
  get widths(): readonly number[] {
    return this.#table.getColumns().map((column) => column.getWidth());
  }

  /** Show other columns, of which the first stay when the others scroll. */
  show(columns: readonly Column[], frozen: number): void {
    const { scrollLeft, scrollTop } = this.holder;
    this.#table.setColumns(
      columns.map((column, place) => ({
        field: column.key,
        title: "", // it would be read as markup
        width: this.#chosen.get(column.key) ?? column.width,
        frozen: place < frozen,
        titleFormatter: () => heading(column) as unknown as string,
      })),
    );
    this.holder.scrollTo(scrollLeft, scrollTop);
    // What Tabulator leaves out.
    this.at.querySelector(".tabulator-headers")?.setAttribute("aria-rowindex", "1");
    this.at.querySelectorAll(".tabulator-headers > [role=columnheader]").forEach((one, place) => {
      one.setAttribute("aria-colindex", String(place + 1));
      one.removeAttribute("aria-sort");
      one.classList.toggle("is-figure", isFigure(columns[place]));
    });
  }

  end(): void {
    this.#table.destroy();
  }
}
