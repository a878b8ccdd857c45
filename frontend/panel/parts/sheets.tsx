// What opens over the panel: what is known, help, the right policy, how it ended.
import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { ACTIONS, type Action } from "../keys";
import { fact } from "../../text/format";
import { t } from "../../text/i18n";
import { IconButton } from "./small";

export function Sheet(props: { readonly name: string; readonly children: ComponentChildren }) {
  const desk = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => (desk.sheet.value = null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  return (
    <dialog class="sheet" ref={dialog} aria-label={props.name} onClose={close} onCancel={close}>
      <div class="sheet-head">
        <h2>{props.name}</h2>
        <IconButton icon="x" name={t("Close")} onClick={close} />
      </div>
      <div class="sheet-body">{props.children}</div>
    </dialog>
  );
}

export function Known() {
  const desk = useDesk();
  const { contact, session } = desk;
  const person = session.person.value;
  const facts = Object.entries(contact.facts.value);
  return (
    <Sheet name={t("What is known")}>
      <div class="known-ids">
        <label>
          {t("Customer number")}
          <input
            class="field"
            maxLength={200}
            value={contact.customer.value ?? ""}
            onChange={(event) => contact.name("customer", event.currentTarget.value.trim())}
          />
        </label>
        <label>
          {t("Order or account number")}
          <input
            class="field"
            maxLength={200}
            value={contact.order.value ?? ""}
            onChange={(event) => contact.name("order", event.currentTarget.value.trim())}
          />
        </label>
      </div>
      {facts.length === 0 && <p class="quiet">{t("No facts yet. Answers to questions appear here.")}</p>}
      <ul class="fact-list">
        {facts.map(([key, value]) => (
          <li key={key}>
            <span class="quiet">{desk.fact(key)}</span>
            <span>{fact(value)}</span>
            <IconButton icon="x" name={t("Forget: {fact}", { fact: desk.fact(key) })} onClick={() => contact.forget(key)} />
          </li>
        ))}
      </ul>
      {contact.context.value === null && (
        <button type="button" class="choice" onClick={() => (contact.begin(), (desk.sheet.value = null))}>
          {t("Begin another contact")}
        </button>
      )}
      {person && (
        <p class="signed">
          <span>
            {person.name} <span class="quiet">· {desk.level(person.level)}</span>
          </span>
          {desk.isFramed ? (
            <button type="button" class="link" onClick={() => void desk.signOut()}>
              {t("Sign out")}
            </button>
          ) : (
            <form method="post" action="/logout" onSubmit={() => desk.leave()}>
              <button type="submit" class="link">
                {t("Sign out")}
              </button>
            </form>
          )}
        </p>
      )}
    </Sheet>
  );
}

export function Help() {
  const { keys } = useDesk();
  const waiting = useSignal<Action | null>(null);
  const take = (event: KeyboardEvent) => {
    if (waiting.value === null || event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
    keys.bind(waiting.value, event.key);
    waiting.value = null;
    event.preventDefault();
  };
  return (
    <Sheet name={t("Help and keys")}>
      <p>{t("Press a key to do it; press a key's button here to change it.")}</p>
      <ul class="key-list" onKeyDown={take}>
        {ACTIONS.map((action) => (
          <li key={action}>
            <span>{nameOf(action)}</span>
            <button
              type="button"
              class="key-button"
              aria-label={t("{action}: {key}. Press to change", { action: nameOf(action), key: keys.bindings.value[action] })}
              onClick={() => (waiting.value = action)}
            >
              {waiting.value === action ? t("press a key") : <kbd>{keys.bindings.value[action]}</kbd>}
            </button>
          </li>
        ))}
      </ul>
      <label class="check">
        <input type="checkbox" checked={keys.isOn.value} onChange={(event) => keys.turn(event.currentTarget.checked)} />
        {t("Single keys are on")}
      </label>
      <button type="button" class="link" onClick={() => keys.reset()}>
        {t("Back to the keys as they were")}
      </button>
    </Sheet>
  );
}

function nameOf(action: Action): string {
  const option = /^option(\d)$/.exec(action)?.[1];
  if (option) return t("Option {n}", { n: option });
  const names: Record<string, string> = {
    search: t("Write what the customer said"),
    question: t("Go to the question"),
    yes: t("Answer yes"),
    no: t("Answer no"),
    copy: t("Copy what to say"),
    insert: t("Insert what to say"),
    why: t("Why"),
    steps: t("Steps"),
    exceptions: t("Exceptions"),
    right: t("Right policy"),
    wrong: t("Wrong policy"),
    outcome: t("Outcome"),
    undo: t("Undo what was given last"),
    known: t("What is known"),
    help: t("Help and keys"),
  };
  return names[action] ?? action;
}
