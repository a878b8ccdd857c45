// The answers of a trial beside each other: verdict, amount, the rows that decide and why.
import type { BecauseRow, Option, Trial } from "../../api/schema";
import { isNothing } from "../../text/amounts";
import { amount, fact } from "../../text/format";
import { capInWords, otherwiseInWords, possibleInWords, testInWords, verdictWord } from "../../text/words";
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { Tag } from "../parts/small";
import { plural, type Tone } from "./tables";

const FIRST = 3;

const TONES: Readonly<Record<Option["verdict"], Tone>> = {
  allowed: "allowed",
  needs_approval: "approval",
  open: "quiet",
  not_allowed: "refused",
};

export function Sides({ of }: { readonly of: Trial }) {
  const desk = useDesk();
  const remedies = new Map([...of.published.options, ...(of.draft?.options ?? [])].map((one) => [one.remedy, one]));
  const find = (side: Trial["draft"], remedy: string) => side?.options.find((one) => one.remedy === remedy);
  return (
    <ul class="tried" data-sides={of.draft ? 2 : 1}>
      {[...remedies.keys()].map((remedy) => {
        const [now, then] = [find(of.published, remedy), find(of.draft, remedy)];
        const differs = of.draft !== null && !sameAnswer(now, then);
        const isOne = of.draft === null || JSON.stringify(now) === JSON.stringify(then);
        return (
          <li key={remedy} class="tried-remedy">
            <h2 class="section-name">
              {desk.remedy(remedy)} {differs && <Tag tone="accent">Changes</Tag>}
            </h2>
            <div class="tried-sides">
              <Side name={of.draft === null ? null : isOne ? "Published and draft alike" : "Published"} of={now} />
              {!isOne && <Side name="Draft" of={then} />}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

const sameAnswer = (a: Option | undefined, b: Option | undefined) =>
  JSON.stringify([a?.verdict, a?.up_to, a?.approval]) === JSON.stringify([b?.verdict, b?.up_to, b?.approval]);

function Side({ name, of }: { readonly name: string | null; readonly of: Option | undefined }) {
  const desk = useDesk();
  return (
    <section class="tried-side" aria-label={name ?? "Published"}>
      {name && <h3 class="quiet">{name}</h3>}
      {of === undefined ? (
        <p class="quiet">No row speaks of it.</p>
      ) : (
        <>
          <p class="tried-verdict">
            <Tag tone={TONES[of.verdict]}>{verdictWord(of.verdict)}</Tag>
            {!isNothing(of.up_to) && <strong>up to {amount(of.up_to)}</strong>}
          </p>
          {of.approval && (
            <p>
              {desk.level(of.approval.level)}: up to {amount(of.approval.up_to)}
            </p>
          )}
          {of.binding && <p class="quiet">{capInWords(of.binding, desk)}</p>}
          {of.because.length === 0 && <p class="quiet">No row is met.</p>}
          <ul class="because">
            {of.because.slice(0, FIRST).map((row) => (
              <Because key={row.row} of={row} />
            ))}
          </ul>
          {of.because.length > FIRST && (
            <details class="more">
              <summary>{plural(of.because.length - FIRST, "more row", "more rows")}</summary>
              <ul class="because">
                {of.because.slice(FIRST).map((row) => (
                  <Because key={row.row} of={row} />
                ))}
              </ul>
            </details>
          )}
          <Turns of={of} />
        </>
      )}
    </section>
  );
}

const STATES = { met: "is met", excluded: "does not apply", open: "may apply" } as const;

function Because({ of }: { readonly of: BecauseRow }) {
  const desk = useDesk();
  return (
    <li>
      <p>
        <strong>{of.row}</strong> {of.effect === "deny" ? "forbids it and " : ""}
        {STATES[of.state]}
      </p>
      <ul class="tests">
        {of.tests.map((one) => (
          <li key={one.fact} data-met={one.met === null ? "unknown" : String(one.met)}>
            <Icon name={one.met === null ? "search" : one.met ? "check" : "x"} />
            <span>
              {desk.fact(one.fact)}: {testInWords(one.test)}
              <span class="quiet">
                {one.value === null ? " - not known" : ` - it is ${fact(one.value)}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** What would change the answer. */
function Turns({ of }: { readonly of: Option }) {
  const desk = useDesk();
  const said = [
    ...of.possible.slice(0, FIRST).map((one) => possibleInWords(one, desk)),
    ...of.otherwise.slice(0, FIRST).map((one) => otherwiseInWords(one, desk)),
  ];
  if (said.length === 0) return null;
  return (
    <div class="turns">
      <p class="quiet">What would change it</p>
      <ul>
        {[...new Set(said)].map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}
