// Embedding: the pages that may hold the panel, a new one, and the end of one.
import { useSignal } from "@preact/signals";
import type { EmbeddingHost, HostList, NewHost } from "../../api/schema";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Icon } from "../parts/icon";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Field } from "../parts/small";
import { Ending } from "./ending";
import { SystemsFrame } from "./frame";
import { Secret } from "./secret";
import { lines } from "./words";

const KINDS = { generic: "Any page", chatwoot: "Chatwoot", zendesk: "Zendesk" } as const;

export function Hosts() {
  const desk = useDesk();
  const hosts = useLoaded<HostList>("/v1/hosts");
  const isAdding = useSignal(false);
  const ending = useSignal<EmbeddingHost | null>(null);
  const remove = async (host: EmbeddingHost) => {
    await desk.api.delete(`/v1/hosts/${host.id}`);
    desk.tell(`${host.id} is removed.`);
    ending.value = null;
    hosts.again();
  };
  return (
    <SystemsFrame
      at="embedding"
      about="The pages that may hold the panel; no others can."
      actions={
        <button type="button" class="primary" onClick={() => (isAdding.value = true)}>
          <Icon name="plus" /> Add a page
        </button>
      }
    >
      <WhenLoaded of={hosts}>
        {(list) =>
          list.items.length === 0 ? (
            <Empty name="No page may hold the panel yet.">Add your CRM with the origin that its pages have.</Empty>
          ) : (
            <Table of={list.items} onRemove={(host) => (ending.value = host)} />
          )
        }
      </WhenLoaded>
      {isAdding.value && <Adding onAdded={hosts.again} onClose={() => (isAdding.value = false)} />}
      {ending.value !== null && (
        <Ending
          name={`Remove ${ending.value.id}?`}
          act="Remove the page"
          run={() => remove(ending.value as EmbeddingHost)}
          onClose={() => (ending.value = null)}
        >
          Panels that are open in it end at once. Its secret is good for nothing any more.
        </Ending>
      )}
    </SystemsFrame>
  );
}

function Table(props: { readonly of: readonly EmbeddingHost[]; readonly onRemove: (host: EmbeddingHost) => void }) {
  return (
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>
            {["Id", "Kind", "Origins", "Address of its panel"].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
            <th scope="col">
              <span class="unseen">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.of.map((host) => (
            <tr key={host.id}>
              <td>{host.id}</td>
              <td>{KINDS[host.kind as keyof typeof KINDS]}</td>
              <td>{host.origins.join(", ")}</td>
              <td>
                <code>{`/panel?host=${host.id}`}</code>
              </td>
              <td>
                <button type="button" class="link" aria-label={`Remove ${host.id}`} onClick={() => props.onRemove(host)}>
                  Remove
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Adding(props: { readonly onAdded: () => void; readonly onClose: () => void }) {
  const desk = useDesk();
  const kind = useSignal<keyof typeof KINDS>("generic");
  const added = useSignal<NewHost | null>(null);
  const { busy, fault, run } = useDoing();
  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const host = await run(() =>
      desk.api.post<NewHost>("/v1/hosts", {
        id: String(given.get("id")).trim(),
        kind: kind.value,
        origins: lines(String(given.get("origins"))),
        ...(kind.value === "zendesk" && { public_key: given.get("public_key"), audience: given.get("audience") }),
      }),
    );
    if (host === null) return;
    props.onAdded();
    if (host.secret === null) props.onClose();
    else added.value = host;
  };
  if (added.value !== null && added.value.secret !== null) {
    return (
      <Dialog name={`The secret of ${added.value.id}`} onClose={props.onClose}>
        <p>Its server signs launch tokens with it, so that people need not sign in again.</p>
        <Secret name="Secret" text={added.value.secret} onDone={props.onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog name="Add a page" onClose={props.onClose}>
      <form onSubmit={(event) => void add(event)}>
        {fault.value !== null && <Fault of={fault.value} />}
        <Field name="Id" hint="Small letters, digits and dashes; it stands in the panel's address.">
          <input class="field" name="id" required pattern="[a-z][a-z0-9\-]*" maxLength={63} autoComplete="off" />
        </Field>
        <Field name="Kind">
          <select
            class="field"
            value={kind.value}
            onChange={(event) => (kind.value = event.currentTarget.value as keyof typeof KINDS)}
          >
            {Object.entries(KINDS).map(([key, name]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field name="Origins" hint="One to a line, exactly as browsers write them: https://crm.example.com">
          <textarea class="field" name="origins" required rows={2} spellcheck={false} />
        </Field>
        {kind.value === "zendesk" && (
          <>
            <Field name="Public key" hint="The app's RSA public key, in PEM.">
              <textarea class="field" name="public_key" required rows={4} spellcheck={false} />
            </Field>
            <Field name="Audience" hint="The installation's URL, as its tokens say in aud.">
              <input class="field" name="audience" required maxLength={200} />
            </Field>
          </>
        )}
        <DialogFoot act="Add the page" busy={busy.value} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
