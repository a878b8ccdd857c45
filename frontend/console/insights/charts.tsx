// Charts of our own, drawn beside the numbers that they show: a reader of the table loses nothing.

/** From a low end to a high one, with the likely value marked, of 0 to `most`. */
export function Range(props: { readonly low: number; readonly likely: number; readonly high: number; readonly most: number; readonly isFew?: boolean }) {
  const at = (value: number) => (props.most <= 0 ? 0 : Math.min(100, (100 * value) / props.most));
  return (
    <svg class="range" data-few={props.isFew} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="range-ground" x="0" y="4.5" width="100" height="1" />
      <rect class="range-span" x={at(props.low)} y="3" width={Math.max(0.5, at(props.high) - at(props.low))} height="4" />
      <rect class="range-likely" x={Math.max(0, Math.min(99, at(props.likely) - 0.5))} y="0.5" width="1" height="9" />
    </svg>
  );
}

export interface Step {
  readonly key: string;
  /** How much there is of it, and which part of that is marked. */
  readonly all: number;
  readonly part: number;
}

/** Columns in their order, each with a part marked. */
export function Columns({ of }: { readonly of: readonly Step[] }) {
  const most = Math.max(1, ...of.map((one) => one.all));
  const wide = 20;
  return (
    <svg class="columns" viewBox={`0 0 ${wide * of.length} 100`} preserveAspectRatio="none" aria-hidden="true">
      {of.map((one, n) => (
        <g key={one.key}>
          <rect class="columns-all" x={wide * n + 3} y={100 - (100 * one.all) / most} width={wide - 6} height={(100 * one.all) / most} />
          <rect class="columns-part" x={wide * n + 3} y={100 - (100 * one.part) / most} width={wide - 6} height={(100 * one.part) / most} />
        </g>
      ))}
    </svg>
  );
}

export interface Point {
  readonly key: string;
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** Shares with their intervals, in their order, from 0 to `most`. */
export function Intervals({ of, most }: { readonly of: readonly Point[]; readonly most: number }) {
  const wide = 20;
  const y = (value: number) => 100 - (100 * Math.min(value, most)) / most;
  return (
    <svg class="intervals" viewBox={`0 0 ${wide * of.length} 100`} preserveAspectRatio="none" aria-hidden="true">
      {of.map((one, n) => (
        <g key={one.key}>
          <rect class="range-span" x={wide * n + 8} y={y(one.high)} width={4} height={Math.max(1, y(one.low) - y(one.high))} />
          <rect class="range-likely" x={wide * n + 5} y={y(one.likely) - 1} width={10} height="2" />
        </g>
      ))}
    </svg>
  );
}
