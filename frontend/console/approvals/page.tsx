// The queue that supervisors live in: what waits, one of it with all that decides, and a key for each answer.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { Refused } from "../../api/problems";
import { clock } from "../../text/format";
import { useDesk } from "../desk";
import { Fault, Waiting } from "../parts/loaded";
import { Empty, Notice, PageFrame } from "../parts/small";
import { AbsenceDialog, AwayLine } from "./absence";
import { QueueList } from "./list";
import { GoneRequest, RequestView } from "./request";
import { RulingBar } from "./ruling";
import { mayPlay, play } from "./sound";
import { Troubles } from "./troubles";
import { Workbench } from "./workbench";

export function ApprovalsPage() {
  const desk = useDesk();
  const { queue, deciding } = desk;
  const bench = useMemo(() => new Workbench(desk.api, queue, deciding, (text) => desk.tell(text)), []);
  const isAbsence = useSignal(false);
  const hasKeys = useSetting("approvals.keys", true);
  useEffect(() => bench.stop, []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => hasKeys.value && act(bench, event) && event.preventDefault();
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  const items = queue.items.value;
  return (
    <PageFrame
      name="Approvals"
      about={<About />}
      actions={
        <>
          <SoundSwitch />
          <Switch name="Keys" isOn={hasKeys.value} turn={() => (hasKeys.value = !hasKeys.value)} />
          <button type="button" class="secondary" onClick={() => (isAbsence.value = true)}>
            Absence…
          </button>
        </>
      }
    >
      <AwayLine />
      <Condition />
      <Troubles deciding={deciding} />
      {items === null ? (
        queue.fault.value === null && <Waiting />
      ) : items.length === 0 && bench.gone.value === null ? (
        <Empty name="Nothing waits for a decision.">
          <p>What representatives ask for above their limits appears here by itself.</p>
        </Empty>
      ) : (
        <div class="queue">
          <QueueList bench={bench} />
          <section class="request" aria-label="The request">
            {bench.gone.value ? (
              <GoneRequest gone={bench.gone.value} bench={bench} />
            ) : bench.shown.value ? (
              <>
                <RequestView key={bench.shown.value.approval.id} one={bench.shown.value} />
                <RulingBar bench={bench} />
              </>
            ) : (
              <p class="quiet">Sending the decision…</p>
            )}
          </section>
        </div>
      )}
      {isAbsence.value && <AbsenceDialog onClose={() => (isAbsence.value = false)} />}
    </PageFrame>
  );
}

/** How it stands in one line. */
function About() {
  const { queue } = useDesk();
  const items = queue.items.value;
  if (items === null) return null;
  const mine = queue.mine.value.length;
  const others = items.length - mine;
  if (items.length === 0) return <>Live: new requests appear here</>;
  return (
    <>
      {mine} for you to decide{others > 0 && `, ${others} for others`}
      {queue.hasMore.value && "; these are the oldest, more wait behind them"}
    </>
  );
}

/** What is not as usual: offline, or a level that decides on nothing any more. */
function Condition() {
  const { feed, queue } = useDesk();
  const fault = queue.fault.value;
  if (fault instanceof Refused && fault.status === 403) {
    return (
      <Notice tone="refused" icon="alert">
        <p role="alert">You decide on no requests with the level that you have now.</p>
        <p>Nothing that you had decided is changed. Ask whoever keeps the list of people if this is a mistake.</p>
      </Notice>
    );
  }
  if (feed.state.value === "offline") {
    return (
      <Notice tone="approval" icon="offline">
        <p role="alert">
          Offline. This is how it stood at {clock(queue.readAt.value || Date.now())}; it is read again as soon as the connection is back.
        </p>
      </Notice>
    );
  }
  return fault === null ? null : <Fault of={fault} again={() => void queue.read()} />;
}

function SoundSwitch() {
  const { queue } = useDesk();
  const isOn = useSetting("approvals.sound", false);
  useEffect(() => {
    queue.arrived = () => isOn.value && play();
    const touched = () => isOn.value && mayPlay();
    document.addEventListener("pointerdown", touched);
    document.addEventListener("keydown", touched);
    return () => {
      document.removeEventListener("pointerdown", touched);
      document.removeEventListener("keydown", touched);
    };
  }, []);
  const turn = () => {
    isOn.value = !isOn.value;
    if (isOn.value) {
      mayPlay();
      setTimeout(play, 50);
    }
  };
  return <Switch name="Sound" isOn={isOn.value} turn={turn} />;
}

function Switch(props: { readonly name: string; readonly isOn: boolean; readonly turn: () => void }) {
  return (
    <button type="button" class="switch" role="switch" aria-checked={props.isOn} onClick={props.turn}>
      <span class="switch-face" aria-hidden="true" />
      {props.name}
    </button>
  );
}

/** A choice that is kept in this browser. */
function useSetting(name: string, otherwise: boolean) {
  const { settings } = useDesk();
  const found = settings.read(name);
  const value = useSignal(typeof found === "boolean" ? found : otherwise);
  useEffect(() => value.subscribe((now) => settings.write(name, now)), []);
  return value;
}

/** What a key means; false for nothing. */
function act(bench: Workbench, event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
  if (document.querySelector("dialog[open]")) return false;
  if (event.key === "Escape") return bench.cancel();
  if (event.target instanceof Element && event.target.matches("input:not([type=checkbox]), textarea, select")) return false;
  const isOpen = bench.act.value !== null;
  switch (event.key) {
    case "ArrowDown":
    case "j":
      return !isOpen && moved(bench, 1);
    case "ArrowUp":
    case "k":
      return !isOpen && moved(bench, -1);
  }
  if (event.repeat) return false;
  switch (event.key) {
    case "a":
      return bench.begin("approve"), true;
    case "e":
      return bench.begin("less"), true;
    case "d":
      return bench.begin("refuse"), true;
    case "l":
      return bench.pickLike(), true;
    case "x":
      if (bench.current.value) bench.pick(bench.current.value);
      return true;
    case "n":
      if (bench.gone.value === null) return false;
      return bench.next(), true;
  }
  if (isOpen && /^[1-9]$/.test(event.key)) {
    const choice = document.querySelectorAll<HTMLButtonElement>(".ruling-reasons button")[Number(event.key) - 1];
    choice?.click();
    return choice !== undefined;
  }
  return false;
}

function moved(bench: Workbench, step: 1 | -1): boolean {
  bench.move(step);
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.queue-row[aria-current="true"]')?.focus());
  return true;
}
