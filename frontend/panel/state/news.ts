// What became of a remedy in a contact, gathered from what stands on the server and what went wrong.
import type { Approval } from "../../api/names";
import type { Grant } from "../../api/schema";

export interface News {
  readonly grants: readonly Grant[];
  /** The newest request, unless it was withdrawn or its grant tells of it. */
  readonly approval: Approval | null;
  readonly isInTrouble: boolean;
}

export function newsOf(
  remedy: string,
  grants: readonly Grant[],
  approvals: readonly Approval[],
  isInTrouble: boolean,
): News {
  const standing = grants.filter((one) => one.remedy === remedy && one.state !== "voided");
  const latest = approvals.find((one) => one.remedy === remedy);
  const isTold = latest && latest.state !== "withdrawn" && !standing.some((one) => one.id === latest.end?.grant);
  return { grants: standing, approval: isTold ? latest : null, isInTrouble };
}

/** True if there is anything that must stay in sight. */
export function hasNews(news: News): boolean {
  return news.grants.length > 0 || news.approval !== null || news.isInTrouble;
}
