// Edits that wait on this device: neither a lost connection nor a closed tab takes them away.
import type { Keep } from "../../keep";
import { type Cells, type Change, differing, withCells } from "./rows";

/** A row before its edit, and what the cells that differ hold since; null where there is none. */
interface Edit {
  readonly row: string;
  readonly before: Cells | null;
  readonly texts: Cells | null;
}

const AT_ONCE = 200; // edits; to write more takes longer than a frame
const PAUSE = 100; // ms, in which the edits are drawn

/** The edits of one draft by one person: whoever sits here next must neither send nor drop them. */
export class KeptEdits {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly keep: Keep,
    private readonly place: string,
  ) {}

  /** Keep these and no others: a few at once, many when they have been drawn. */
  note(changes: readonly Change[]): void {
    clearTimeout(this.#timer);
    if (changes.length === 0) this.keep.drop(this.place);
    else if (changes.length <= AT_ONCE) this.#write(changes);
    else this.#timer = setTimeout(() => this.#write(changes), PAUSE);
  }

  read(): readonly Change[] {
    const kept = this.keep.read(this.place) as { edits?: readonly Edit[] } | null;
    const edits = Array.isArray(kept?.edits) ? kept.edits : [];
    return edits.map(({ row, before, texts }) => ({ row, before, after: texts === null ? null : withCells(before ?? {}, texts) }));
  }

  /** Only what differs is written of a row: a browser keeps no more than some five million letters. */
  #write(changes: readonly Change[]): void {
    const edits = changes.map(({ row, before, after }): Edit => {
      const texts = after && differing(before, after).map((column) => [column, after[column] ?? ""]);
      return { row, before, texts: texts && (Object.fromEntries(texts) as Cells) };
    });
    this.keep.write(this.place, { edits });
  }
}
