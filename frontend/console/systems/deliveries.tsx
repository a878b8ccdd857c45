// What a webhook was told, what became of it, and what is to be sent again.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { DeliveryPage, Webhook, WebhookDelivery } from "../../api/schema";
import { moment } from "../../text/format";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Field, Tag } from "../parts/small";
import { instant, refusal } from "./words";

const EVERY = 5_000; // ms between two looks
const STATES = { waiting: "Waiting", delivered: "Taken", failed: "Failed" } as const;
const TONES = { waiting: "approval", delivered: "allowed", failed: "refused" } as const;
const HEADS = ["Event", "Happened", "State", "Tries", "Answer", "Took", ""];
const FIGURES = ["Tries", "Took"];

export function Deliveries(props: { readonly of: Webhook; readonly path: string; readonly onReplayed: () => void }) {
  const { of, path } = props;
  const state = useSignal("");
  const before = useSignal<string | null>(null);
  const isReplaying = useSignal(false);
  const wanted = new URLSearchParams({ ...(state.value && { state: state.value }) });
  if (before.value !== null) wanted.set("cursor", before.value);
  const log = useLoaded<DeliveryPage>(`${path}/deliveries?${wanted}`);
  useEffect(() => {
    const timer = setInterval(log.again, EVERY);
    return () => clearInterval(timer);
  }, [wanted.toString()]);
  const again = () => {
    log.again();
    props.onReplayed();
  };
  return (
    <section class="stack" aria-label="Log">
      <h2 class="section-name">Log of 30 days</h2>
      <div class="filters">
        <label>
          Show{" "}
          <select
            class="field"
            value={state.value}
            onChange={(event) => {
              state.value = event.currentTarget.value;
              before.value = null;
            }}
          >
            <option value="">everything</option>
            <option value="waiting">what waits</option>
            <option value="delivered">what was taken</option>
            <option value="failed">what has failed</option>
          </select>
        </label>
        {before.value !== null && (
          <button type="button" class="link" onClick={() => (before.value = null)}>
            Back to the newest
          </button>
        )}
        <button type="button" class="secondary" disabled={of.state === "off"} onClick={() => (isReplaying.value = true)}>
          Send again…
        </button>
      </div>
      <WhenLoaded of={log}>
        {(page) => (
          <>
            {page.items.length === 0 ? (
              <Empty name="There is nothing here.">What happens from now on is listed, with what became of it.</Empty>
            ) : (
              <Table of={page.items} path={path} isOff={of.state === "off"} onReplayed={again} />
            )}
            {page.next_cursor !== null && (
              <button type="button" class="secondary" onClick={() => (before.value = page.next_cursor)}>
                Older ones
              </button>
            )}
          </>
        )}
      </WhenLoaded>
      {isReplaying.value && <Replaying path={path} onDone={again} onClose={() => (isReplaying.value = false)} />}
    </section>
  );
}

function Table(props: {
  readonly of: readonly WebhookDelivery[];
  readonly path: string;
  readonly isOff: boolean;
  readonly onReplayed: () => void;
}) {
  const desk = useDesk();
  const { fault, run } = useDoing();
  const replay = (one: WebhookDelivery) =>
    run(async () => {
      await desk.api.post(`${props.path}/replay`, { event: one.event });
      desk.tell(`${one.type} is sent again.`);
      props.onReplayed();
    });
  return (
    <>
      {fault.value !== null && <Fault of={fault.value} />}
      <div class="table-frame">
        <table class="table">
          <thead>
            <tr>
              {HEADS.map((name) => (
                <th scope="col" key={name} class={FIGURES.includes(name) ? "figure" : undefined}>
                  {name || <span class="unseen">Acts</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.of.map((one) => (
              <tr key={one.event}>
                <td>
                  {one.type} <span class="quiet small-code">{one.event}</span>
                </td>
                <td class="nowrap">{instant(one.happened_at)}</td>
                <td>
                  <Tag tone={TONES[one.state]}>{STATES[one.state]}</Tag>
                </td>
                <td class="figure">{one.tries}</td>
                <td>
                  <Told of={one} />
                </td>
                <td class="figure nowrap">{one.ms === null || one.tries === 0 ? "" : `${one.ms} ms`}</td>
                <td>
                  {(one.state !== "waiting" || one.tries > 0) && !props.isOff && (
                    <button
                      type="button"
                      class="link nowrap"
                      aria-label={`Send again ${one.type} ${one.event}`}
                      onClick={() => void replay(one)}
                    >
                      Send again
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Told({ of }: { readonly of: WebhookDelivery }) {
  if (of.tries === 0) return <span class="quiet">not sent yet</span>;
  if (of.state === "delivered") return <>{of.status}</>;
  return (
    <>
      {refusal(of)}
      {of.next_at !== null && <div class="quiet small-code">again {moment(of.next_at)}</div>}
    </>
  );
}

function Replaying(props: { readonly path: string; readonly onDone: () => void; readonly onClose: () => void }) {
  const desk = useDesk();
  const { busy, fault, run } = useDoing();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const since = new Date(String(given.get("since"))).toISOString();
    void run(async () => {
      await desk.api.post(`${props.path}/replay`, { since });
      desk.tell("What was not taken is sent again.");
      props.onDone();
      props.onClose();
    });
  };
  return (
    <Dialog name="Send again" onClose={props.onClose}>
      <form onSubmit={send}>
        <p>
          All that was not taken since then: what has failed, and what happened while the webhook was switched off or was not
          there. What was taken is not sent twice.
        </p>
        {fault.value !== null && <Fault of={fault.value} />}
        <Field name="Since" hint="At most 30 days ago.">
          <input class="field" type="datetime-local" name="since" required defaultValue={yesterday()} />
        </Field>
        <DialogFoot act="Send again" busy={busy.value} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}

/** A day ago, where the reader is, as forms write it. */
function yesterday(): string {
  const at = new Date(Date.now() - 86_400_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
