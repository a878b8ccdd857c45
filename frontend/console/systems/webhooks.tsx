// Webhooks: which there are, how they stand, and a new one.
import { useSignal } from "@preact/signals";
import type { NewWebhook, Webhook, WebhookList } from "../../api/schema";
import { moment } from "../../text/format";
import { useDesk } from "../desk";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Tag } from "../parts/small";
import { href } from "../place";
import { SystemsFrame } from "./frame";
import { Secret } from "./secret";
import { WebhookForm } from "./webhook-form";
import { offInWords } from "./words";

const HEADS = ["Where", "State", "Told of", "Waiting", "Failed", "Made"];

export function Webhooks() {
  const hooks = useLoaded<WebhookList>("/v1/webhooks");
  const isMaking = useSignal(false);
  return (
    <SystemsFrame
      at="webhooks"
      about="Other systems that are told what happens here."
      actions={
        <button type="button" class="primary" onClick={() => (isMaking.value = true)}>
          <Icon name="plus" /> Make a webhook
        </button>
      }
    >
      <WhenLoaded of={hooks}>
        {(list) =>
          list.items.length === 0 ? (
            <Empty name="Nobody is told yet.">
              <p>A webhook posts what happens, signed, to an address of yours.</p>
            </Empty>
          ) : (
            <Table of={list.items} />
          )
        }
      </WhenLoaded>
      {isMaking.value && <Making onMade={hooks.again} onClose={() => (isMaking.value = false)} />}
    </SystemsFrame>
  );
}

/** How a webhook stands, in one word. */
export function State({ of }: { readonly of: Webhook }) {
  if (of.state === "on") return <Tag tone="allowed">On</Tag>;
  if (of.state === "failing") return <Tag tone="approval">Failing</Tag>;
  return <Tag tone={of.off_because === "person" ? "quiet" : "refused"}>Off</Tag>;
}

function Table(props: { readonly of: readonly Webhook[] }) {
  return (
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>
            {HEADS.map((name) => (
              <th scope="col" key={name} class={name === "Waiting" || name === "Failed" ? "figure" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.of.map((one) => (
            <tr key={one.id}>
              <td>
                <a href={href("systems", "webhooks", one.id)}>{one.description}</a>
                <div class="quiet small-code">{new URL(one.url).host}</div>
              </td>
              <td>
                <State of={one} />
                {one.failing_since !== null && one.state === "failing" && (
                  <div class="quiet small-code">since {moment(one.failing_since)}</div>
                )}
                {one.off_because !== null && <div class="quiet small-code">{offInWords(one.off_because)}</div>}
              </td>
              <td>{one.types.length === 0 ? "all that happens" : one.types.join(", ")}</td>
              <td class="figure">{one.waiting}</td>
              <td class="figure">{one.failed}</td>
              <td class="nowrap" title={one.made_by}>
                {moment(one.created_at)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Making(props: { readonly onMade: () => void; readonly onClose: () => void }) {
  const desk = useDesk();
  const made = useSignal<NewWebhook | null>(null);
  if (made.value !== null) {
    return (
      <Dialog name={`The secret of ${made.value.description}`} onClose={props.onClose}>
        <p>The other side checks with it that a message is from here.</p>
        <Secret name="Secret" text={made.value.secret} onDone={props.onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog name="Make a webhook" onClose={props.onClose}>
      <WebhookForm
        act="Make the webhook"
        onCancel={props.onClose}
        send={async (given) => {
          made.value = await desk.api.post<NewWebhook>("/v1/webhooks", given);
          props.onMade();
        }}
      />
    </Dialog>
  );
}
