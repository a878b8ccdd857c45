// Begins: reads the page's boot data, listens to the host, signs in, draws.
import { effect } from "@preact/signals";
import { render } from "preact";
import { Desk, DeskProvider } from "./desk";
import type { HostBoot } from "./hosts/adapter";
import { adapterFor } from "./hosts/choose";
import type { Action } from "./keys";
import { focus, Screen } from "./parts/screen";
import { writeFor } from "../text/format";
import { directionOf, speak, spoken } from "../text/i18n";

interface Boot {
  readonly host: HostBoot | null;
  /** Whom the code is for, where somebody is known. */
  readonly person: string | null;
  readonly code: string | null;
  readonly locale: string;
}

function start(place: HTMLElement, boot: Boot): void {
  const isFramed = window.parent !== window;
  const host = adapterFor(boot.host, window);
  // The browser knows more of the reader than the page: de-AT, or a language we have no words in.
  speakAs(navigator.language || boot.locale);
  const desk = new Desk(host, isFramed);
  if (boot.person !== null) desk.belongTo(boot.person);
  desk.keys.run = (action) => act(desk, action);
  document.addEventListener("keydown", (event) => desk.keys.pressed(event));
  window.addEventListener("online", () => desk.asking.again());
  effect(() => {
    const theme = desk.contact.context.value?.theme;
    if (theme) document.documentElement.dataset["theme"] = theme;
  });
  host.start((context) => desk.contact.show(context));
  place.replaceChildren();
  render(
    <DeskProvider value={desk}>
      <Screen />
    </DeskProvider>,
    place,
  );
  new ResizeObserver(() => host.resize(place.scrollHeight)).observe(place);
  void desk.session.start(boot.code);
}

/** What keys do whether or not there is an answer. */
function act(desk: Desk, action: Action): boolean {
  if (desk.sheet.value !== null || !desk.session.isOpen.value) return false;
  switch (action) {
    case "search":
      return focus("#said");
    case "known":
    case "help":
    case "outcome":
      desk.sheet.value = action;
      return true;
    case "undo": {
      const newest = desk.giving.grants.value.find((one) => one.state === "reserved");
      return newest !== undefined && (void desk.giving.undo(newest), true);
    }
  }
  return desk.act(action);
}

function speakAs(locale: string): void {
  speak(locale);
  writeFor(locale);
  // The language of the words, which is not the reader's where we have none in theirs.
  document.documentElement.lang = spoken();
  document.documentElement.dir = directionOf(locale);
}

const place = document.getElementById("panel");
const boot = document.getElementById("boot")?.textContent;
if (place && boot) start(place, JSON.parse(boot) as Boot);
