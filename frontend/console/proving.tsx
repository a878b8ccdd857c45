// Who is there? Asked before what is worth stealing a session for; then what was wanted is done.
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Api, Proof } from "../api/api";
import { codeOf } from "../api/launched";
import { useDesk } from "./desk";
import { Dialog, DialogFoot } from "./parts/dialog";
import { Fault } from "./parts/loaded";
import { Field } from "./parts/small";

/** The question, while it is open: all who want to know at once share one answer. */
export class Proving {
  readonly how = signal<readonly Proof[] | null>(null);
  #answer: Promise<boolean> | null = null;
  #settle: (proved: boolean) => void = () => undefined;

  constructor(private readonly api: Api) {}

  ask(how: readonly Proof[]): Promise<boolean> {
    this.how.value = how;
    this.#answer ??= new Promise((settle) => (this.#settle = settle));
    return this.#answer;
  }

  async prove(password: string, code: string | null): Promise<void> {
    await this.api.post("/v1/sessions/current/proof", { password, ...(code !== null && { code }) });
    this.end(true);
  }

  end(proved: boolean): void {
    this.how.value = null;
    this.#answer = null;
    this.#settle(proved);
  }
}

export function ProvingDialog() {
  const { proving } = useDesk();
  const how = proving.how.value;
  return how && (how.includes("provider") ? <Elsewhere /> : <Question how={how} />);
}

const PROVIDER = "/login/provider?popup=1&again=1";
const WINDOW = "agent-assist-proof";

/** For who has come by an identity provider: it asks them, in a window of its own. */
function Elsewhere() {
  const { proving, session } = useDesk();
  const popup = useRef<Window | null>(null);
  const isTab = useRef(false);
  const isRefused = useSignal(false);
  const hasFailed = useSignal(false);
  useEffect(() => {
    const heard = (event: MessageEvent) => {
      const isOurs = isTab.current || (popup.current !== null && event.source === popup.current);
      if (event.origin !== location.origin || !isOurs) return;
      const code = codeOf(event.data);
      if (code) void session.signIn(code).then((done) => (done ? proving.end(true) : (hasFailed.value = true)));
    };
    window.addEventListener("message", heard);
    return () => window.removeEventListener("message", heard);
  }, []);
  const ask = (event: SubmitEvent) => {
    event.preventDefault();
    popup.current = window.open(PROVIDER, WINDOW, "width=480,height=640");
    isRefused.value = popup.current === null;
    hasFailed.value = false;
  };
  // A link that somebody follows is opened where a window of ours is not.
  const inTab = () => {
    isTab.current = true;
    hasFailed.value = false;
  };
  return (
    <Dialog name="Is it still you?" onClose={() => proving.end(false)}>
      <form onSubmit={ask}>
        <p>What you are about to do needs proof that it is {session.person.value?.name}. Sign in once more with your organisation.</p>
        {isRefused.value && (
          <p role="alert">
            Your browser kept the window from opening. Nothing is lost:{" "}
            <a href={PROVIDER} target={WINDOW} rel="opener" onClick={inTab}>
              sign in in a tab
            </a>
            , and what you were about to do goes on here.
          </p>
        )}
        {hasFailed.value && <p role="alert">That did not work. Nothing is lost: please try once more.</p>}
        <DialogFoot act="Sign in again" onCancel={() => proving.end(false)} />
      </form>
    </Dialog>
  );
}

function Question({ how }: { readonly how: readonly Proof[] }) {
  const { proving, session } = useDesk();
  const fault = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const give = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    isBusy.value = true;
    try {
      await proving.prove(String(given.get("password")), how.includes("code") ? String(given.get("code")) : null);
    } catch (problem) {
      fault.value = problem;
      isBusy.value = false;
    }
  };
  return (
    <Dialog name="Is it still you?" onClose={() => proving.end(false)}>
      <form onSubmit={(event) => void give(event)}>
        <p>What you are about to do needs proof that it is {session.person.value?.name}. It counts for a few minutes.</p>
        {fault.value !== null && <Fault of={fault.value} />}
        <input type="hidden" name="username" autoComplete="username" value={session.person.value?.id} />
        <Field name="Password">
          <input class="field" type="password" name="password" required maxLength={1000} autoComplete="current-password" />
        </Field>
        {how.includes("code") && (
          <Field name="Code" hint="Six digits from your app, or a recovery code.">
            <input class="field" name="code" required maxLength={40} autoComplete="one-time-code" spellcheck={false} />
          </Field>
        )}
        <DialogFoot act="Go on" busy={isBusy.value} onCancel={() => proving.end(false)} />
      </form>
    </Dialog>
  );
}
