// The review of a draft, read from top to bottom: what changes, what is wrong, what it would have
// meant, who said what, and what can be done now.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Difference, Draft, Finding, Review as Reviewed, RowChange, Version } from "../../api/schema";
import { day } from "../../text/format";
import { useDesk, useEvents } from "../desk";
import { Icon } from "../parts/icon";
import { useLoaded, WhenLoaded } from "../parts/loaded";
import { Notice, PageFrame, Tag } from "../parts/small";
import { href } from "../place";
import { Questions } from "../policies/questions";
import { Acts } from "./acts";
import { useJudged, useNames, useVersions } from "./asking";
import { Changes } from "./changes";
import { Findings } from "./findings";
import { Judging } from "./judging";
import { Rebase } from "./rebase";
import { ReplayPart } from "./replay";
import { cellOf, draftsOf, isWorkedOn, NAMES, newestOf, plural, rowsInWords, stateOf, type Table, writingOf } from "./tables";
import { Thread } from "./thread";

interface Whole {
  readonly draft: Draft;
  readonly versions: readonly Version[];
  /** The draft as it is after something was done to it. */
  readonly onDone: (draft: Draft) => void;
}

export function Review(props: { readonly table: Table; readonly draft: string }) {
  const { table } = props;
  const path = `/v1/${table}/drafts/${props.draft}`;
  const loaded = useLoaded<Draft>(path);
  const versions = useVersions(table);
  const done = useSignal<Draft | null>(null);
  const again = () => (loaded.again(), versions.again());
  useEvents(["version"], again);
  useEffect(() => {
    // Somebody else may have acted on it meanwhile.
    window.addEventListener("focus", loaded.again);
    return () => window.removeEventListener("focus", loaded.again);
  }, [path]);
  const onDone = (draft: Draft) => {
    done.value = draft;
    again();
  };
  return (
    <WhenLoaded of={loaded}>
      {(read) => {
        const draft = done.value && done.value.acts.length > read.acts.length ? done.value : read;
        const whole = { draft, versions: versions.value.value?.items ?? [], onDone };
        return (
          <PageFrame
            name={draft.purpose}
            about={<About draft={draft} />}
            back={{ name: `${NAMES[table]}, drafts`, href: draftsOf(table) }}
            actions={
              isWorkedOn(draft) && (
                <a class="secondary" href={table === "policies" ? href(table) : writingOf(table, draft.id)}>
                  <Icon name="edit" /> {table === "policies" ? "Choose a policy" : "Edit the rows"}
                </a>
              )
            }
          >
            <Base {...whole} />
            <Read {...whole} />
          </PageFrame>
        );
      }}
    </WhenLoaded>
  );
}

function About({ draft }: { readonly draft: Draft }) {
  const nameOf = useNames();
  const { word, tone } = stateOf(draft.state);
  const others = draft.authors.filter((one) => one !== draft.owner).map(nameOf);
  return (
    <>
      <Tag tone={tone}>{word}</Tag> {nameOf(draft.owner)}
      {others.length > 0 && `, with ${others.join(", ")}`} · begun {day(draft.created_at)} · based on version {draft.base}
    </>
  );
}

/** Told where somebody published since the draft was begun: nothing of it is lost by that. */
function Base({ draft, versions, onDone }: Whole) {
  const desk = useDesk();
  const opens = useSignal(false);
  const newest = newestOf(versions);
  if (newest === undefined || newest.number === draft.base || !isWorkedOn(draft)) return null;
  return (
    <Notice tone="approval" icon="alert">
      <p>
        <strong>Version {newest.number} was published since.</strong> This draft is based on version {draft.base}. Carry
        its changes over to the newest version; none of them is lost, and where both changed the same, you choose.
      </p>
      {desk.may("limits:edit") && (
        <button type="button" class="secondary" onClick={() => (opens.value = true)}>
          Carry over to version {newest.number}
        </button>
      )}
      {opens.value && <Rebase draft={draft} onDone={onDone} onClose={() => (opens.value = false)} />}
    </Notice>
  );
}

/** Everything that is worked out of the draft's rows; asked for anew when they change. */
function Read(whole: Whole) {
  const { draft } = whole;
  const base = `/v1/${draft.table}/drafts/${draft.id}`;
  const at = `${draft.etag} on ${draft.base}`;
  const difference = useJudged<RowChange, Difference>(`${base}/difference`);
  const review = useJudged<Finding, Reviewed>(`${base}/review`);
  const shown = useRef(at);
  useEffect(() => {
    if (shown.current === at) return;
    shown.current = at;
    difference.again();
    review.again();
  }, [at]);
  const { table } = draft;
  const judged = { table, draft: draft.id };
  const changes = difference.value.value;
  const reviewed = review.value.value;
  const faults = (reviewed?.faults.length ?? 0) + (reviewed?.errors ?? 0);
  const changed = new Set(changes?.items.map((one) => one.row));
  const errors = reviewed?.items.filter((one) => one.severity === "error" && one.rows.some((row) => changed.has(row)));
  return (
    <div class="review">
      <div class="review-body">
        <Section name="What changes" about={changes && rowsInWords(table, changes.changed)}>
          <WhenLoaded of={difference} waiting={<Judging {...judged} of={difference} doing="Comparing" act="Compare" />}>
            {(found) =>
              found.changed === 0 ? (
                <p class="quiet">Nothing yet: it holds what version {found.base} does.</p>
              ) : (
                <>
                  {found.tightens && table !== "policies" && (
                    <Notice tone="allowed" icon="check">
                      <p>It is proved that nobody may be given more by it. It may be published at once, by its author too.</p>
                    </Notice>
                  )}
                  <Changes table={table} of={found} hrefOf={(row) => cellOf(table, draft.id, row)} />
                  {!found.isWhole && <p class="quiet">Only the first {rowsInWords(table, found.items.length)} are shown.</p>}
                </>
              )
            }
          </WhenLoaded>
        </Section>
        <Section
          name="To fix and to look at"
          about={reviewed && `${faults} to fix · ${plural(reviewed.warnings, "warning", "warnings")}`}
        >
          <WhenLoaded of={review} waiting={<Judging {...judged} of={review} doing="Reviewing" act="Review" />}>
            {(found) => <Findings of={found} draft={draft} changed={changed} onDone={whole.onDone} />}
          </WhenLoaded>
        </Section>
        {table === "policies" ? (
          <Section name="Which questions it would match" about="real ones, asked again">
            <Questions draft={draft.id} etag={draft.etag} />
          </Section>
        ) : (
          <Section name="What it would have meant" about="the past, decided again">
            {reviewed && <ReplayPart draft={draft} canRun={reviewed.faults.length === 0} />}
          </Section>
        )}
        <Section name="What was said and done">
          <Thread draft={draft} onDone={whole.onDone} />
        </Section>
      </div>
      <aside class="review-acts" aria-label="What can be done">
        <Acts
          {...whole}
          changed={changes?.changed ?? 0}
          errors={errors?.length ?? 0}
          tightens={table !== "policies" && (changes?.tightens ?? false)}
          reviewed={reviewed}
          isStopped={difference.isStopped.value || review.isStopped.value}
        />
      </aside>
    </div>
  );
}

function Section(props: {
  readonly name: string;
  readonly about?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="review-section">
      <h2 class="section-name">
        {props.name} {props.about && <span class="quiet">{props.about}</span>}
      </h2>
      {props.children}
    </section>
  );
}
