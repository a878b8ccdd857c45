// What spreadsheets put on the clipboard, read and written: pure.

/** More are refused: an import shows first what so many would change. */
export const MOST_ROWS = 5_000;
/** A cell of the sheet has no more characters. */
export const LONGEST = 500;
const MOST_COLUMNS = 200;

export class TooMuch extends Error {}

/**
 * The cells of a text as spreadsheets write it: tabs between cells, a line for each row, quotes
 * around cells that hold either.
 *
 * Throws TooMuch for more rows than `MOST_ROWS`, before it reads them, and for wide or long ones.
 */
export function readCells(text: string): string[][] {
  const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (linesOf(body) > MOST_ROWS) {
    throw new TooMuch(
      `That is more than ${MOST_ROWS.toLocaleString("en")} rows, so nothing was pasted. Import it as a file instead: you then see first what it would change.`,
    );
  }
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  for (;;) {
    const [cell, end] = body[at] === '"' ? quoted(body, at) : plain(body, at);
    row.push(clean(cell));
    if (row.length > MOST_COLUMNS) throw new TooMuch(`That has over ${MOST_COLUMNS} columns, so nothing was pasted.`);
    at = end + 1;
    if (body[end] === "\t") continue;
    rows.push(row);
    row = [];
    if (end >= body.length) return rows;
  }
}

/** Cells as spreadsheets take them. */
export function writeCells(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

function plain(body: string, from: number): [string, number] {
  let end = from;
  while (end < body.length && body[end] !== "\t" && body[end] !== "\n") end += 1;
  return [body.slice(from, end), end];
}

/** A cell in quotes; one whose quotes never end, or are followed by more, is read as it stands. */
function quoted(body: string, from: number): [string, number] {
  let end = from + 1;
  for (;;) {
    end = body.indexOf('"', end);
    if (end === -1) return plain(body, from);
    if (body[end + 1] !== '"') break;
    end += 2;
  }
  const after = body[end + 1];
  if (after !== undefined && after !== "\t" && after !== "\n") return plain(body, from);
  return [body.slice(from + 1, end).replaceAll('""', '"'), end + 1];
}

// Characters that nobody can see would be refused by the server, and come along with copied texts.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

function clean(cell: string): string {
  const text = cell.replace(/\u00a0/g, " ").replace(/\s*\n\s*/g, " ").replace(HIDDEN, "").trim();
  if (text.length > LONGEST) {
    throw new TooMuch(`A cell has more than ${LONGEST} characters, so nothing was pasted.`);
  }
  return text;
}

/** How many lines there are, counted no further than it matters. */
function linesOf(body: string): number {
  let lines = 1;
  for (let at = body.indexOf("\n"); at !== -1 && lines <= MOST_ROWS; at = body.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
