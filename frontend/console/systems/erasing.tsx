// Asks for a customer's id once more before they are erased: it cannot be undone.
import { useSignal } from "@preact/signals";
import type { CustomerErasure, ErasureAnswer } from "../../api/schema";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { Fault } from "../parts/loaded";
import { Field } from "../parts/small";

export function Erasing(props: {
  readonly customer: string;
  readonly onErased: (erased: CustomerErasure | null) => void;
  readonly onClose: () => void;
}) {
  const desk = useDesk();
  const typed = useSignal("");
  const fault = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isSame = typed.value.trim() === props.customer;
  const erase = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!isSame) return;
    isBusy.value = true;
    fault.value = null;
    try {
      const both = { customer: props.customer, confirm: typed.value.trim() };
      const answer = await desk.api.post<ErasureAnswer>("/v1/customers/erase", both, { patience: 60_000 });
      props.onErased(answer.erased);
    } catch (problem) {
      fault.value = problem;
      isBusy.value = false;
    }
  };
  return (
    <Dialog name={`Erase ${props.customer}?`} onClose={props.onClose}>
      <form onSubmit={(event) => void erase(event)}>
        <p>
          Their id, their contacts' and orders', and everything that was written about them goes, for good. Amounts, outcomes and every
          figure stay. Requests that wait are withdrawn. Erase them in the CRM first, or it will tell of them again.
        </p>
        <Field name="Customer's id, once more" fault={typed.value !== "" && !isSame && !props.customer.startsWith(typed.value) ? "Not the same id." : null}>
          <input
            class="field"
            name="confirm"
            required
            autoComplete="off"
            spellcheck={false}
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        </Field>
        {fault.value !== null && <Fault of={fault.value} />}
        <DialogFoot act="Erase for good" danger busy={isBusy.value || !isSame} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
