// One webhook: how it stands, what can be done with it, and what it was told.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { NewWebhook, TriedWebhook, Webhook } from "../../api/schema";
import { moment } from "../../text/format";
import { useDesk } from "../desk";
import { Dialog } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Fault, faultInWords, useLoaded, WhenLoaded } from "../parts/loaded";
import { Notice, PageFrame } from "../parts/small";
import { go, href } from "../place";
import { Deliveries } from "./deliveries";
import { Ending } from "./ending";
import { Secret } from "./secret";
import { WebhookForm } from "./webhook-form";
import { State } from "./webhooks";
import { offInWords, refusal } from "./words";

const EVERY = 5_000; // ms between two looks
const LONG = 30_000; // ms that a test may take: the other side has fifteen seconds

type Act = "change" | "rotate" | "off" | "remove";

export function OneWebhook({ id }: { readonly id: string }) {
  const path = `/v1/webhooks/${encodeURIComponent(id)}`;
  const hook = useLoaded<Webhook>(path);
  useEffect(() => {
    const timer = setInterval(hook.again, EVERY);
    return () => clearInterval(timer);
  }, [path]);
  const name = hook.value.value?.description ?? "Webhook";
  return (
    <PageFrame
      name={name}
      about={<span class="address">{hook.value.value?.url}</span>}
      back={{ name: "Webhooks", href: href("systems", "webhooks") }}
    >
      <WhenLoaded of={hook}>
        {(one) => (
          <>
            <Standing of={one} />
            <Acts of={one} path={path} onDone={hook.again} />
            <Deliveries of={one} path={path} onReplayed={hook.again} />
          </>
        )}
      </WhenLoaded>
    </PageFrame>
  );
}

function Standing({ of }: { readonly of: Webhook }) {
  return (
    <>
      {of.off_because !== null && of.off_because !== "person" && (
        <Notice tone="refused" icon="alert">
          <p>
            <b>It is switched off.</b> {offInWords(of.off_because)} Switch it on when the other side is there again, and send
            again what it has missed.
          </p>
        </Notice>
      )}
      {of.state === "failing" && of.failing_since !== null && (
        <Notice tone="approval" icon="alert">
          <p>It has taken nothing since {moment(of.failing_since)}. After five days it is switched off.</p>
        </Notice>
      )}
      <dl class="facts-line">
        <div>
          <dt>State</dt>
          <dd>
            <State of={of} />
          </dd>
        </div>
        <div>
          <dt>Told of</dt>
          <dd>{of.types.length === 0 ? "all that happens" : of.types.join(", ")}</dd>
        </div>
        <div>
          <dt>Waiting</dt>
          <dd>{of.waiting}</dd>
        </div>
        <div>
          <dt>Failed</dt>
          <dd>{of.failed}</dd>
        </div>
        <div>
          <dt>Made</dt>
          <dd title={of.made_by}>{moment(of.created_at)}</dd>
        </div>
        {of.old_secret_until !== null && Date.parse(of.old_secret_until) > Date.now() && (
          <div>
            <dt>Old secret</dt>
            <dd>signs as well until {moment(of.old_secret_until)}</dd>
          </div>
        )}
      </dl>
    </>
  );
}

function Acts(props: { readonly of: Webhook; readonly path: string; readonly onDone: () => void }) {
  const { of, path } = props;
  const desk = useDesk();
  const act = useSignal<Act | null>(null);
  const { fault, run } = useDoing();
  const close = () => (act.value = null);
  const change = async (body: unknown, told: string) => {
    await desk.api.patch(path, body);
    desk.tell(told);
    close();
    props.onDone();
  };
  const switchOn = () => change({ enabled: true }, "It is switched on.");
  return (
    <>
      {fault.value !== null && <Fault of={fault.value} />}
      <div class="filters">
        <Test path={path} />
        <button type="button" class="secondary" onClick={() => (act.value = "change")}>
          Change
        </button>
        <button type="button" class="secondary" onClick={() => (act.value = "rotate")}>
          New secret
        </button>
        {of.state === "off" ? (
          <button type="button" class="secondary" onClick={() => void run(switchOn)}>
            Switch on
          </button>
        ) : (
          <button type="button" class="secondary" onClick={() => (act.value = "off")}>
            Switch off
          </button>
        )}
        <button type="button" class="secondary" onClick={() => (act.value = "remove")}>
          Remove
        </button>
      </div>
      {act.value === "change" && (
        <Dialog name="Change the webhook" onClose={close}>
          <WebhookForm of={of} act="Save" onCancel={close} send={(given) => change(given, "The webhook is changed.")} />
        </Dialog>
      )}
      {act.value === "rotate" && <Rotating path={path} onDone={props.onDone} onClose={close} />}
      {act.value === "off" && (
        <Ending
          name="Switch it off?"
          act="Switch off"
          run={() => change({ enabled: false }, "It is switched off.")}
          onClose={close}
        >
          Nothing is sent any more, and what waits has failed. Both can be sent again once it is switched on.
        </Ending>
      )}
      {act.value === "remove" && (
        <Ending
          name={`Remove ${of.description}?`}
          act="Remove the webhook"
          run={async () => {
            await desk.api.delete(path);
            desk.tell(`${of.description} is removed.`);
            go(href("systems", "webhooks"));
          }}
          onClose={close}
        >
          It is told of nothing any more, and its log goes with it.
        </Ending>
      )}
    </>
  );
}

function Test({ path }: { readonly path: string }) {
  const desk = useDesk();
  const told = useSignal<TriedWebhook | null>(null);
  const { busy, fault, run } = useDoing();
  const test = async () => {
    told.value = null;
    told.value = await run(() => desk.api.post<TriedWebhook>(`${path}/test`, {}, { patience: LONG }));
  };
  const isRefused = !busy.value && (fault.value !== null || told.value?.taken === false);
  return (
    <>
      <button type="button" class="secondary" disabled={busy.value} onClick={() => void test()}>
        Send a test
      </button>
      <span class="test-told" role="status" data-tone={isRefused ? "refused" : undefined}>
        {busy.value && "Sending…"}
        {!busy.value && fault.value !== null && faultInWords(fault.value)}
        {told.value?.taken && `Taken: it answers ${told.value.status} after ${told.value.ms} ms.`}
        {told.value?.taken === false && `Not taken: ${refusal(told.value)}.`}
      </span>
    </>
  );
}

function Rotating(props: { readonly path: string; readonly onDone: () => void; readonly onClose: () => void }) {
  const desk = useDesk();
  const made = useSignal<NewWebhook | null>(null);
  if (made.value !== null) {
    return (
      <Dialog name="The new secret" onClose={props.onClose}>
        <p>Messages bear the marks of both secrets until tomorrow at this time; then of this one alone.</p>
        <Secret name="Secret" text={made.value.secret} onDone={props.onClose} />
      </Dialog>
    );
  }
  return (
    <Ending
      name="Make a new secret?"
      act="Make it"
      run={async () => {
        made.value = await desk.api.post<NewWebhook>(`${props.path}/secret`, {});
        props.onDone();
      }}
      onClose={props.onClose}
    >
      The old one is good for 24 hours more, so that the other side has time to learn the new one.
    </Ending>
  );
}
