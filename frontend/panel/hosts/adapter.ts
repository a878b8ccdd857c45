// What the panel needs from the page around it; each kind of host has one of these.
import type { Speaker } from "../../api/schema";

export interface Turn {
  readonly from: Speaker;
  readonly text: string;
  readonly at: string | null;
}

/** A contact as its host tells it: hints, every one; what counts is checked by the server. */
export interface Context {
  readonly conversation: {
    readonly id: string | null;
    readonly channel: string | null;
    readonly locale: string | null;
    readonly turns: readonly Turn[];
  };
  readonly customer: { readonly id: string | null; readonly name: string | null };
  readonly order: string | null;
  /** By path, such as `contact.plan`: what facts of the library may be read from. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly theme: "light" | "dark" | null;
}

export interface HostAdapter {
  /** Begin to listen; `changed` is told of each context that differs from the one before. */
  start(changed: (context: Context) => void): void;
  /** Put a text where the rep writes to the customer; null where the host cannot. */
  readonly insert: ((text: string) => void) | null;
  /** Say how tall the panel would like to be. */
  resize(height: number): void;
  close(): void;
}

/** The host of the boot data. */
export interface HostBoot {
  readonly id: string;
  readonly kind: string;
  readonly origins: readonly string[];
}

/** The window around the panel, and who may speak from it. */
export interface Surroundings {
  readonly window: Window;
  readonly parent: Window;
  readonly origins: readonly string[];
}

/**
 * Listens to the parent alone, from its origins alone, and hands on what is said.
 *
 * Returns what ends the listening.
 */
export function listen(around: Surroundings, said: (data: unknown, origin: string) => void): () => void {
  const heard = (event: MessageEvent) => {
    if (event.source !== around.parent || !around.origins.includes(event.origin)) return;
    said(event.data, event.origin);
  };
  around.window.addEventListener("message", heard);
  return () => around.window.removeEventListener("message", heard);
}

/** The origin the panel is framed by, if it is a known one; else the only one there is. */
export function parentOrigin(around: Surroundings): string | null {
  const ancestors = around.window.location.ancestorOrigins as DOMStringList | undefined;
  const framing = ancestors?.[0] ?? originOf(around.window.document.referrer);
  if (framing !== null) return around.origins.includes(framing) ? framing : null;
  return around.origins.length === 1 ? (around.origins[0] ?? null) : null;
}

function originOf(url: string): string | null {
  try {
    return new URL(url).origin;
  } catch {
    return null;
  }
}
