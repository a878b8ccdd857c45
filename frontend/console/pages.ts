// Every page of the console: where it is, what it is called, who it is for.
import type { ComponentType } from "preact";
import { ApprovalsBadge } from "./approvals/badge";
import { ApprovalsPage } from "./approvals/page";
import { AuditPage } from "./audit/page";
import { BudgetsPage } from "./budgets/page";
import { ContactsPage } from "./contacts/page";
import { LimitsPage } from "./drafts/pages";
import { InsightsPage } from "./insights/page";
import type { IconName } from "./parts/icon";
import { OverviewPage } from "./overview/page";
import { PoliciesPage } from "./policies/page";
import { PeoplePage } from "./people/page";
import { SystemsPage } from "./systems/page";

export interface Page {
  /** The first part of its address; empty for the page that `/console` itself shows. */
  readonly at: string;
  readonly name: string;
  readonly icon: IconName;
  /** Pages of a group stand together in the navigation. */
  readonly group: "work" | "organisation";
  /** Stands beside its name in the navigation, such as how many wait. */
  readonly badge?: ComponentType;
  /** Only those whose session has it are led here; for all who have the console if left out. */
  readonly scope?: string;
  /** Gets what follows in the address: of `/console/limits/drafts/7`, `["drafts", "7"]`. */
  readonly part: ComponentType<{ readonly rest: readonly string[] }>;
}

export const PAGES: readonly Page[] = [
  { at: "", name: "Overview", icon: "overview", group: "work", part: OverviewPage },
  { at: "approvals", name: "Approvals", icon: "approvals", group: "work", badge: ApprovalsBadge, part: ApprovalsPage },
  { at: "limits", name: "Limits", icon: "limits", group: "work", part: LimitsPage },
  { at: "budgets", name: "Budgets", icon: "budgets", group: "work", part: BudgetsPage },
  { at: "policies", name: "Policies", icon: "policies", group: "work", part: PoliciesPage },
  { at: "contacts", name: "Contacts", icon: "contacts", group: "work", part: ContactsPage },
  { at: "insights", name: "Insights", icon: "insights", group: "work", scope: "insights", part: InsightsPage },
  { at: "people", name: "People", icon: "people", group: "organisation", scope: "people", part: PeoplePage },
  { at: "systems", name: "Systems", icon: "systems", group: "organisation", scope: "systems", part: SystemsPage },
  { at: "audit", name: "Audit", icon: "audit", group: "organisation", scope: "audit", part: AuditPage },
];
