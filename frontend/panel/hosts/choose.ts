// The adapter for the host that the server named.
import type { HostAdapter, HostBoot, Surroundings } from "./adapter";
import { Chatwoot } from "./chatwoot";
import { Generic } from "./generic";
import { Standalone } from "./standalone";
import { Zendesk } from "./zendesk";

export function adapterFor(host: HostBoot | null, window: Window): HostAdapter {
  if (host === null || window.parent === window) return new Standalone();
  const around: Surroundings = { window, parent: window.parent, origins: host.origins };
  switch (host.kind) {
    case "chatwoot":
      return new Chatwoot(around);
    case "zendesk":
      return new Zendesk(around);
    case "generic":
      return new Generic(around);
  }
  return new Standalone();
}
