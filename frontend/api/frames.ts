// Server-sent events out of chunks of text, as the HTML standard reads them.

export interface Frame {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

export class Frames {
  #rest = "";
  #event = "";
  #id = "";
  #data: string[] = [];

  /** The frames that a chunk completes. */
  read(chunk: string): Frame[] {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): Frame[] {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    return [];
  }

  #dispatch(): Frame[] {
    const frame = { event: this.#event || "message", id: this.#id, data: this.#data.join("\n") };
    const isSaid = this.#data.length > 0;
    this.#event = "";
    this.#data = [];
    return isSaid ? [frame] : [];
  }
}
