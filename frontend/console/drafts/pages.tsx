// The pages of a table: which of them an address shows, and the way from one to the other.
import type { ComponentChildren } from "preact";
import { TABLES } from "../limits/columns";
import { DraftTable } from "../limits/draft";
import { PublishedTable } from "../limits/published";
import { href } from "../place";
import { Drafts } from "./list";
import { History } from "./history";
import { Review } from "./review";
import { type Grid, NAMES, type Table } from "./tables";
import { Try } from "./try";

interface Tab {
  readonly name: string;
  readonly at: readonly string[];
}

const TABS: Readonly<Record<Table, readonly Tab[]>> = {
  limits: [
    { name: "Table", at: [] },
    { name: "Drafts", at: ["drafts"] },
    { name: "Try a case", at: ["try"] },
    { name: "History", at: ["history"] },
  ],
  budgets: [
    { name: "Use", at: [] },
    { name: "Table", at: ["table"] },
    { name: "Drafts", at: ["drafts"] },
    { name: "Try a case", at: ["try"] },
    { name: "History", at: ["history"] },
  ],
  policies: [
    { name: "Policies", at: [] },
    { name: "Drafts", at: ["drafts"] },
    { name: "History", at: ["history"] },
  ],
};

/** Limits; where an address names none of these pages, the table in effect. */
export function LimitsPage({ rest }: { readonly rest: readonly string[] }) {
  return tablePage("limits", rest) ?? <PublishedTable table={TABLES.limits} place="" />;
}

/** The page of rows, drafts or versions that an address names; null where it is none of these. */
export function tablePage(table: Grid, rest: readonly string[]): ComponentChildren {
  const [first, draft, act] = rest;
  if (first === "drafts" && draft === undefined) return <Drafts key={table} table={table} />;
  if (first === "drafts" && draft && act === "review") return <Review key={draft} table={table} draft={draft} />;
  if (first === "drafts" && draft) return <DraftTable key={draft} table={TABLES[table]} id={draft} />;
  if (first === "table") return <PublishedTable key={table} table={TABLES[table]} place="table" />;
  if (first === "history") return <History key={table} table={table} />;
  if (first === "try") return <Try key={table} table={table} />;
  return null;
}

/** The way between the pages of what is drafted. */
export function TableTabs(props: { readonly table: Table; readonly current: string }) {
  return (
    <nav class="tabs" aria-label={`${NAMES[props.table]}, pages`}>
      {TABS[props.table].map((one) => (
        <a
          key={one.name}
          href={href(props.table, ...one.at)}
          aria-current={(one.at[0] ?? "") === props.current ? "page" : undefined}
        >
          {one.name}
        </a>
      ))}
    </nav>
  );
}
