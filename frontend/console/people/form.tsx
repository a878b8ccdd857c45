// What a person is, as the fields of a form.
import { Refused } from "../../api/problems";
import type { UserDetails } from "../../api/schema";
import { useDesk } from "../desk";
import { Fault } from "../parts/loaded";
import { Field } from "../parts/small";

const SHOWN = ["/id", "/name", "/level", "/team", "/customer"];

/** What is wrong with a field; null where nothing is. */
function faultAt(fault: unknown, pointer: string): string | null {
  if (!(fault instanceof Refused)) return null;
  return fault.problem.errors?.find((one) => one.pointer === pointer)?.detail ?? null;
}

/** What went wrong and is said at no field. */
export function Refusal({ of }: { readonly of: unknown }) {
  if (of === null) return null;
  const isShown = of instanceof Refused && of.fields.length > 0 && of.fields.every((one) => SHOWN.includes(one));
  return isShown ? null : <Fault of={of} />;
}

export function PersonFields(props: { readonly person?: UserDetails; readonly isNew?: boolean; readonly fault: unknown; readonly own?: boolean }) {
  const desk = useDesk();
  const { person, fault } = props;
  return (
    <>
      {props.isNew && (
        <Field name="Id" hint="As the CRM knows them. It never changes." fault={faultAt(fault, "/id")}>
          <input class="field" name="id" required maxLength={200} autocomplete="off" spellcheck={false} />
        </Field>
      )}
      <Field name="Name" fault={faultAt(fault, "/name")}>
        <input class="field" name="name" required maxLength={200} value={person?.name} autocomplete="off" />
      </Field>
      <Field name="Level" {...(props.own && { hint: "Nobody changes their own." })} fault={faultAt(fault, "/level")}>
        <select class="field" name="level" required value={person?.level} disabled={props.own}>
          {desk.levels.value.map((one) => (
            <option key={one.key} value={one.key}>
              {one.label}
            </option>
          ))}
        </select>
      </Field>
      <Field name="Team" fault={faultAt(fault, "/team")}>
        <input class="field" name="team" required maxLength={200} value={person?.team} autocomplete="off" />
      </Field>
      <Field name="Their own id as a customer" hint="Where they are one: nobody gives to themselves." fault={faultAt(fault, "/customer")}>
        <input class="field" name="customer" maxLength={200} value={person?.customer ?? ""} autocomplete="off" />
      </Field>
      <label class="check">
        <input type="checkbox" name="admin" checked={person?.admin} disabled={props.own} /> Looks after people and systems
      </label>
    </>
  );
}

/** What the fields say. */
export function readPerson(form: FormData): { name: string; level: string; team: string; customer?: string; admin: boolean } {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const customer = text("customer");
  return {
    name: text("name"),
    level: text("level"),
    team: text("team"),
    ...(customer !== "" && { customer }),
    admin: form.get("admin") !== null,
  };
}
