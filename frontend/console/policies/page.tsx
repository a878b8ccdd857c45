// Policies: what is said to customers, how it is used, and how it is changed.
import { History } from "../drafts/history";
import { Drafts } from "../drafts/list";
import { Review } from "../drafts/review";
import { Editor } from "./editor";
import { PolicyList } from "./list";
import { PolicyView } from "./policy";

export function PoliciesPage({ rest }: { readonly rest: readonly string[] }) {
  const [first, draft, row] = rest;
  if (first === undefined) return <PolicyList />;
  if (first === "history") return <History table="policies" />;
  if (first !== "drafts") return <PolicyView key={first} id={first} />;
  if (draft === undefined) return <Drafts table="policies" />;
  return row === undefined ? <Review key={draft} table="policies" draft={draft} /> : <Editor key={`${draft} ${row}`} id={draft} row={row} />;
}
