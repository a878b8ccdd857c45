// A text of a policy as representatives see it, wherever that is.
import { type Inline, readMarkdown } from "../text/markdown";

/** A text of the library, in its own language and direction. */
export function Markdown({ text, locale }: { readonly text: string; readonly locale?: string | undefined }) {
  return (
    <div class="prose" lang={locale}>
      {readMarkdown(text).map((block) => {
        if (block.kind === "paragraph") return <p dir="auto">{block.inlines.map(inline)}</p>;
        const items = block.items.map((item) => <li dir="auto">{item.map(inline)}</li>);
        return block.ordered ? <ol dir="auto">{items}</ol> : <ul dir="auto">{items}</ul>;
      })}
    </div>
  );
}

function inline(one: Inline) {
  switch (one.kind) {
    case "text":
      return one.text;
    case "strong":
      return <strong>{one.text}</strong>;
    case "em":
      return <em>{one.text}</em>;
    case "code":
      return <code>{one.text}</code>;
  }
}
