// Edits on their way to the server: in order, one request at a time, never lost.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Api } from "../../api/api";
import { isPassing, NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { Draft } from "../../api/schema";
import type { Keep } from "../../keep";
import type { TableKind } from "./columns";
import { KeptEdits } from "./kept";
import { type Change, changed, changesBetween, type Clash, givenWay, rebased, type Rows, sharing } from "./rows";

/** How edits stand. */
export type Standing = "saved" | "saving" | "offline" | "clashing" | "refused";

interface Loaded {
  readonly draft: Draft;
  readonly rows: Rows;
}

const PAUSE = 500; // ms after the last edit
const AGAIN = 4_000; // ms until the next try without a connection
const MOST_BYTES = 900_000; // of one request; the server takes no more than 1,000,000
const MOST_CHANGES = 2_000;

export class Saving {
  readonly draft = signal<Draft | null>(null);
  /** The rows as the server has them. */
  readonly saved = signal<Rows>(new Map());
  /** Cells that somebody else changed as well, until a person has chosen. */
  readonly clashes = signal<readonly Clash[]>([]);
  readonly standing = signal<Standing>("saved");
  /** What the server refused, if it did. */
  readonly refusal = signal<unknown>(null);
  readonly unsaved: ReadonlySignal<readonly Change[]>;
  readonly #keptEdits: KeptEdits;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #ended = false;

  constructor(
    private readonly api: Api,
    private readonly kind: TableKind,
    private readonly id: string,
    /** The rows as they are seen. */
    private readonly seen: { value: Rows; peek(): Rows },
    keep: Keep,
    /** Tells that others' edits came in, and whose. */
    private readonly told: (by: readonly string[], clashes: number) => void,
  ) {
    this.#keptEdits = new KeptEdits(keep, `edits.${api.person ?? ""}.${kind}.${id}`);
    this.unsaved = computed(() => changesBetween(this.saved.value, this.seen.value));
  }

  /** Read the draft, and bring onto it what this device has kept. */
  async load(signal?: AbortSignal): Promise<void> {
    const { draft, rows } = await this.#read(signal);
    const kept = this.#keptEdits.read();
    const base = new Map(rows);
    for (const { row, before } of kept) {
      if (before === null) base.delete(row);
      else base.set(row, before);
    }
    this.saved.value = base;
    this.seen.value = changed(base, kept);
    this.#bring({ draft, rows });
    this.changed();
  }

  /** Something was edited: keep it here at once, and send it soon. */
  changed(): void {
    if (this.draft.peek() === null) return;
    this.#keptEdits.note(this.unsaved.peek());
    clearTimeout(this.#timer);
    if (this.unsaved.peek().length === 0 || this.clashes.peek().length > 0) return;
    this.standing.value = "saving";
    this.#timer = setTimeout(() => void this.flush(), PAUSE);
  }

  /** Send what is not saved, now; afterwards everything is, or `standing` says why not. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#send().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Look whether somebody else has edited the draft. */
  async look(): Promise<void> {
    const mine = this.draft.peek();
    if (mine === null || this.#running !== null || this.clashes.peek().length > 0) return;
    try {
      const draft = await this.api.get<Draft>(this.#path());
      if (this.draft.peek() !== mine || this.#running !== null) return;
      if (draft.etag === mine.etag) this.draft.value = draft;
      else this.#meet(await this.#read());
    } catch (fault) {
      if (!(fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut)) throw fault;
    }
  }

  /** Settle what clashes: with mine, or with theirs. */
  settle(by: "mine" | "theirs"): void {
    if (by === "theirs") {
      this.seen.value = givenWay(this.seen.peek(), this.saved.peek(), this.clashes.peek());
    }
    this.clashes.value = [];
    this.standing.value = "saved";
    this.changed();
  }

  /** Load a sheet in the place of all rows; the draft must have no unsaved edits. */
  async loadSheet(format: string, content: string): Promise<void> {
    await this.flush();
    const body = { by: { id: this.api.person }, format, content };
    await this.#post<Draft>("/sheet", body);
    this.#meet(await this.#read());
  }

  /** The page is left: what is not saved is sent all the same. */
  end(): void {
    clearTimeout(this.#timer);
    void this.flush().finally(() => (this.#ended = true));
  }

  async #send(): Promise<void> {
    for (;;) {
      if (this.#ended || this.clashes.peek().length > 0) return;
      const changes = portionOf(this.unsaved.peek());
      if (changes.length === 0) {
        this.standing.value = "saved";
        this.refusal.value = null;
        this.#keptEdits.note(this.unsaved.peek());
        return;
      }
      this.standing.value = "saving";
      const key = crypto.randomUUID();
      if (!(await this.#sent(changes, key))) return;
    }
  }

  /** Send some changes until the server has answered; false if there is nothing more to be done. */
  async #sent(changes: readonly Change[], key: string): Promise<boolean> {
    try {
      const draft = await this.#post<Draft>("/rows", bodyOf(changes, this.api.person), key);
      this.saved.value = changed(this.saved.peek(), changes);
      this.draft.value = draft;
      return true;
    } catch (fault) {
      if (fault instanceof Refused && fault.code === "stale_edit") return this.#meetNewer();
      if (isPassing(fault)) return this.#wait(changes, key);
      if (!(fault instanceof Refused || fault instanceof SignedOut)) throw fault;
      this.standing.value = "refused";
      this.refusal.value = fault;
      return false;
    }
  }

  /** The same again with the same key, for nobody knows whether it was done. */
  async #wait(changes: readonly Change[], key: string): Promise<boolean> {
    this.standing.value = "offline";
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, AGAIN);
      function done() {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        resolve();
      }
      window.addEventListener("online", done);
    });
    return this.#ended ? false : this.#sent(changes, key);
  }

  async #meetNewer(): Promise<boolean> {
    try {
      this.#meet(await this.#read());
      return true;
    } catch (fault) {
      if (!(fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut)) throw fault;
      this.standing.value = "offline";
      this.#timer = setTimeout(() => void this.flush(), AGAIN);
      return false;
    }
  }

  /** Newer rows are there: my edits go on top of them. */
  #meet(newer: Loaded): void {
    const before = this.draft.peek();
    const known = new Set((before?.acts ?? []).map((act) => act.number));
    const others = newer.draft.acts.filter((act) => !known.has(act.number) && act.by !== this.api.person);
    this.#bring(newer);
    this.told([...new Set(others.map((act) => act.by))], this.clashes.peek().length);
    this.changed();
  }

  #bring({ draft, rows }: Loaded): void {
    const { rows: mine, clashes } = rebased(this.saved.peek(), this.seen.peek(), rows);
    this.draft.value = draft;
    this.saved.value = rows;
    this.seen.value = mine;
    this.clashes.value = clashes;
    if (clashes.length > 0) this.standing.value = "clashing";
  }

  async #read(signal?: AbortSignal): Promise<Loaded> {
    // The draft first: rows that are newer than its tag are refused at the next edit, not lost.
    const draft = await this.api.get<Draft>(this.#path(), signal);
    return { draft, rows: sharing(await readRows(this.api, this.kind, this.#path(), signal), this.saved.peek()) };
  }

  #post<T>(name: string, body: unknown, key: string = crypto.randomUUID()): Promise<T> {
    const match = this.draft.peek()?.etag ?? "";
    return this.api.post<T>(this.#path() + name, body, { key, match, patience: 30_000 });
  }

  #path(): string {
    return `/v1/${this.kind}/drafts/${this.id}`;
  }
}

/** The rows of a draft or of a version. */
export async function readRows(api: Api, kind: TableKind, path: string, signal?: AbortSignal): Promise<Rows> {
  const sheet = await api.get<{ rows: readonly Record<string, string>[] }>(`${path}/sheet?format=json`, signal);
  const key = kind === "limits" ? "row" : "budget";
  return new Map(sheet.rows.map(({ [key]: row = "", ...cells }) => [row, cells]));
}

/** As many of some changes as fit into one request. */
export function portionOf(changes: readonly Change[]): readonly Change[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  const end = changes.findIndex(({ row, after }, at) => {
    bytes += encoder.encode(JSON.stringify(after === null ? row : { row, cells: after })).length + 1;
    return at > 0 && (bytes > MOST_BYTES || at >= MOST_CHANGES);
  });
  return end === -1 ? changes : changes.slice(0, end);
}

function bodyOf(changes: readonly Change[], person: string | null) {
  const put = changes.flatMap(({ row, after }) => (after === null ? [] : [{ row, cells: after }]));
  const drop = changes.flatMap(({ row, after }) => (after === null ? [row] : []));
  return { by: { id: person }, put, drop };
}
