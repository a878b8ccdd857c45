// A policy as the representative sees it.
import { Markdown } from "../../parts/markdown";
import type { Cells } from "./fields";

const PARTS = [
  ["say", "Say"],
  ["why", "Why"],
  ["alternative_say", "Alternative say"],
  ["alternative_why", "Alternative why"],
  ["steps", "Steps"],
  ["exceptions", "Exceptions"],
] as const;

export function Preview({ of }: { readonly of: Cells }) {
  return (
    <article class="preview" aria-label="As the representative sees it">
      <h3>{of["title"] || "Without a title"}</h3>
      {PARTS.map(([column, name]) =>
        of[column]?.trim() ? (
          <section key={column} data-kind={column}>
            <h4>{name}</h4>
            <Markdown text={of[column] ?? ""} />
          </section>
        ) : null,
      )}
    </article>
  );
}
