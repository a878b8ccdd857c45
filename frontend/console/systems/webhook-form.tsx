// The form of a webhook: what it is for, where it leads, what it is told of.
import type { Webhook, WebhookRequest } from "../../api/schema";
import { DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Fault } from "../parts/loaded";
import { Field } from "../parts/small";
import { KINDS } from "./words";

export function WebhookForm(props: {
  /** What is there; left out for a new one. */
  readonly of?: Webhook;
  readonly act: string;
  readonly send: (given: WebhookRequest) => Promise<void>;
  readonly onCancel: () => void;
}) {
  const { of } = props;
  const { busy, fault, run } = useDoing();
  // Finer types than these are chosen by the API, and are not lost here.
  const types = [...new Set([...Object.keys(KINDS), ...(of?.types ?? [])])];
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    void run(() =>
      props.send({
        description: String(given.get("description")).trim(),
        url: String(given.get("url")).trim(),
        types: given.getAll("types").map(String) as NonNullable<WebhookRequest["types"]>,
      }),
    );
  };
  return (
    <form onSubmit={send}>
      {fault.value !== null && <Fault of={fault.value} />}
      <Field name="What it is for">
        <input class="field" name="description" required maxLength={200} autoComplete="off" defaultValue={of?.description} />
      </Field>
      <Field name="Address" hint="Of the internet, with https. Operators can allow addresses of your own network.">
        <input
          class="field"
          type="url"
          name="url"
          required
          maxLength={2_000}
          placeholder="https://hooks.example.com/assist"
          spellcheck={false}
          autoComplete="off"
          defaultValue={of?.url}
        />
      </Field>
      <fieldset class="choices">
        <legend class="labelled-name">It is told of</legend>
        {types.map((type) => (
          <label key={type}>
            <input type="checkbox" name="types" value={type} defaultChecked={of?.types.includes(type)} />{" "}
            {KINDS[type] ?? "events of this type"} <span class="quiet">{type}</span>
          </label>
        ))}
        <span class="quiet">None: all that happens.</span>
      </fieldset>
      <DialogFoot act={props.act} busy={busy.value} onCancel={props.onCancel} />
    </form>
  );
}
