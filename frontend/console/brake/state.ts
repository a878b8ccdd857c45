// The brakes that hold now; every page shows them.
import { effect, signal, untracked } from "@preact/signals";
import { NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { Brake, BrakeList } from "../../api/schema";
import type { Desk } from "../desk";

export class Brakes {
  readonly pulled = signal<readonly Brake[]>([]);

  constructor(private readonly desk: Desk) {
    desk.listen((event) => (event === null || event.type.startsWith("brake.")) && void this.look());
    effect(() => {
      if (desk.session.isOpen.value) untracked(() => void this.look());
    });
  }

  async look(): Promise<void> {
    try {
      this.pulled.value = (await this.desk.api.get<BrakeList>("/v1/brake")).items;
    } catch (fault) {
      // What was known stays on the page: a brake that nobody can see is worse than an old one.
      if (!(fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut)) throw fault;
    }
  }

  /** Stop goodwill of a team (none: of everybody), or set it free again. */
  async act(name: "pull" | "release", team: string | null, reason: string): Promise<void> {
    const body = { reason, by: { id: this.desk.api.person }, ...(team !== null && { team }) };
    const path = name === "pull" ? "/v1/brake" : "/v1/brake/release";
    await this.desk.api.post<Brake>(path, body, { key: crypto.randomUUID() });
    await this.look();
  }
}
