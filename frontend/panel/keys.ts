// What single keys do: each can be changed, and all can be switched off (WCAG 2.1.4).
import { signal } from "@preact/signals";
import type { Keep } from "../keep";

export const ACTIONS = [
  "search", "option1", "option2", "option3", "option4", "option5", "option6", "option7", "option8", "option9",
  "question", "yes", "no", "copy", "insert", "why", "steps", "exceptions", "right", "wrong", "outcome", "undo", "known", "help",
] as const;
export type Action = (typeof ACTIONS)[number];
export type Bindings = Readonly<Record<Action, string>>;

const DEFAULTS: Bindings = {
  search: "/", option1: "1", option2: "2", option3: "3", option4: "4", option5: "5", option6: "6",
  option7: "7", option8: "8", option9: "9", question: "q", yes: "y", no: "n", copy: "c", insert: "i",
  why: "w", steps: "s", exceptions: "x", right: "r", wrong: "f", outcome: "o", undo: "u", known: "k", help: "?",
};

export class Keys {
  readonly bindings = signal<Bindings>(DEFAULTS);
  readonly isOn = signal(true);
  /** What each action does now; set by the screen. */
  run: (action: Action) => boolean = () => false;

  constructor(private readonly keep: Keep) {
    const kept = keep.read("keys") as { isOn?: unknown; bindings?: Record<string, unknown> } | null;
    const found = ACTIONS.flatMap((action) => {
      const key = kept?.bindings?.[action];
      return typeof key === "string" && key.length === 1 ? [[action, key]] : [];
    });
    this.bindings.value = { ...DEFAULTS, ...(Object.fromEntries(found) as Partial<Bindings>) };
    this.isOn.value = kept?.isOn !== false;
  }

  /** Give an action another key; whoever had that key gets the one it had. */
  bind(action: Action, key: string): void {
    const before = this.bindings.value;
    const other = ACTIONS.find((one) => before[one] === key);
    this.bindings.value = { ...before, ...(other && { [other]: before[action] }), [action]: key };
    this.#write();
  }

  turn(isOn: boolean): void {
    this.isOn.value = isOn;
    this.#write();
  }

  reset(): void {
    this.bindings.value = DEFAULTS;
    this.turn(true);
  }

  /** Do what a key means, unless somebody is typing. */
  pressed(event: KeyboardEvent): void {
    // A key that is held down means its action once: each grant taken back is one press.
    if (event.defaultPrevented || event.isComposing || event.altKey || event.repeat) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      if (this.run("outcome")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || !this.isOn.value || isTyping(event.target)) return;
    const action = ACTIONS.find((one) => this.bindings.value[one] === event.key);
    if (action && this.run(action)) event.preventDefault();
  }

  #write(): void {
    this.keep.write("keys", { isOn: this.isOn.value, bindings: this.bindings.value });
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}
