// Where a replay found the past to be otherwise: by row, level, remedy or issue, drawn and as a table.
import { useSignal } from "@preact/signals";
import type { Draft, Replay, Tally } from "../../api/schema";
import { scaled } from "../../text/amounts";
import { money, number } from "../../text/format";
import { type Desk, useDesk } from "../desk";
import { cellOf } from "./tables";
import { weightiest } from "./tallies";

const SHOWN = 12;

const VIEWS = { row: "row", level: "level", remedy: "remedy", issue: "issue" } as const;
type View = keyof typeof VIEWS;

interface Line extends Tally {
  readonly key: string;
  readonly name: string;
  readonly href?: string;
}

/** Where it would have been otherwise: drawn, and the same as a table. */
export function Where({ of, draft }: { readonly of: Replay; readonly draft: Draft }) {
  const desk = useDesk();
  const view = useSignal<View>("row");
  const lines = weightiest(linesOf(of, view.value, desk, draft));
  if (of.total.more + of.total.less + of.total.approvals_saved + of.total.approvals_added === 0) return null;
  return (
    <section class="stack">
      <div class="views" role="group" aria-label="By what">
        {(Object.keys(VIEWS) as View[]).map((one) => (
          <button key={one} type="button" aria-pressed={view.value === one} onClick={() => (view.value = one)}>
            By {VIEWS[one]}
          </button>
        ))}
      </div>
      <Drawn lines={lines.slice(0, SHOWN)} currency={of.currency} />
      {lines.length > SHOWN && <p class="quiet">{lines.length - SHOWN} more are in the table.</p>}
      <details class="more">
        <summary>As a table</summary>
        <AsTable lines={lines} currency={of.currency} by={VIEWS[view.value]} />
      </details>
    </section>
  );
}

function linesOf(of: Replay, view: View, desk: Desk, draft: Draft): readonly Line[] {
  switch (view) {
    case "level":
      return of.by_level.map((one) => ({ ...one, key: one.level, name: desk.level(one.level) }));
    case "remedy":
      return of.by_remedy.map((one) => ({ ...one, key: one.remedy, name: desk.remedy(one.remedy) }));
    case "issue":
      return of.by_issue.map((one) => ({ ...one, key: one.issue, name: desk.issue(one.issue) }));
    case "row":
      return of.by_responsible.map((one) => {
        const { kind, key } = one.responsible;
        const name = kind === "none" ? "No row" : kind === "remedy" ? desk.remedy(key) : key;
        const isOurs = kind === (draft.table === "limits" ? "row" : "budget");
        const href = isOurs ? cellOf(draft.table, draft.id, key) : undefined;
        return { ...one, key: `${kind} ${key}`, name: kind === "budget" ? `Budget ${name}` : name, ...(href && { href }) };
      });
  }
}

/** Less to the left, more to the right, to one scale; where no money moved, the number of cases. */
function Drawn({ lines, currency }: { readonly lines: readonly Line[]; readonly currency: string }) {
  const isMoney = lines.some((one) => scaled(one.raised) + scaled(one.lowered) > 0n);
  const partsOf = (line: Line) =>
    isMoney
      ? { less: Number(scaled(line.lowered)), more: Number(scaled(line.raised)) }
      : { less: line.less, more: line.more };
  const most = Math.max(1, ...lines.flatMap((one) => Object.values(partsOf(one))));
  const write = (line: Line, which: "less" | "more") => {
    const text = which === "less" ? line.lowered : line.raised;
    if (partsOf(line)[which] === 0) return "";
    return isMoney ? money(text, currency) : number(String(line[which]));
  };
  return (
    <figure class="diverging" aria-hidden="true">
      <figcaption>
        <span />
        <span class="diverging-less">less</span>
        <span class="diverging-more">more</span>
        <span class="diverging-note">approvals</span>
      </figcaption>
      {lines.map((one) => {
        const { less, more } = partsOf(one);
        return (
          <div class="diverging-line" key={one.key}>
            <span class="diverging-name" title={one.name}>
              {one.name}
            </span>
            <span class="diverging-less">
              <span class="diverging-amount">{write(one, "less")}</span>
              <Bar share={less / most} side="less" />
            </span>
            <span class="diverging-more">
              <Bar share={more / most} side="more" />
              <span class="diverging-amount">{write(one, "more")}</span>
            </span>
            <span class="diverging-note">{approvalsIn(one)}</span>
          </div>
        );
      })}
    </figure>
  );
}

function approvalsIn(line: Tally): string {
  const parts = [];
  if (line.approvals_saved > 0) parts.push(`−${line.approvals_saved}`);
  if (line.approvals_added > 0) parts.push(`+${line.approvals_added}`);
  return parts.join(" ");
}

function Bar({ share, side }: { readonly share: number; readonly side: "less" | "more" }) {
  const width = share === 0 ? 0 : Math.max(share * 100, 1.5);
  return (
    <svg class="meter" data-side={side} viewBox="0 0 100 8" preserveAspectRatio="none">
      <rect x={side === "less" ? 100 - width : 0} y="0" width={width} height="8" />
    </svg>
  );
}

function AsTable(props: { readonly lines: readonly Line[]; readonly currency: string; readonly by: string }) {
  const cash = (text: string) => money(text, props.currency);
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={`What would be otherwise, by ${props.by}`}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{props.by.charAt(0).toUpperCase() + props.by.slice(1)}</th>
            {["Cases", "More in", "More", "Less in", "Less", "Approvals saved", "Approvals added"].map((one) => (
              <th scope="col" class="figure" key={one}>
                {one}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.lines.map((one) => (
            <tr key={one.key}>
              <th scope="row">{one.href ? <a href={one.href}>{one.name}</a> : one.name}</th>
              <td class="figure">{number(String(one.cases))}</td>
              <td class="figure">{number(String(one.more))}</td>
              <td class="figure">{cash(one.raised)}</td>
              <td class="figure">{number(String(one.less))}</td>
              <td class="figure">{cash(one.lowered)}</td>
              <td class="figure">{number(String(one.approvals_saved))}</td>
              <td class="figure">{number(String(one.approvals_added))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
