// A tab of its own: nobody around it, and the rep types what is said.
import type { Context, HostAdapter } from "./adapter";

export class Standalone implements HostAdapter {
  readonly insert = null;

  start(_changed: (context: Context) => void): void {}

  resize(): void {}

  close(): void {}
}
