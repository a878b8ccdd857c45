// The Markdown of policies: paragraphs, lists, emphasis. Nothing in it can become markup of ours.

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "strong" | "em" | "code"; readonly text: string };

export type Block =
  | { readonly kind: "paragraph"; readonly inlines: readonly Inline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] };

const ITEM = /^\s{0,3}(?:[-*+]|(\d{1,3})[.)])\s+(.*)$/;
const LINK = /\[([^\]]*)\]\([^)]*\)/g;
const SPAN = /(\*\*|__)(?=\S)(.+?)\1|(\*|_)(?=\S)(.+?)\3(?!\w)|`([^`]+)`/g;

/** The blocks of a text. */
export function readMarkdown(source: string): Block[] {
  return source
    .split(/\n\s*\n/)
    .map((part) => part.split("\n").filter((line) => line.trim() !== ""))
    .filter((lines) => lines.length > 0)
    .flatMap(readBlocks);
}

/** The same as plain text, to be copied or said. */
export function plainText(source: string): string {
  const blocks = readMarkdown(source).map((block) => {
    if (block.kind === "paragraph") return written(block.inlines);
    return block.items.map((item, at) => `${block.ordered ? `${at + 1}.` : "-"} ${written(item)}`).join("\n");
  });
  return blocks.join("\n\n");
}

const written = (inlines: readonly Inline[]) => inlines.map((one) => one.text).join("");

function readBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let said: string[] = [];
  let items: string[] = [];
  let ordered = false;
  const close = () => {
    if (said.length > 0) blocks.push({ kind: "paragraph", inlines: readInlines(said.join(" ")) });
    if (items.length > 0) blocks.push({ kind: "list", ordered, items: items.map(readInlines) });
    said = [];
    items = [];
  };
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item) {
      if (said.length > 0) close();
      ordered = item[1] !== undefined;
      items.push(item[2] ?? "");
    } else if (items.length > 0 && /^\s/.test(line)) {
      items.push(`${items.pop()} ${line.trim()}`);
    } else {
      if (items.length > 0) close();
      said.push(line.trim().replace(/^#+\s*/, ""));
    }
  }
  close();
  return blocks;
}

function readInlines(source: string): Inline[] {
  const text = source.replace(LINK, "$1");
  const found: Inline[] = [];
  let from = 0;
  for (const span of text.matchAll(SPAN)) {
    if (span.index > from) found.push({ kind: "text", text: text.slice(from, span.index) });
    const [whole, , strong, , em, code] = span;
    if (strong !== undefined) found.push({ kind: "strong", text: strong });
    else if (em !== undefined) found.push({ kind: "em", text: em });
    else found.push({ kind: "code", text: code ?? "" });
    from = span.index + whole.length;
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) });
  return found;
}
