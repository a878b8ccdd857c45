// The people whom the server knows: found, added, and led to one of them.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { User, UserPage, UserRequest } from "../../api/schema";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Empty, PageFrame, Tag } from "../parts/small";
import { go, href, query } from "../place";
import { PersonFields, readPerson, Refusal } from "./form";
import { PersonPage } from "./person";

const FILTERS = ["q", "level", "team", "active", "admin"] as const;

export function PeoplePage({ rest }: { readonly rest: readonly string[] }) {
  const [id] = rest;
  return id === undefined ? <PeopleList /> : <PersonPage key={id} id={id} />;
}

function PeopleList() {
  const desk = useDesk();
  const asked = query.value;
  const wanted = new URLSearchParams();
  for (const name of FILTERS) if (asked.get(name)) wanted.set(name, asked.get(name) ?? "");
  const path = `/v1/users?${wanted}`;
  const first = useLoaded<UserPage>(path);
  const more = useSignal<{ items: readonly User[]; next: string | null | undefined }>({ items: [], next: undefined });
  const adding = useSignal(false);
  useEffect(() => void (more.value = { items: [], next: undefined }), [path]);
  const to = (name: string, value: string) => {
    const next = new URLSearchParams(wanted);
    if (value.trim() === "") next.delete(name);
    else next.set(name, value.trim());
    go(`${href("people")}?${next}`);
  };
  const load = async (cursor: string) => {
    const page = await desk.api.get<UserPage>(`${path}&cursor=${encodeURIComponent(cursor)}`);
    more.value = { items: [...more.value.items, ...page.items], next: page.next_cursor };
  };
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
          <input class="field" type="search" value={wanted.get("q") ?? ""} placeholder="Name or id" onChange={(event) => to("q", event.currentTarget.value)} />
        </label>
        <label>
          Level{" "}
          <select class="field" value={wanted.get("level") ?? ""} onChange={(event) => to("level", event.currentTarget.value)}>
            <option value="">any</option>
            {desk.levels.value.map((one) => (
              <option key={one.key} value={one.key}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
        <label>
          Team <input class="field" value={wanted.get("team") ?? ""} placeholder="any" onChange={(event) => to("team", event.currentTarget.value)} />
        </label>
        <label>
          Who{" "}
          <select
            class="field"
            value={wanted.get("admin") ? "admin" : (wanted.get("active") ?? "")}
            onChange={(event) => {
              const next = new URLSearchParams(wanted);
              next.delete("admin");
              next.delete("active");
              const { value } = event.currentTarget;
              if (value === "admin") next.set("admin", "yes");
              else if (value !== "") next.set("active", value);
              go(`${href("people")}?${next}`);
            }}
          >
            <option value="">everybody</option>
            <option value="yes">active</option>
            <option value="no">deactivated</option>
            <option value="admin">administrators</option>
          </select>
        </label>
      </div>
      <WhenLoaded of={first}>
        {(page) => {
          const items = [...page.items, ...more.value.items];
          const next = more.value.next === undefined ? page.next_cursor : more.value.next;
          if (items.length === 0) return <Empty name="Nobody is like this.">Take a filter away, or add the person.</Empty>;
          return (
            <>
              <Table of={items} linked={mayEdit} />
              {next !== null && (
                <button type="button" class="secondary" onClick={() => void load(next)}>
                  Show more
                </button>
              )}
            </>
          );
        }}
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
              <td class="quiet">{one.id}</td>
              <td>{desk.level(one.level)}</td>
              <td>{one.team}</td>
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
