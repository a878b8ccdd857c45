// Systems: what calls us, what we stand in, what we tell, and what is kept of customers. For administrators.
import { Data } from "./data";
import { Hosts } from "./hosts";
import { Keys } from "./keys";
import { OneWebhook } from "./webhook";
import { Webhooks } from "./webhooks";

export function SystemsPage({ rest }: { readonly rest: readonly string[] }) {
  const [at = "", id] = rest;
  if (at === "webhooks") return id === undefined ? <Webhooks /> : <OneWebhook key={id} id={id} />;
  if (at === "data") return <Data />;
  return at === "embedding" ? <Hosts /> : <Keys />;
}
