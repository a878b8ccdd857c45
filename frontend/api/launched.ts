// What our own pages hand to the page that has opened them: a code, once somebody has signed in there.
const LONGEST_CODE = 500;

/** The one-time code in a message of our own sign-in page; null in anything else. */
export function codeOf(data: unknown): string | null {
  const { source, v, type, payload } = (data ?? {}) as Record<string, unknown>;
  if (source !== "agent-assist" || v !== 1 || type !== "signed-in") return null;
  const code = (payload as { code?: unknown } | null)?.code;
  return typeof code === "string" && code.length <= LONGEST_CODE ? code : null;
}
