// What happened elsewhere: a stream while one is to be had, else a question every few seconds.
import { signal } from "@preact/signals";
import { Frames } from "./frames";
import { send } from "./http";
import { Refused } from "./problems";
import type { Event as Happening, EventPage } from "./schema";
import type { Session } from "./session";

export type FeedState = "connecting" | "live" | "polling" | "offline";

const SILENCE = 40_000; // ms; the server pings every 15 s
const POLL = 4_000;
const LONGEST_PAUSE = 15_000;

export class Feed {
  readonly state = signal<FeedState>("connecting");
  #cursor: string | null = null;
  #stop = new AbortController();
  #failures = 0;

  constructor(
    private readonly session: Session,
    private readonly happened: (event: Happening) => void,
    private readonly resumed: () => void,
  ) {}

  /** Follow until `stop`; each event is told once, also over reconnections. */
  start(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    void this.#follow(this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
  }

  async #follow(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const before = this.state.value;
      try {
        await this.#stream(stop);
        this.#failures = 0;
      } catch (fault) {
        if (stop.aborted) return;
        if (fault instanceof Refused && fault.status === 401) await this.session.renew().catch(() => this.stop());
        else await this.#poll(stop);
      }
      if (!stop.aborted && before === "offline" && this.state.value !== "offline") this.resumed();
      await pause(this.#wait(), stop);
    }
  }

  #wait(): number {
    if (this.state.value !== "offline") return this.state.value === "polling" ? POLL : 500;
    return Math.min(1_000 * 2 ** this.#failures, LONGEST_PAUSE);
  }

  /** One stream, to its end. */
  async #stream(stop: AbortSignal): Promise<void> {
    const silence = new AbortController();
    const after = this.#cursor === null ? "" : `?after=${encodeURIComponent(this.#cursor)}`;
    let quiet = setTimeout(() => silence.abort(), SILENCE);
    try {
      const response = await fetch(`/v1/events${after}`, {
        headers: { Accept: "text/event-stream", Authorization: `Bearer ${this.session.token()}` },
        signal: AbortSignal.any([stop, silence.signal]),
        credentials: "omit",
        cache: "no-store",
      });
      const isStream = response.headers.get("Content-Type")?.startsWith("text/event-stream");
      if (!response.ok || !isStream || !response.body) throw new Refused(response.status, {});
      const wasOffline = this.state.value === "offline";
      this.state.value = "live";
      if (wasOffline) this.resumed();
      const frames = new Frames();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(quiet);
        quiet = setTimeout(() => silence.abort(), SILENCE);
        for (const frame of frames.read(value)) this.#take(frame.id, frame.data);
      }
    } finally {
      clearTimeout(quiet);
    }
  }

  async #poll(stop: AbortSignal): Promise<void> {
    const after = encodeURIComponent(this.#cursor ?? "latest");
    try {
      const path = `/v1/events?after=${after}`;
      const page = (await send({ method: "GET", path, signal: stop, token: this.session.token() })) as EventPage;
      for (const event of page.items) this.#take(event.cursor, JSON.stringify(event));
      this.#cursor = page.cursor;
      this.state.value = "polling";
      this.#failures = 0;
    } catch {
      if (stop.aborted) return;
      this.state.value = "offline";
      this.#failures += 1;
    }
  }

  #take(cursor: string, data: string): void {
    if (cursor) this.#cursor = cursor;
    const event = read(data);
    if (event && "type" in event) this.happened(event);
  }
}

function read(data: string): Happening | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" ? (value as Happening) : null;
  } catch {
    return null;
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
