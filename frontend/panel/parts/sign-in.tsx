// Signing in: in a tab by our own page; in a frame by a pop-up, for a frame gets no cookie of ours.
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { codeOf } from "../../api/launched";
import { useDesk } from "../desk";
import { t } from "../../text/i18n";

export function SignIn() {
  const desk = useDesk();
  const popup = useRef<Window | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    const heard = (event: MessageEvent) => {
      if (event.origin !== location.origin || popup.current === null || event.source !== popup.current) return;
      const code = codeOf(event.data);
      if (code) void desk.session.signIn(code).then((done) => (failed.value = !done));
    };
    window.addEventListener("message", heard);
    return () => window.removeEventListener("message", heard);
  }, []);
  const open = () => (popup.current = window.open("/login?popup=1", "agent-assist-login", "width=420,height=560"));
  const hasEnded = desk.session.state.value === "ended";
  return (
    <div class="sign-in">
      <h1>{hasEnded ? t("Your session has ended") : t("Agent Assist")}</h1>
      <p>{hasEnded ? t("Sign in again; what you typed is still here.") : t("Sign in to see what you may say and give.")}</p>
      {desk.isFramed ? (
        <button type="button" class="primary" onClick={open}>
          {t("Sign in")}
        </button>
      ) : (
        <a class="primary" href="/login">
          {t("Sign in")}
        </a>
      )}
      {failed.value && (
        <p class="fault" role="alert">
          {t("That did not work. Please try once more.")}
        </p>
      )}
    </div>
  );
}
