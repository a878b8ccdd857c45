// Who is signed in. The token lives in memory alone; what renews it outlives a reload of this tab.
import { batch, computed, signal } from "@preact/signals";
import type { Keep } from "../keep";
import { send } from "./http";
import { NoAnswer, Refused, SignedOut } from "./problems";
import type { Person } from "./names";
import type { Session as Opened } from "./schema";

export type SessionState = "starting" | "open" | "none" | "ended";

const RENEWAL = "renewal";
const EARLY = 60_000; // renewed a minute before it ends

export class Session {
  readonly state = signal<SessionState>("starting");
  readonly person = signal<Person | null>(null);
  /** What the person may ask for, as the server last said. */
  readonly scopes = signal<readonly string[]>([]);
  readonly isOpen = computed(() => this.state.value === "open");
  /** Told who it is when a session opens, before anything is done as them. */
  arrives: (person: Person) => void = () => {};
  #token: string | null = null;
  #renewing: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly keep: Keep) {}

  /** Begin with a one-time code, or else with what an earlier page of this tab left. */
  async start(code: string | null): Promise<void> {
    if (code !== null && (await this.signIn(code))) return;
    if (this.keep.read(RENEWAL) === null) this.state.value = "none";
    else await this.renew().catch(() => undefined);
  }

  /** Exchange a one-time code; false if it is not good any more. */
  async signIn(code: string): Promise<boolean> {
    try {
      this.#open((await send({ method: "POST", path: "/v1/sessions", body: { code } })) as Opened);
      return true;
    } catch (fault) {
      if (fault instanceof NoAnswer) this.state.value = "none";
      return false;
    }
  }

  /** The token to send; throws SignedOut if there is none. */
  token(): string {
    if (this.#token === null) throw new SignedOut();
    return this.#token;
  }

  /** A new token in the place of one that ended; many who ask at once share one renewal. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** Sign out, here and on the server. */
  async end(): Promise<void> {
    const token = this.#token;
    this.#close("none");
    if (token) await send({ method: "DELETE", path: "/v1/sessions/current", token }).catch(() => undefined);
  }

  /** Sign out as the page is left. */
  leave(): void {
    this.keep.drop(RENEWAL);
    const token = this.#token;
    if (token) void send({ method: "DELETE", path: "/v1/sessions/current", token }).catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const renewal = this.keep.read(RENEWAL);
    if (typeof renewal !== "string") {
      this.#close("ended");
      throw new SignedOut();
    }
    try {
      this.#open((await send({ method: "POST", path: "/v1/sessions/renewal", body: { renewal } })) as Opened);
    } catch (fault) {
      if (fault instanceof Refused) {
        this.#close(this.person.value ? "ended" : "none");
        throw new SignedOut();
      }
      if (this.state.value === "starting") this.state.value = "none";
      throw fault;
    }
  }

  #open(opened: Opened): void {
    this.#token = opened.token;
    this.keep.write(RENEWAL, opened.renewal);
    this.arrives(opened.person);
    batch(() => {
      // The same person in another object would look like somebody else.
      if (JSON.stringify(opened.person) !== JSON.stringify(this.person.peek())) this.person.value = opened.person;
      this.scopes.value = opened.scopes;
      this.state.value = "open";
    });
    clearTimeout(this.#timer);
    const left = Date.parse(opened.expires_at) - Date.now() - EARLY;
    this.#timer = setTimeout(() => void this.renew().catch(() => undefined), Math.max(left, 5_000));
  }

  #close(state: SessionState): void {
    this.#token = null;
    clearTimeout(this.#timer);
    this.keep.drop(RENEWAL);
    this.state.value = state;
  }
}
