// What outlives a reload of this tab. Browsers may refuse storage to a frame: then memory has to do.

export interface Keep {
  read(name: string): unknown;
  write(name: string, value: unknown): void;
  drop(name: string): void;
  /** Drop all whose names begin with a text. */
  clear(prefix: string): void;
}

/** Keeps JSON under a prefix, and forgets what it cannot read. */
export class Kept implements Keep {
  readonly #memory = new Map<string, string>();

  constructor(
    private readonly storage: Storage | null,
    private readonly prefix: string,
  ) {}

  read(name: string): unknown {
    const text = this.#text(name);
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch {
      this.drop(name);
      return null;
    }
  }

  write(name: string, value: unknown): void {
    const text = JSON.stringify(value);
    this.#memory.set(name, text);
    try {
      this.storage?.setItem(this.prefix + name, text);
    } catch {
      // full, or refused: memory has it
    }
  }

  drop(name: string): void {
    this.#memory.delete(name);
    try {
      this.storage?.removeItem(this.prefix + name);
    } catch {
      // refused: nothing was there
    }
  }

  clear(prefix: string): void {
    const names = new Set(this.#memory.keys());
    for (const one of this.#stored()) names.add(one);
    for (const name of names) if (name.startsWith(prefix)) this.drop(name);
  }

  #stored(): readonly string[] {
    try {
      const keys = Object.keys(this.storage ?? {});
      return keys.filter((one) => one.startsWith(this.prefix)).map((one) => one.slice(this.prefix.length));
    } catch {
      return [];
    }
  }

  #text(name: string): string | null {
    const held = this.#memory.get(name);
    if (held !== undefined) return held;
    try {
      return this.storage?.getItem(this.prefix + name) ?? null;
    } catch {
      return null;
    }
  }
}

/** The tab's storage, or null where the browser refuses it. */
export function storageOf(kind: "sessionStorage" | "localStorage"): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}
