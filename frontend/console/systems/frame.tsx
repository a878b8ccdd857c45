// The frame that the pages about systems share.
import type { ComponentChildren } from "preact";
import { PageFrame } from "../parts/small";
import { href } from "../place";

const TABS = [
  { at: "", name: "API keys" },
  { at: "embedding", name: "Embedding" },
  { at: "webhooks", name: "Webhooks" },
  { at: "data", name: "Data" },
] as const;

/** A page of systems, with the way to the others. */
export function SystemsFrame(props: {
  readonly at: (typeof TABS)[number]["at"];
  readonly about: string;
  readonly actions: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <PageFrame name="Systems" about={props.about} actions={props.actions}>
      <nav class="tabs" aria-label="Systems">
        {TABS.map((one) => (
          <a
            key={one.at}
            href={one.at === "" ? href("systems") : href("systems", one.at)}
            aria-current={one.at === props.at ? "page" : undefined}
          >
            {one.name}
          </a>
        ))}
      </nav>
      {props.children}
    </PageFrame>
  );
}
