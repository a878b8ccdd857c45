// One person: what they are, how they come in, and what is open to them.
import { useSignal } from "@preact/signals";
import type { Invitation, UserChange, UserDetails } from "../../api/schema";
import { moment } from "../../text/format";
import { useDesk } from "../desk";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Notice, PageFrame, Tag } from "../parts/small";
import { href } from "../place";
import { PersonFields, readPerson, Refusal } from "./form";

export function PersonPage({ id }: { readonly id: string }) {
  const path = `/v1/users/${encodeURIComponent(id)}`;
  const loaded = useLoaded<UserDetails>(path);
  const person = loaded.value.value;
  return (
    <PageFrame
      name={person?.name ?? id}
      about={person && <State of={person} />}
      back={{ name: "People", href: href("people") }}
    >
      <WhenLoaded of={loaded}>
        {(found) => (
          <div class="person">
            <Edit of={found} path={path} again={loaded.again} />
            <WaysIn of={found} path={path} again={loaded.again} />
          </div>
        )}
      </WhenLoaded>
    </PageFrame>
  );
}

interface Of {
  readonly of: UserDetails;
  readonly path: string;
  readonly again: () => void;
}

function State({ of }: { readonly of: UserDetails }) {
  return (
    <>
      {of.id} {of.admin && <Tag tone="accent">Administrator</Tag>} {!of.active && <Tag tone="refused">Deactivated</Tag>}
    </>
  );
}

function Edit({ of, path, again }: Of) {
  const desk = useDesk();
  const fault = useSignal<unknown>(null);
  const busy = useSignal(false);
  const own = of.id === desk.api.person;
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const { level, admin, ...rest } = readPerson(new FormData(event.currentTarget as HTMLFormElement));
    const change: UserChange = own ? rest : { ...rest, level, admin };
    busy.value = true;
    try {
      await desk.api.patch(path, change);
      fault.value = null;
      desk.tell(`${rest.name} was changed.`);
      again();
    } catch (problem) {
      fault.value = problem;
    } finally {
      busy.value = false;
    }
  };
  return (
    <section aria-labelledby="person-what">
      <h2 class="section-name" id="person-what">
        Person
      </h2>
      <form class="stack" onSubmit={(event) => void save(event)}>
        <PersonFields person={of} fault={fault.value} own={own} />
        <Refusal of={fault.value} />
        <div>
          <button type="submit" class="primary" disabled={busy.value}>
            Save
          </button>
        </div>
      </form>
    </section>
  );
}

