// Begins: reads the page's boot data, signs in, draws.
import { render } from "preact";
import { writeFor } from "../text/format";
import { Desk, DeskProvider } from "./desk";
import { Shell } from "./parts/shell";
import { followed, href, replace } from "./place";

function start(at: HTMLElement, boot: { readonly code: string | null }): void {
  // The console speaks English; numbers, dates and times are as the reader's own.
  writeFor(navigator.language);
  if (!location.pathname.startsWith("/console")) replace(href()); // a simulated person's way in
  const desk = new Desk();
  document.addEventListener("click", followed);
  at.replaceChildren();
  render(
    <DeskProvider value={desk}>
      <Shell />
    </DeskProvider>,
    at,
  );
  void desk.session.start(boot.code);
}

const at = document.getElementById("console");
const boot = document.getElementById("boot")?.textContent;
if (at && boot) start(at, JSON.parse(boot) as { code: string | null });
