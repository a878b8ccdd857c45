// One request, with everything that networks and servers do to requests made into our own faults.
import { NoAnswer, Refused } from "./problems";

const PATIENCE = 10_000; // ms; a rep does not wait longer

export interface Wanted {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly key?: string;
  /** The `etag` of what is changed, as it was read. */
  readonly match?: string;
  /** How long to wait, in ms, for what takes longer than people like to wait. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
  readonly token?: string;
}

/**
 * The JSON that the server answered; null where it answered nothing.
 *
 * Throws Refused, NoAnswer, or the AbortError of `signal`.
 */
export async function send(wanted: Wanted): Promise<unknown> {
  const { ok, status, content } = await exchanged(wanted, (response) => response.text());
  const answer = read(content);
  if (ok) return answer;
  throw refusal(status, answer);
}

/** The file that the server answered; throws as `send` does. */
export async function fetchFile(wanted: Wanted): Promise<Blob> {
  const { ok, status, content } = await exchanged(wanted, (response) => response.blob());
  if (ok) return content;
  throw refusal(status, read(await content.text()));
}

const refusal = (status: number, answer: unknown) =>
  new Refused(status, typeof answer === "object" && answer !== null ? answer : {});

async function exchanged<T>(
  wanted: Wanted,
  contentOf: (response: Response) => Promise<T>,
): Promise<{ readonly ok: boolean; readonly status: number; readonly content: T }> {
  const patience = AbortSignal.timeout(wanted.patience ?? PATIENCE);
  const signals = wanted.signal ? [wanted.signal, patience] : [patience];
  let response: Response;
  let content: T;
  try {
    response = await fetch(wanted.path, {
      method: wanted.method,
      headers: headersOf(wanted),
      body: wanted.body === undefined ? null : JSON.stringify(wanted.body),
      signal: AbortSignal.any(signals),
      credentials: "omit",
      cache: "no-store",
      keepalive: wanted.method === "DELETE", // signing out goes on while the page is left
    });
    content = await contentOf(response);
  } catch (fault) {
    if (wanted.signal?.aborted) throw new DOMException("given up", "AbortError");
    throw new NoAnswer(patience.aborted ? "slow" : "offline");
  }
  if (response.status >= 500) throw new NoAnswer("failing");
  return { ok: response.ok, status: response.status, content };
}

export function headersOf(wanted: Pick<Wanted, "body" | "key" | "match" | "token">): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (wanted.body !== undefined) headers["Content-Type"] = "application/json";
  if (wanted.key) headers["Idempotency-Key"] = wanted.key;
  if (wanted.match) headers["If-Match"] = wanted.match;
  if (wanted.token) headers["Authorization"] = `Bearer ${wanted.token}`;
  return headers;
}

function read(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new NoAnswer("failing"); // a page of something between us and the server
  }
}
