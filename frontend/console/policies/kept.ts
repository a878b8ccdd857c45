// What somebody wrote and has not kept in the draft yet: on their device, with what it was made of, so
// that neither a session that ends nor a page that is left takes it away. A policy holds nothing of customers.
import type { Keep } from "../../keep";
import { type Cells, isSame } from "./fields";

export interface Written {
  /** The policy as it was read. */
  readonly before: Cells;
  readonly cells: Cells;
}

export class KeptWords {
  readonly #name: string;

  constructor(
    private readonly keep: Keep,
    /** Somebody else may sit here tomorrow, and never finds what this person wrote. */
    person: string | null,
    draft: string,
    row: string,
  ) {
    this.#name = `words.${person ?? ""}.${draft}.${row}`;
  }

  /** What was written and is not in the draft; null if everything is. */
  read(): Written | null {
    const found = this.keep.read(this.#name) as Written | null;
    return found !== null && isCells(found.before) && isCells(found.cells) ? found : null;
  }

  note(written: Written): void {
    if (isSame(written.before, written.cells)) this.keep.drop(this.#name);
    else this.keep.write(this.#name, written);
  }

  drop(): void {
    this.keep.drop(this.#name);
  }
}

const isCells = (found: unknown): found is Cells =>
  typeof found === "object" && found !== null && Object.values(found).every((text) => typeof text === "string");