function WaysIn({ of, path, again }: Of) {
  const desk = useDesk();
  const fault = useSignal<unknown>(null);
  const invitation = useSignal<Invitation | null>(null);
  const asking = useSignal<"deactivate" | "sign out" | "reset" | null>(null);
  const own = of.id === desk.api.person;
  const act = async (run: () => Promise<unknown>, told: string) => {
    try {
      await run();
      fault.value = null;
      desk.tell(told);
      again();
    } catch (problem) {
      fault.value = problem;
    }
    asking.value = null;
  };
  const invite = () =>
    act(async () => {
      invitation.value = await desk.api.post<Invitation>(`${path}/invitation`, {});
    }, "An invitation was made.");
  return (
    <section aria-labelledby="person-in">
      <h2 class="section-name" id="person-in">
        How they come in
      </h2>
      <div class="stack">
        <p>
          {of.has_password ? "They have a password." : "They have no password: they come through the CRM, or by an invitation."}
          {of.invited_until && ` An invitation is open until ${moment(of.invited_until)}.`}
        </p>
        {of.has_second_factor && <p>They have a second factor: codes of an app, which they are asked for.</p>}
        {of.open.length === 0 ? (
          <p class="quiet">Nothing is open to them now.</p>
        ) : (
          <ul class="person-open">
            {of.open.map((one) => (
              <li key={one.kind + one.at}>
                {one.kind === "browser" ? "Signed in in a browser" : one.host ? `Panel in ${one.host}` : "Panel or console"}
                <span class="quiet"> since {moment(one.at)}</span>
              </li>
            ))}
          </ul>
        )}
        <Refusal of={fault.value} />
        <div class="filters">
          {of.active && (
            <button type="button" class="secondary" onClick={() => void invite()}>
              {of.has_password ? "Let them choose a new password" : "Invite"}
            </button>
          )}
          {of.open.length > 0 && (
            <button type="button" class="secondary" onClick={() => (asking.value = "sign out")}>
              Sign out everywhere
            </button>
          )}
          {of.has_second_factor && !own && (
            <button type="button" class="secondary" onClick={() => (asking.value = "reset")}>
              Reset second factor
            </button>
          )}
          {of.active && !own && (
            <button type="button" class="danger" onClick={() => (asking.value = "deactivate")}>
              Deactivate
            </button>
          )}
          {!of.active && (
            <button type="button" class="secondary" onClick={() => void act(() => desk.api.patch(path, { active: true }), `${of.name} is active again.`)}>
              Take back
            </button>
          )}
        </div>
      </div>
      {invitation.value && <Link of={invitation.value} name={of.name} onClose={() => (invitation.value = null)} />}
      {asking.value === "deactivate" && (
        <Sure
          name={`Deactivate ${of.name}?`}
          act="Deactivate"
          onCancel={() => (asking.value = null)}
          onSure={() => void act(() => desk.api.patch(path, { active: false }), `${of.name} was deactivated.`)}
        >
          They may give and decide on nothing from their next request on, and all that is open to them ends. What they did is kept.
        </Sure>
      )}
      {asking.value === "reset" && (
        <Sure
          name={`Reset the second factor of ${of.name}?`}
          act="Reset"
          onCancel={() => (asking.value = null)}
          onSure={() => void act(() => desk.api.delete(`${path}/second-factor`), `The second factor of ${of.name} was reset.`)}
        >
          For who has lost phone and recovery codes: be sure that it is they who ask. All that is open to them ends, and until they have set it up anew their
          password is enough.
        </Sure>
      )}
      {asking.value === "sign out" && (
        <Sure
          name={`Sign ${of.name} out everywhere?`}
          act="Sign out"
          onCancel={() => (asking.value = null)}
          onSure={() => void act(() => desk.api.delete(`${path}/sessions`), `${of.name} was signed out.`)}
        >
          Panels, the console and browsers they signed in in end at once. They may come in again.
        </Sure>
      )}
    </section>
  );
}

/** The link of an invitation, which nobody can show again. */
function Link(props: { readonly of: Invitation; readonly name: string; readonly onClose: () => void }) {
  const desk = useDesk();
  return (
    <Dialog name="Invitation" onClose={props.onClose}>
      <p>
        Hand this link to {props.name} alone: whoever opens it chooses the password. It works once, until {moment(props.of.expires_at)}.
      </p>
      <input class="field person-link" aria-label="Link" readOnly value={props.of.url} onFocus={(event) => event.currentTarget.select()} />
      <Notice tone="approval" icon="alert">
        It is shown this once. A new one ends it.
      </Notice>
      <footer class="dialog-foot">
        <button
          type="button"
          class="primary"
          onClick={() => void navigator.clipboard.writeText(props.of.url).then(() => desk.tell("The link was copied."))}
        >
          Copy the link
        </button>
      </footer>
    </Dialog>
  );
}

function Sure(props: {
  readonly name: string;
  readonly act: string;
  readonly onSure: () => void;
  readonly onCancel: () => void;
  readonly children: string;
}) {
  return (
    <Dialog name={props.name} onClose={props.onCancel}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSure();
        }}
      >
        <p>{props.children}</p>
        <DialogFoot act={props.act} danger onCancel={props.onCancel} />
      </form>
    </Dialog>
  );
}
