// A file that somebody chose, as the API takes sheets: read and judged before it leaves.

const MOST = 900_000; // characters that the server takes; of a workbook in base64
const AT_ONCE = 32_768; // bytes; a call takes only so many arguments

export interface SheetFile {
  readonly name: string;
  readonly format: string;
  readonly content: string;
}

/** A file that cannot be a sheet; it says why, and what to do. */
export class Unfit extends Error {}

/** A file as it is sent; throws Unfit, of one that is too large before it is read. */
export async function sheetOf(file: File): Promise<SheetFile> {
  const { name } = file;
  const format = /\.(csv|json|xlsx)$/i.exec(name)?.[1]?.toLowerCase();
  if (format === undefined) throw new Unfit("Choose a file whose name ends in .csv, .xlsx or .json.");
  if (file.size > MOST) throw tooLarge(name);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const content = format === "xlsx" ? base64(bytes) : textOf(name, bytes);
  if (content.length > MOST) throw tooLarge(name);
  return { name, format, content };
}

const tooLarge = (name: string) =>
  new Unfit(
    `${name} is too large: an import takes up to 900,000 characters, or a workbook of 675 kB. Leave out rows, or import it by the command line.`,
  );

/** In another encoding letters would be taken for others, in sentences that customers hear. */
function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Unfit(`${name} is not text in UTF-8. Save it as “CSV UTF-8”, or as a workbook, and choose it again.`);
  }
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(text);
}
