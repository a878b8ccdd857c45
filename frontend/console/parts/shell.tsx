// The frame of every page: navigation, who is signed in, how the connection is, what was just told.
import { useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { BrakeBanners, BrakeButton } from "../brake/brake";
import { useDesk } from "../desk";
import { type Page, PAGES } from "../pages";
import { href, place } from "../place";
import { ProvingDialog } from "../proving";
import { Fault, Waiting } from "./loaded";
import { Icon } from "./icon";
import { Empty, PageFrame } from "./small";

const GROUPS = { work: "Work", organisation: "Organisation" } as const;
const LONG_ENOUGH = 6_000; // ms that a line is shown

export function Shell() {
  const desk = useDesk();
  const state = desk.session.state.value;
  if (state === "starting") return <Waiting />;
  if (state !== "open") return <SignIn hasEnded={state === "ended"} />;
  if (!desk.session.scopes.value.includes("people")) return <NotHere />;
  const page = PAGES.find((one) => one.at === (place.value[0] ?? ""));
  return (
    <div class="shell">
      <a class="skip" href="#page">
        Skip to the page
      </a>
      <Navigation current={page} />
      <main id="page" tabIndex={-1}>
        <BrakeBanners />
        <Body page={page} />
      </main>
      <ProvingDialog />
      <Told />
    </div>
  );
}

function Body({ page }: { readonly page: Page | undefined }) {
  const desk = useDesk();
  const waiting = desk.queue.mine.value.length;
  const named = useRef(false);
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${page?.name ?? "Nothing here"} - Agent Assist`;
  }, [page, waiting]);
  useEffect(() => {
    // A screen reader begins to read at the new page's name; the first page is read by itself.
    if (named.current) document.querySelector<HTMLElement>("#page h1")?.focus();
    named.current = true;
  }, [page]);
  if (desk.fault.value !== null && desk.vocabulary.value === null) {
    return (
      <PageFrame name={page?.name ?? "Console"}>
        <Fault of={desk.fault.value} again={() => void desk.learn()} />
      </PageFrame>
    );
  }
  if (desk.vocabulary.value === null) return <Waiting />;
  if (page === undefined) {
    return (
      <PageFrame name="Nothing here">
        <Empty name="There is no such page.">
          <p>
            It may have been moved. <a href={href()}>Go to the overview</a>
          </p>
        </Empty>
      </PageFrame>
    );
  }
  const Part = page.part;
  return <Part key={page.at} rest={place.value.slice(1)} />;
}

function Navigation({ current }: { readonly current: Page | undefined }) {
  const desk = useDesk();
  const person = desk.session.person.value;
  return (
    <header class="side">
      <a class="side-name" href={href()}>
        <img src="/static/icon.svg" alt="" width="20" height="20" />
        <span>{desk.vocabulary.value?.library.name ?? "Agent Assist"}</span>
      </a>
      <nav aria-label="Pages">
        {(["work", "organisation"] as const).map((group) => {
          const pages = PAGES.filter(
            (one) => one.group === group && (one.scope === undefined || desk.session.scopes.value.includes(one.scope)),
          );
          return (
            pages.length > 0 && (
              <div class="side-group" key={group}>
                <h2>{GROUPS[group]}</h2>
                <ul>
                  {pages.map((one) => (
                    <li key={one.at}>
                      <a
                        href={one.at === "" ? href() : href(one.at)}
                        aria-current={one === current ? "page" : undefined}
                        title={one.name}
                      >
                        <Icon name={one.icon} />
                        <span>{one.name}</span>
                        {one.badge && <one.badge />}
                      </a>
                    </li>
                  ))}
                </ul>
              </div>
            )
          );
        })}
      </nav>
      <BrakeButton />
      <Connection />
      {person && (
        <div class="side-person">
          <span class="side-person-name" title={person.id}>
            {person.name}
          </span>
          <span class="quiet">
            {desk.level(person.level)}, {person.team}
          </span>
          <a href="/second-factor?next=/console" title="Second factor">
            <Icon name="shield" />
            <span>Second factor</span>
          </a>
          <button type="button" class="link" title="Sign out" onClick={() => void desk.session.end()}>
            <Icon name="exit" />
            <span>Sign out</span>
          </button>
        </div>
      )}
    </header>
  );
}

function Connection() {
  const desk = useDesk();
  const isOffline = useComputed(() => desk.feed.state.value === "offline");
  return (
    <p class="connection" data-state={isOffline.value ? "offline" : "live"} role="status">
      {isOffline.value ? "Offline" : "Live"}
    </p>
  );
}

/** The last thing that was told; it goes, so that it never covers anything for long. */
function Told() {
  const desk = useDesk();
  const line = useRef<HTMLParagraphElement>(null);
  useSignalEffect(() => {
    const { text, at } = desk.told.value;
    if (text === "" || line.current === null) return;
    line.current.hidden = false;
    const timer = setTimeout(() => desk.told.peek().at === at && (desk.told.value = { text: "", at: 0 }), LONG_ENOUGH);
    return () => clearTimeout(timer);
  });
  const { text } = desk.told.value;
  return (
    <p class="told" role="status" ref={line} data-shown={text !== ""}>
      {text}
    </p>
  );
}

/** For those who decide for nobody: their work is in the panel. */
function NotHere() {
  const desk = useDesk();
  return (
    <main class="sign-in">
      <h1>The console is for supervisors</h1>
      <p>Limits and requests are decided here. What you may say and give is in your panel.</p>
      <a class="primary" href="/panel">
        Open your panel
      </a>
      <button type="button" class="link" onClick={() => void desk.session.end()}>
        Sign out
      </button>
    </main>
  );
}

function SignIn({ hasEnded }: { readonly hasEnded: boolean }) {
  const after = encodeURIComponent(place.value.length > 0 ? location.pathname + location.search : href());
  return (
    <main class="sign-in">
      <h1>{hasEnded ? "Your session has ended" : "Console"}</h1>
      <p>Limits, approvals and explanations, for those who answer for them.</p>
      <a class="primary" href={`/login?next=${after}`}>
        Sign in
      </a>
    </main>
  );
}
