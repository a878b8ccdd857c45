// The people whom the server knows: found, added, and led to one of them.
import { useSignal } from "@preact/signals";
import type { User, UserPage, UserRequest } from "../../api/schema";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { Fault, useListed, WhenLoaded } from "../parts/loaded";
import { Empty, PageFrame, Tag } from "../parts/small";
import { filters, go, href } from "../place";
import { PersonFields, readPerson, Refusal } from "./form";
import { PersonPage } from "./person";

const FILTERS = ["q", "level", "team", "active", "admin"] as const;

export function PeoplePage({ rest }: { readonly rest: readonly string[] }) {
  const [id] = rest;
  return id === undefined ? <PeopleList /> : <PersonPage key={id} id={id} />;
}

function PeopleList() {
  const desk = useDesk();
  const { wanted, choose } = filters("people", FILTERS);
  const { first, items, more, fault } = useListed<User, UserPage>(`/v1/users?${wanted}`);
  const adding = useSignal(false);
  const mayEdit = desk.session.scopes.value.includes("people:edit");
  return (
    <PageFrame
      name="People"
      about={mayEdit ? "Their level and team count from their next request on." : "Administrators change people."}
      actions={
        mayEdit && (
          <button type="button" class="primary" onClick={() => (adding.value = true)}>
            Add a person
          </button>
        )
      }
    >
      <div class="filters">
        <label>
          Find{" "}
          <input class="field" type="search" value={wanted.get("q") ?? ""} placeholder="Name or id" onChange={(event) => choose({ q: event.currentTarget.value })} />
        </label>
        <label>
          Level{" "}
          <select class="field" value={wanted.get("level") ?? ""} onChange={(event) => choose({ level: event.currentTarget.value })}>
            <option value="">any</option>
            {desk.levels.value.map((one) => (
              <option key={one.key} value={one.key}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
        <label>
          Team <input class="field" value={wanted.get("team") ?? ""} placeholder="any" onChange={(event) => choose({ team: event.currentTarget.value })} />
        </label>
        <label>
          Who{" "}
          <select
            class="field"
            value={wanted.get("admin") ? "admin" : (wanted.get("active") ?? "")}
            onChange={({ currentTarget: { value } }) => choose(value === "admin" ? { admin: "yes", active: "" } : { admin: "", active: value })}
          >
            <option value="">everybody</option>
            <option value="yes">active</option>
            <option value="no">deactivated</option>
            <option value="admin">administrators</option>
          </select>
        </label>
      </div>
      <WhenLoaded of={first}>
        {() =>
          items.length === 0 ? (
            <Empty name="Nobody is like this.">Take a filter away, or add the person.</Empty>
          ) : (
            <>
              <Table of={items} linked={mayEdit} />
              {fault !== null && <Fault of={fault} />}
              {more !== null && (
                <button type="button" class="secondary" onClick={more}>
                  Show more
                </button>
              )}
            </>
          )
        }
      </WhenLoaded>
      {adding.value && <Adding onClose={() => (adding.value = false)} />}
    </PageFrame>
  );
}

function Table({ of, linked }: { readonly of: readonly User[]; readonly linked: boolean }) {
  const desk = useDesk();
  return (
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>
            {["Name", "Id", "Level", "Team", "Stood in for by", "State"].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.map((one) => (
            <tr key={one.id}>
              <td>{linked ? <a href={href("people", one.id)}>{one.name}</a> : one.name}</td>
              <td class="quiet nowrap">{one.id}</td>
              <td>{desk.level(one.level)}</td>
              <td class="nowrap">{one.team}</td>
              <td>{one.substitute}</td>
              <td>
                {one.admin && <Tag tone="accent">Administrator</Tag>} {!one.active && <Tag tone="refused">Deactivated</Tag>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Adding({ onClose }: { readonly onClose: () => void }) {
  const desk = useDesk();
  const fault = useSignal<unknown>(null);
  const busy = useSignal(false);
  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const body: UserRequest = { id: String(form.get("id") ?? "").trim(), ...readPerson(form) };
    busy.value = true;
    try {
      await desk.api.post("/v1/users", body);
      desk.tell(`${body.name} was added.`);
      onClose();
      go(href("people", body.id));
    } catch (problem) {
      fault.value = problem;
    } finally {
      busy.value = false;
    }
  };
  return (
    <Dialog name="Add a person" onClose={onClose}>
      <form onSubmit={(event) => void add(event)}>
        <PersonFields fault={fault.value} isNew />
        <Refusal of={fault.value} />
        <DialogFoot act="Add" busy={busy.value} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
