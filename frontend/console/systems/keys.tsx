// API keys: which there are, a new one, and the end of one.
import { useSignal } from "@preact/signals";
import type { Key, KeyPage, NewKey } from "../../api/schema";
import { day } from "../../text/format";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Icon } from "../parts/icon";
import { Fault, useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, Field, Tag } from "../parts/small";
import { Ending } from "./ending";
import { SystemsFrame } from "./frame";
import { Secret } from "./secret";
import { instant, lines, SCOPES, sinceNow } from "./words";

const TONES = { valid: "allowed", expired: "quiet", revoked: "refused" } as const;
const STATES = { valid: "Valid", expired: "Expired", revoked: "Revoked" } as const;
const HEADS = ["Name", "State", "May", "From", "Per minute", "Made", "Expires", ""];

export function Keys() {
  const desk = useDesk();
  const keys = useLoaded<KeyPage>("/v1/keys?limit=200");
  const isMaking = useSignal(false);
  const ending = useSignal<Key | null>(null);
  const revoke = async (key: Key) => {
    await desk.api.delete(`/v1/keys/${key.id}`);
    desk.tell(`${key.name} is revoked.`);
    ending.value = null;
    keys.again();
  };
  return (
    <SystemsFrame
      at=""
      about="What CRM systems sign their requests with."
      actions={
        <button type="button" class="primary" onClick={() => (isMaking.value = true)}>
          <Icon name="plus" /> Make a key
        </button>
      }
    >
      <WhenLoaded of={keys}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty name="There is no key yet.">Make one for your CRM, with no more than it needs.</Empty>
          ) : (
            <Table of={page.items} onRevoke={(key) => (ending.value = key)} />
          )
        }
      </WhenLoaded>
      {isMaking.value && <Making onMade={keys.again} onClose={() => (isMaking.value = false)} />}
      {ending.value !== null && (
        <Ending
          name={`Revoke ${ending.value.name}?`}
          act="Revoke the key"
          run={() => revoke(ending.value as Key)}
          onClose={() => (ending.value = null)}
        >
          Whatever uses it is refused from this moment on, for good.
        </Ending>
      )}
    </SystemsFrame>
  );
}

function Table(props: { readonly of: readonly Key[]; readonly onRevoke: (key: Key) => void }) {
  return (
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>
            {HEADS.map((name) => (
              <th scope="col" key={name} class={name === "Per minute" ? "figure" : undefined}>
                {name || <span class="unseen">Acts</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.of.map((key) => {
            const state = key.state as keyof typeof STATES;
            return (
              <tr key={key.id}>
                <td>
                  {key.name}
                  <div class="quiet small-code nowrap">{key.id}</div>
                </td>
                <td>
                  <Tag tone={TONES[state]}>{STATES[state]}</Tag>
                </td>
                <td>{key.scopes.join(", ")}</td>
                <td>{key.networks.length === 0 ? <span class="quiet">anywhere</span> : key.networks.join(", ")}</td>
                <td class="figure">{key.per_minute ?? <span class="quiet">no cap</span>}</td>
                <td class="nowrap" title={key.made_by}>
                  {day(key.created_at)}
                </td>
                <td class="nowrap" title={key.expires_at === null ? undefined : instant(key.expires_at)}>
                  {key.expires_at === null ? <span class="quiet">never</span> : day(key.expires_at)}
                </td>
                <td>
                  {state === "valid" && (
                    <button type="button" class="link" aria-label={`Revoke ${key.name}`} onClick={() => props.onRevoke(key)}>
                      Revoke
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Making(props: { readonly onMade: () => void; readonly onClose: () => void }) {
  const desk = useDesk();
  const made = useSignal<NewKey | null>(null);
  const { busy, fault, run } = useDoing();
  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const cap = String(given.get("per_minute"));
    const key = await run(() =>
      desk.api.post<NewKey>("/v1/keys", {
        name: String(given.get("name")).trim(),
        scopes: given.getAll("scopes"),
        expires_at: `${given.get("expires")}T00:00:00Z`,
        networks: lines(String(given.get("networks"))),
        ...(cap !== "" && { per_minute: Number(cap) }),
      }),
    );
    if (key === null) return;
    made.value = key;
    props.onMade();
  };
  if (made.value !== null) {
    return (
      <Dialog name={`The key of ${made.value.name}`} onClose={props.onClose}>
        <Secret name="Key" text={made.value.key} onDone={props.onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog name="Make a key" onClose={props.onClose}>
      <form onSubmit={(event) => void make(event)}>
        {fault.value !== null && <Fault of={fault.value} />}
        <Field name="Name" hint="Whose it is: one key for each system, so that each can be revoked alone.">
          <input class="field" name="name" required maxLength={200} autoComplete="off" />
        </Field>
        <fieldset class="choices">
          <legend class="labelled-name">It may</legend>
          {Object.entries(SCOPES).map(([scope, words]) => (
            <label key={scope}>
              <input type="checkbox" name="scopes" value={scope} /> {words} <span class="quiet">{scope}</span>
            </label>
          ))}
        </fieldset>
        <Field name="From these addresses alone" hint="One address or network to a line, such as 192.0.2.0/24. Empty: from anywhere.">
          <textarea class="field" name="networks" rows={2} spellcheck={false} />
        </Field>
        <div class="pair">
          <Field name="Expires on">
            <input class="field" type="date" name="expires" required min={sinceNow(1)} value={sinceNow(365)} />
          </Field>
          <Field name="Most requests a minute" hint="Empty: no cap.">
            <input class="field" type="number" name="per_minute" min={1} max={100_000} />
          </Field>
        </div>
        <DialogFoot act="Make the key" busy={busy.value} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
