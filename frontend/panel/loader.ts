// <agent-assist-panel host="…"> for pages that want the panel as an element:
//   <script src="https://assist.example/panel/loader.js"></script>
//   <agent-assist-panel host="crm"></agent-assist-panel>
// It frames the panel and speaks the generic protocol with it, with exact origins both ways.
const script = document.currentScript as HTMLScriptElement | null;
const ours = new URL(script?.src ?? location.href).origin;

class AgentAssistPanel extends HTMLElement {
  #frame: HTMLIFrameElement | null = null;
  #context: unknown = null;
  #isReady = false;
  readonly #heard = (event: MessageEvent) => this.#hear(event);

  connectedCallback(): void {
    const frame = document.createElement("iframe");
    frame.src = `${ours}/panel?host=${encodeURIComponent(this.getAttribute("host") ?? "")}`;
    frame.title = this.getAttribute("label") ?? "Agent Assist";
    frame.allow = "clipboard-write";
    frame.style.cssText = "border:0;inline-size:100%;block-size:100%;display:block";
    this.#frame = frame;
    window.addEventListener("message", this.#heard);
    this.replaceChildren(frame);
  }

  disconnectedCallback(): void {
    window.removeEventListener("message", this.#heard);
    this.#isReady = false;
    this.replaceChildren();
  }

  /** The contact on the screen, as docs/embedding/messages.schema.json has it. */
  set context(context: unknown) {
    this.#context = context;
    if (this.#isReady) this.#tell("context", context);
  }

  get context(): unknown {
    return this.#context;
  }

  /** Add a turn that was said since. */
  say(turn: unknown): void {
    // Kept with the context as well, for a panel that is not ready yet, or is loaded again.
    const context = this.#context as { conversation?: { messages?: unknown[] } } | null;
    if (context?.conversation) (context.conversation.messages ??= []).push(turn);
    if (this.#isReady) this.#tell("message", turn);
  }

  #tell(type: string, payload: unknown): void {
    this.#frame?.contentWindow?.postMessage({ source: "agent-assist", v: 1, type, payload }, ours);
  }

  #hear(event: MessageEvent): void {
    if (event.origin !== ours || event.source !== this.#frame?.contentWindow) return;
    const data = event.data as { source?: unknown; v?: unknown; type?: unknown; payload?: unknown } | null;
    if (data?.source !== "agent-assist" || data.v !== 1) return;
    if (data.type === "ready") {
      this.#isReady = true;
      if (this.#context !== null) this.#tell("context", this.#context);
    }
    // `insert` carries {text}, `resize` {height}, `error` {of, detail}.
    this.dispatchEvent(new CustomEvent(String(data.type), { detail: data.payload }));
  }
}

customElements.define("agent-assist-panel", AgentAssistPanel);
export {};
