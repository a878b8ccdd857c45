// The public API, as the one who is signed in.
import { fetchFile, send, type Wanted } from "./http";
import { Refused, SignedOut } from "./problems";
import type { Proving } from "./schema";
import type { Session } from "./session";

type More = Pick<Wanted, "key" | "match" | "patience" | "signal">;

/** By what somebody shows once more who they are. */
export type Proof = NonNullable<Proving["how"]>[number];

export class Api {
  /** Lets the person show who they are; true once the server has taken it. Nobody is there to ask by default. */
  prove: (how: readonly Proof[]) => Promise<boolean> = () => Promise.resolve(false);

  constructor(private readonly session: Session) {}

  /** Id of the person as whom all is sent; null before anybody has signed in. */
  get person(): string | null {
    return this.session.person.value?.id ?? null;
  }

  get<T>(path: string, signal?: AbortSignal, patience?: number): Promise<T> {
    return this.#send<T>({ method: "GET", path, ...(signal && { signal }), ...(patience && { patience }) });
  }

  post<T>(path: string, body: unknown, more: More = {}): Promise<T> {
    return this.#send<T>({ method: "POST", path, body, ...more });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>({ method: "PUT", path, body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>({ method: "PATCH", path, body });
  }

  delete<T>(path: string): Promise<T> {
    return this.#send<T>({ method: "DELETE", path });
  }

  /** What an address answers as a file. */
  file(path: string): Promise<Blob> {
    return this.#signedIn((token) => fetchFile({ method: "GET", path, token, patience: 60_000 }));
  }

  #send<T>(wanted: Wanted): Promise<T> {
    return this.#signedIn((token) => send({ ...wanted, token })) as Promise<T>;
  }

  /** What is asked; where the server wants to know once more who is there, after they have shown it. */
  async #signedIn<T>(ask: (token: string) => Promise<T>): Promise<T> {
    const { person } = this;
    try {
      return await this.#renewed(ask);
    } catch (fault) {
      if (!(fault instanceof Refused && fault.code === "step_up_required")) throw fault;
      if (!(await this.prove(fault.problem.how ?? ["password"])) || this.person !== person) throw fault;
    }
    return this.#renewed(ask);
  }

  async #renewed<T>(ask: (token: string) => Promise<T>): Promise<T> {
    const { person } = this;
    try {
      return await ask(this.session.token());
    } catch (fault) {
      if (!(fault instanceof Refused && fault.status === 401)) throw fault;
    }
    await this.session.renew();
    // Somebody else may have signed in meanwhile: what was wanted before is not done as them.
    if (this.person !== person) throw new SignedOut();
    return ask(this.session.token());
  }
}
