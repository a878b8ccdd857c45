// The chain, followed from its beginning: how far, and what does not fit.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { AuditPart } from "../../api/schema";
import { number } from "../../text/format";
import { useDesk } from "../desk";
import { Fault } from "../parts/loaded";
import { Notice } from "../parts/small";

const said = (n: number) => number(String(n));

export function Check() {
  const desk = useDesk();
  const part = useSignal<AuditPart | null>(null);
  const isRunning = useSignal(false);
  const fault = useSignal<unknown>(null);
  const mayGoOn = useRef(true);
  useEffect(() => () => void (mayGoOn.current = false), []);
  const run = async () => {
    [mayGoOn.current, isRunning.value, fault.value, part.value] = [true, true, null, null];
    try {
      do {
        const from: AuditPart | null = part.value;
        const place: string = from === null ? "" : `?after=${from.seq}&hash=${from.hash}`;
        part.value = await desk.api.get<AuditPart>(`/v1/audit/verification${place}`);
      } while (mayGoOn.current && part.value.broken === null && part.value.seq < part.value.entries);
    } catch (problem) {
      fault.value = problem;
    }
    isRunning.value = false;
  };
  const found = part.value;
  return (
    <section class="check" aria-label="Check of the chain">
      <div class="filters">
        {isRunning.value ? (
          <button type="button" class="secondary" onClick={() => (mayGoOn.current = false)}>
            Stop checking
          </button>
        ) : (
          <button type="button" class="secondary" onClick={() => void run()}>
            Check the chain
          </button>
        )}
        {isRunning.value && found !== null && (
          <>
            <progress class="bar" max={found.entries} value={found.seq} aria-label="Entries checked" />
            <span class="quiet">
              {said(found.seq)} of {said(found.entries)}
            </span>
          </>
        )}
        {found === null && fault.value === null && (
          <span class="quiet">Follows every entry from the first, and names the first that does not fit.</span>
        )}
      </div>
      {fault.value !== null && <Fault of={fault.value} again={() => void run()} />}
      {found !== null && !isRunning.value && <Result of={found} />}
    </section>
  );
}

function Result({ of: found }: { readonly of: AuditPart }) {
  if (found.broken !== null) {
    return (
      <Notice tone="refused" icon="alert">
        <p role="alert">
          The chain is broken at entry {said(found.broken.seq)}: {found.broken.reason}.
        </p>
        <p>
          Nothing from there on is sure. Hold it against the checkpoints: <code>agent-assist audit verify</code>.
        </p>
      </Notice>
    );
  }
  if (found.seq < found.entries) {
    return (
      <Notice tone="quiet" icon="clock">
        <p role="status">
          Stopped: the first {said(found.seq)} of {said(found.entries)} entries are as they were written.
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="allowed" icon="check">
      <p role="status">All {said(found.entries)} entries are as they were written.</p>
      <p class="quiet">
        Whoever owns the database could have written all of it anew; <code>agent-assist audit verify</code> holds it against
        checkpoints kept elsewhere.
      </p>
    </Notice>
  );
}
