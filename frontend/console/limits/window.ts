// Which of many things in a line are in view: pure.

/** The places of the first and the last, both included; the last is before the first where there is none. */
export type Window = readonly [number, number];

/** Which of `count` things, each `size` long, lie between two edges. */
export function windowOf(count: number, size: number, from: number, to: number): Window {
  return [Math.max(0, Math.floor(from / size)), Math.min(count, Math.ceil(to / size)) - 1];
}

/** Where each of some things begins that stand side by side, and after the last one where they end. */
export function edgesOf(sizes: readonly number[]): readonly number[] {
  const edges = [0];
  for (const size of sizes) edges.push((edges.at(-1) ?? 0) + size);
  return edges;
}

/** Which of some things with these edges, from the place `first` on, lie between two others. */
export function windowBetween(edges: readonly number[], first: number, from: number, to: number): Window {
  let start = first;
  while (start < edges.length - 1 && (edges[start + 1] ?? 0) <= from) start += 1;
  let end = start;
  while (end < edges.length - 1 && (edges[end] ?? 0) < to) end += 1;
  return [start, end - 1];
}

/** How far to scroll so that what lies between two edges is in a view; as far as now where it is. */
export function scrolledTo(from: number, to: number, scrolled: number, room: number): number {
  if (from < scrolled) return from;
  return to > scrolled + room ? to - room : scrolled;
}
