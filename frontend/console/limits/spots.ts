// Places in the grid, by the order of what is shown: pure.

/** A cell by the places of its row and column among those that are shown. */
export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** From one corner to the other, both included. */
export interface Range {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** The cells between two, whichever comes first. */
export function rangeOf(one: Spot, other: Spot): Range {
  return {
    rows: [Math.min(one.row, other.row), Math.max(one.row, other.row)],
    columns: [Math.min(one.column, other.column), Math.max(one.column, other.column)],
  };
}

export const isMany = ({ rows, columns }: Range): boolean => rows[0] !== rows[1] || columns[0] !== columns[1];

export function isWithin({ rows, columns }: Range, { row, column }: Spot): boolean {
  return row >= rows[0] && row <= rows[1] && column >= columns[0] && column <= columns[1];
}

/** The nearest cell that is there. */
export function nearest({ row, column }: Spot, rows: number, columns: number): Spot {
  return { row: Math.max(0, Math.min(row, rows - 1)), column: Math.max(0, Math.min(column, columns - 1)) };
}
