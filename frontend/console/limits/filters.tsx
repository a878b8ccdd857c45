// Which rows are wanted, and how many there are.
import { useDesk } from "../desk";
import { EVERYTHING, type Filters as Wanted } from "./filtering";
import type { Sheet } from "./sheet";

export function Filters({ sheet }: { readonly sheet: Sheet }) {
  const vocabulary = useDesk().vocabulary.value;
  const filters = sheet.filters.value;
  const set = (change: Partial<Wanted>) => {
    const next = { ...filters, ...change };
    const isAll = Object.entries(EVERYTHING).every(([key, value]) => next[key as keyof Wanted] === value);
    sheet.filters.value = isAll ? EVERYTHING : next;
  };
  const [fit, all] = [sheet.keys.value.length, sheet.rows.value.size];
  const faulty = new Set([...sheet.faults.value.keys(), ...sheet.conflicts.value]).size;
  return (
    <div class="filters" role="group" aria-label="Filters">
      {sheet.table.issue !== null && (
        <Choose name="Issue" value={filters.issue} onChange={(issue) => set({ issue })} of={(vocabulary?.issues ?? []).map((one) => [one.key, one.name])} />
      )}
      <Choose name="Remedy" value={filters.remedy} onChange={(remedy) => set({ remedy })} of={(vocabulary?.remedies ?? []).map((one) => [one.key, one.label])} />
      <Choose name="Fact" value={filters.fact} onChange={(fact) => set({ fact })} of={sheet.facts.value.map((one) => [one.key, one.label])} />
      <input
        class="field"
        type="search"
        aria-label="Find text"
        placeholder="Find text"
        value={filters.text}
        onInput={(event) => set({ text: event.currentTarget.value })}
      />
      {sheet.mayEdit && (
        <div class="segments" role="group" aria-label="Rows">
          {(
            [
              ["all", `All ${all}`],
              ["changed", `Changed ${sheet.changes.value.length}`],
              ["faulty", `To fix ${faulty}`],
            ] as const
          ).map(([only, name]) => (
            <button key={only} type="button" aria-pressed={filters.only === only} onClick={() => set({ only })}>
              {name}
            </button>
          ))}
        </div>
      )}
      <span class="quiet" role="status">
        {fit !== all ? `${fit} of ${all} rows` : !sheet.mayEdit && `${all} ${all === 1 ? "row" : "rows"}`}
      </span>
      {filters !== EVERYTHING && (
        <button type="button" class="link" onClick={() => (sheet.filters.value = EVERYTHING)}>
          Show all
        </button>
      )}
    </div>
  );
}

function Choose(props: {
  readonly name: string;
  readonly value: string;
  readonly of: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <select
      class="field"
      aria-label={props.name}
      data-set={props.value !== ""}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    >
      <option value="">{props.name}</option>
      {props.of.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}
