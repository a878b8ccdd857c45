// Made by types.mjs from the API's document; a test tells when it is outdated.

export interface Absence {
  readonly person: string;
  readonly substitute: string;
  readonly first: string;
  readonly last: string;
}

export interface AbsenceRequest {
  readonly substitute: ByGiven;
  readonly first: string;
  readonly last: string;
}

export interface Absences {
  readonly today: string;
  readonly items: readonly Absence[];
  readonly deciders: readonly Decider[];
}

export interface Abstained {
  readonly count: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface Act {
  readonly number: number;
  readonly kind: ActKind;
  readonly at: string;
  readonly by: string;
  readonly comment: string;
  readonly base: number | null;
  readonly version: number | null;
}

export type ActKind = "edit" | "rebase" | "submit" | "comment" | "approve" | "return" | "publish" | "cancel" | "discard";

export interface ActRequest {
  readonly by: ByGiven;
  readonly comment?: string;
}

export interface ApprovalEnd {
  readonly at: string;
  readonly by: string | null;
  readonly level: string | null;
  readonly amount: Money | Percent | Count | Days | NoLimit | null;
  readonly reason_code: RulingReason | null;
  readonly comment: string | null;
  readonly grant: string | null;
  readonly versions: Versions | null;
  readonly changed: boolean;
}

export interface ApprovalPage {
  readonly items: readonly agent_assist__web__approvals__shapes__Approval[];
  readonly next_cursor: string | null;
}

export type ApprovalState = "pending" | "approved" | "refused" | "withdrawn" | "expired";

export type ApprovalsBy = "day" | "week" | "issue" | "remedy" | "team" | "level";

export interface ApprovalsReport {
  readonly since: string;
  readonly until: string;
  readonly team: string | null;
  readonly issue: string | null;
  readonly pending: number;
  readonly whole: boolean;
  readonly by: ApprovalsBy;
  readonly total: AskedSeen;
  readonly items: readonly AskedItem[];
}

export interface AskedItem {
  readonly requests: number;
  readonly states: Readonly<Record<string, number>>;
  readonly approved: RateSeen;
  readonly cut: RateSeen;
  readonly taken_back: RateSeen;
  readonly waited_seconds: number | null;
  readonly waited_long_seconds: number | null;
  readonly key: string | null;
}

export interface AskedRemedy {
  readonly facts?: Readonly<Record<string, string | boolean | number | MoneyGiven>>;
  readonly rep?: RepGiven;
  readonly customer?: CustomerGiven;
  readonly order?: OrderGiven;
  readonly contact?: ContactGiven;
  readonly issue: string;
  readonly remedy: string;
  readonly amount: string | MoneyGiven | PercentGiven | CountGiven | DaysGiven;
  readonly reason_code: string;
  readonly comment?: string;
  readonly suggestion?: string;
}

export interface AskedSeen {
  readonly requests: number;
  readonly states: Readonly<Record<string, number>>;
  readonly approved: RateSeen;
  readonly cut: RateSeen;
  readonly taken_back: RateSeen;
  readonly waited_seconds: number | null;
  readonly waited_long_seconds: number | null;
}

export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly act: string;
  readonly subject: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly previous: string;
  readonly hash: string;
}

export interface AuditPage {
  readonly items: readonly AuditEntry[];
  readonly people: Readonly<Record<string, string>>;
  readonly next_cursor: string | null;
}

export interface AuditPart {
  readonly seq: number;
  readonly hash: string;
  readonly entries: number;
  readonly broken: BrokenEntry | null;
}

export interface BecauseRow {
  readonly row: string;
  readonly effect: Effect;
  readonly state: RowState;
  readonly tests: readonly TestResult[];
}

export interface Brake {
  readonly scope: "organisation" | "team";
  readonly team: string | null;
  readonly pulled: boolean;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

export interface BrakeCap {
  readonly kind: "brake";
  readonly scope: "organisation" | "team";
  readonly team: string | null;
  readonly reason: string;
  readonly headroom: Money | Percent | Count | Days | NoLimit;
}

export interface BrakeList {
  readonly items: readonly Brake[];
}

export interface BrakeRequest {
  readonly team?: string;
  readonly reason: string;
  readonly by?: ByGiven;
}

export interface Brief {
  readonly approval: agent_assist__web__approvals__shapes__Approval;
  readonly levels: readonly LevelView[];
  readonly precedents: Precedents;
}

export interface BrokenEntry {
  readonly seq: number;
  readonly reason: string;
}

export interface BudgetCap {
  readonly kind: "budget";
  readonly budget: string;
  readonly scope: string;
  readonly window: string;
  readonly headroom: Money | Percent | Count | Days | NoLimit;
  readonly grants_left: number | null;
  readonly warning: boolean;
}

export interface BudgetHeadroom {
  readonly budget: string;
  readonly scope: string;
  readonly window: string;
  readonly remedies: readonly string[];
  readonly used: Used;
  readonly headroom: Left;
  readonly warning: boolean;
  readonly frozen: boolean;
}

export interface BudgetUseAnswer {
  readonly budget: string;
  readonly scope: string;
  readonly window: string;
  readonly remedies: readonly string[];
  readonly conditions: readonly Condition[];
  readonly frozen: boolean;
  readonly levels: readonly LevelUse[];
  readonly holders: readonly HolderUse[];
  readonly number: number;
}

export interface BudgetUsePage {
  readonly at: string;
  readonly versions: Versions;
  readonly items: readonly BudgetUseAnswer[];
  readonly next_cursor: string | null;
}

export type By = "day" | "week" | "issue" | "cause" | "policy" | "team" | "channel";

export interface ByGiven {
  readonly id: string;
}

export interface CancelRequest {
  readonly by: ByGiven;
}

export interface CaptureRequest {
  readonly amount?: string | MoneyGiven | PercentGiven | CountGiven | DaysGiven;
  readonly rep?: ByGiven;
}

export type Cause_Input = "product" | "process" | "marketing" | "customer" | "employee";

export interface CeilingCap {
  readonly kind: "ceiling";
  readonly row: string;
  readonly headroom: Money | Percent | Count | Days | NoLimit;
  readonly given: Money | Percent | Count | Days | NoLimit;
  readonly scope: "order" | "contact" | null;
}

export interface CellFault {
  readonly row: string;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

export interface CellSeen {
  readonly row: string;
  readonly level: string;
  readonly remedy: string;
  readonly ceiling: string;
  readonly requests: number;
  readonly states: Readonly<Record<string, number>>;
  readonly cut: number;
  readonly taken_back: number;
  readonly overturned: Overturned | null;
  readonly waited_seconds: number | null;
  readonly asked: Money | Percent | Count | Days | NoLimit | null;
  readonly given: Money | Percent | Count | Days | NoLimit | null;
  readonly advice: RaiseAdvised | null;
  readonly why_not: WhyNot | null;
  readonly newest: readonly RequestBehind[];
}

export interface CellUsed {
  readonly row: string;
  readonly level: string;
  readonly remedy: string;
  readonly ceiling: string;
  readonly occasions: number;
  readonly nearly_all: Money | Percent | Count | Days | NoLimit;
  readonly most: Money | Percent | Count | Days | NoLimit;
  readonly advice: LowerAdvised | null;
  readonly why_kept: WhyKept | null;
}

export type ChangeKind = "added" | "removed" | "changed";

export interface CheckRequest {
  readonly rows: readonly RowGiven[];
}

export interface ClashingRow {
  readonly row: string;
  readonly base: Readonly<Record<string, string>> | null;
  readonly mine: Readonly<Record<string, string>> | null;
  readonly theirs: Readonly<Record<string, string>> | null;
}

export interface CommentRequest {
  readonly by: ByGiven;
  readonly comment: string;
}

export interface Concern {
  readonly task: string;
  readonly detail: string;
}

export interface Condition {
  readonly fact: string;
  readonly test: string;
}

export interface Conflict {
  readonly verdict?: Verdict;
  readonly level?: string;
  readonly headroom?: Money | Percent | Count | Days | NoLimit;
  readonly binding?: FrozenCap | ExclusiveCap | CeilingCap | BudgetCap | BrakeCap | null;
  readonly approval?: agent_assist__web__option_shapes__Approval | null;
  readonly needs?: readonly string[];
  readonly newest?: number;
  readonly clashes?: readonly ClashingRow[];
}

export interface Contact {
  readonly external_id: string;
  readonly opened_at: string;
  readonly closed_at: string | null;
  readonly channel: string | null;
  readonly locale: string | null;
  readonly customer: string | null;
  readonly rep: string | null;
  readonly team: string | null;
  readonly issues: readonly string[];
  readonly outcomes: readonly Outcome[];
}

export interface ContactGiven {
  readonly external_id?: string;
  readonly channel?: string;
  readonly locale?: string;
}

export interface ContactPage {
  readonly items: readonly ContactSeen[];
  readonly next_cursor: string | null;
}

export interface ContactRequest {
  readonly opened_at: string;
  readonly closed_at?: string;
  readonly channel?: string;
  readonly locale?: string;
  readonly customer?: string;
  readonly rep?: string;
  readonly team?: string;
  readonly issues?: readonly string[];
}

export interface ContactSeen {
  readonly external_id: string;
  readonly opened_at: string;
  readonly channel: string | null;
  readonly customer: string | null;
  readonly rep: string | null;
  readonly team: string | null;
  readonly issues: readonly string[];
  readonly ended: Ended;
  readonly cause: agent_assist__core__vocabulary__Cause | null;
}

export interface Count {
  readonly count: number;
}

export interface CountGiven {
  readonly count: number;
}

export interface Counted {
  readonly key: string;
  readonly count: number;
  readonly before: number;
}

export interface CurrentSession {
  readonly id: string;
  readonly person: Self;
  readonly host: string | null;
  readonly scopes: readonly string[];
  readonly expires_at: string;
}

export interface CustomerErasure {
  readonly at: string;
  readonly alias: string;
  readonly by: string;
  readonly rows: RowCounts;
  readonly wiped_at: string | null;
}

export interface CustomerGiven {
  readonly id: string;
}

export interface CustomerRequest {
  readonly customer: string;
}

export interface DayFigures {
  readonly contacts: number;
  readonly resolved: Resolved;
  readonly given: readonly Spent[];
  readonly decided: Readonly<Record<string, number>>;
}

export interface DayReport {
  readonly day: string;
  readonly is_today: boolean;
  readonly team: string | null;
  readonly teams: readonly string[];
  readonly waiting: Waiting;
  readonly told: DayFigures;
  readonly before: DayFigures;
  readonly issues: readonly Counted[];
  readonly causes: readonly Counted[];
  readonly changes: readonly SomethingChanged[];
}

export interface Days {
  readonly days: number;
}

export interface DaysGiven {
  readonly days: number;
}

export interface Decider {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly team: string;
}

export interface DecisionRequest {
  readonly facts?: Readonly<Record<string, string | boolean | number | MoneyGiven>>;
  readonly rep?: RepGiven;
  readonly customer?: CustomerGiven;
  readonly order?: OrderGiven;
  readonly contact?: ContactGiven;
  readonly issue: string;
  readonly remedies?: readonly RemedyGiven[];
}

export interface Decisions {
  readonly issue: string;
  readonly level: string;
  readonly versions: Versions;
  readonly options: readonly Option[];
  readonly questions: readonly Question[];
}

export interface DeclineRequest {
  readonly kind: Kind;
  readonly row: string;
  readonly level?: string;
  readonly reason?: string;
}

export interface Declined {
  readonly kind: Kind;
  readonly row: string;
  readonly level: string | null;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

export interface DeliveryPage {
  readonly items: readonly WebhookDelivery[];
  readonly next_cursor: string | null;
}

export interface Difference {
  readonly base: number;
  readonly tightens: boolean;
  readonly changed: number;
  readonly items: readonly RowChange[];
  readonly next_cursor: string | null;
}

export interface DifferenceSeen {
  readonly low: number;
  readonly high: number;
}

export interface Draft {
  readonly id: string;
  readonly table: TableKind;
  readonly state: DraftState;
  readonly etag: string;
  readonly owner: string;
  readonly purpose: string;
  readonly created_at: string;
  readonly base: number;
  readonly authors: readonly string[];
  readonly submission: Signature | null;
  readonly approval: Signature | null;
  readonly version: number | null;
  readonly acts: readonly Act[];
}

export interface DraftPage {
  readonly items: readonly Draft[];
  readonly next_cursor: string | null;
}

export interface DraftRequest {
  readonly by: ByGiven;
  readonly purpose: string;
  readonly content_of?: number;
}

export type DraftState = "open" | "submitted" | "approved" | "published" | "discarded";

export interface DriftReport {
  readonly whole: boolean;
  readonly items: readonly DriftWeek[];
}

export interface DriftWeek {
  readonly week: string;
  readonly model: string;
  readonly suggestions: number;
  readonly few: boolean;
  readonly abstained: Abstained;
  readonly probability: number | null;
  readonly words: number;
  readonly unknown_words: number | null;
}

export type Effect = "allow" | "deny";

export interface EmbeddingHost {
  readonly id: string;
  readonly kind: string;
  readonly origins: readonly string[];
  readonly audience: string | null;
}

export type Ended = "resolved" | "came_back" | "unresolved" | "open";

export interface EndedAbsence {
  readonly person: string;
  readonly ended: number;
}

export interface EndedSession {
  readonly id: string;
}

export interface EndedSessions {
  readonly id: string;
  readonly ended: number;
}

export interface Ends {
  readonly contacts: number;
  readonly ended: number;
  readonly unresolved: number;
  readonly came_back: number;
  readonly few: boolean;
}

export type EntryKind = "capture" | "void";

export interface ErasureAnswer {
  readonly erased: CustomerErasure | null;
}

export interface ErasureRequest {
  readonly customer: string;
  readonly confirm: string;
}

export interface Event {
  readonly cursor: string;
  readonly at: string;
  readonly type: string;
  readonly subject: string;
  readonly by: string;
  readonly contact: string | null;
  readonly rep: string | null;
  readonly team: string | null;
  readonly grant: string | null;
}

export interface EventPage {
  readonly items: readonly Event[];
  readonly cursor: string;
}

export interface Evidence {
  readonly source: EvidenceSource;
  readonly passage: string;
  readonly similarity: number;
  readonly spans: readonly Span[];
  readonly turn: number | null;
}

export type EvidenceSource = "example" | "issue" | "title" | "section";

export interface ExclusiveCap {
  readonly kind: "exclusive";
  readonly remedy: string;
  readonly scope: "order" | "contact";
  readonly headroom: Money | Percent | Count | Days | NoLimit;
}

export interface Explanation {
  readonly say: string;
  readonly why: string;
  readonly wording: Wording | null;
  readonly type: ExplanationType;
  readonly sources: readonly string[];
}

export type ExplanationType = "justification" | "excuse" | "apology" | "comparison" | "instruction";

export interface Fact {
  readonly key: string;
  readonly type: FactType;
  readonly label: string;
  readonly ask: string;
  readonly choices: readonly string[];
  readonly least: number | null;
  readonly most: number | null;
  readonly crm: string | null;
}

export interface FactList {
  readonly items: readonly Fact[];
}

export type FactType = "choice" | "integer" | "money" | "boolean" | "date";

export interface FactorsUsed {
  readonly customer_value: MoneyRange;
  readonly loyalty_loss: Losses;
  readonly share: number | null;
}

export interface Faults {
  readonly faults: readonly CellFault[];
}

export interface Feedback {
  readonly number: number;
  readonly at: string;
  readonly by: string | null;
  readonly verdict: FeedbackVerdict;
  readonly policy: string;
  readonly issue: string | null;
}

export interface FeedbackListed {
  readonly number: number;
  readonly at: string;
  readonly by: string | null;
  readonly verdict: FeedbackVerdict;
  readonly policy: string;
  readonly issue: string | null;
  readonly holds: boolean;
}

export interface FeedbackRequest {
  readonly by?: ByGiven;
  readonly verdict: FeedbackVerdict;
  readonly policy?: string;
  readonly issue?: string;
}

export type FeedbackVerdict = "right" | "wrong" | "other";

export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly rows: readonly string[];
  readonly column: string | null;
  readonly message: string;
  readonly count: number;
  readonly proposal: Row | null;
}

export interface Found {
  readonly policy: PolicyRef;
  readonly issue: string;
  readonly probability: number;
  readonly evidence: readonly Evidence[];
}

export interface FrozenCap {
  readonly kind: "frozen";
  readonly budget: string;
  readonly headroom: Money | Percent | Count | Days | NoLimit;
}

export interface GaveSeen {
  readonly remedy: string;
  readonly label: string;
  readonly grants: number;
  readonly amount: Money | Percent | Count | Days | NoLimit | null;
  readonly cost: Money | null;
}

export interface GivenItem {
  readonly reserved: number;
  readonly given: RateSeen;
  readonly taken_back: RateSeen;
  readonly spend: readonly Money[];
  readonly others: number;
  readonly key: string | null;
}

export interface GivenSeen {
  readonly reserved: number;
  readonly given: RateSeen;
  readonly taken_back: RateSeen;
  readonly spend: readonly Money[];
  readonly others: number;
}

export interface GivenSuggestion {
  readonly id: string;
  readonly at: string;
  readonly abstained: boolean;
  readonly level: string;
  readonly versions: Versions;
  readonly matches: readonly MatchShown[];
  readonly feedback: readonly FeedbackListed[];
}

export interface Grant {
  readonly id: string;
  readonly at: string;
  readonly expires_at: string;
  readonly state: GrantState;
  readonly issue: string;
  readonly remedy: string;
  readonly amount: Money | Percent | Count | Days | NoLimit;
  readonly captured: Money | Percent | Count | Days | NoLimit | null;
  readonly voided: Money | Percent | Count | Days | NoLimit;
  readonly counts: Money | Percent | Count | Days | NoLimit;
  readonly level: string;
  readonly reason_code: string;
  readonly comment: string | null;
  readonly contact: string | null;
  readonly order: string | null;
  readonly customer: string | null;
  readonly rep: string | null;
  readonly team: string | null;
  readonly suggestion: string | null;
  readonly versions: Versions;
  readonly entries: readonly GrantEntry[];
}

export interface GrantEntry {
  readonly kind: EntryKind;
  readonly amount: Money | Percent | Count | Days | NoLimit;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

export interface GrantPage {
  readonly items: readonly Grant[];
  readonly next_cursor: string | null;
}

export interface GrantRequest {
  readonly facts?: Readonly<Record<string, string | boolean | number | MoneyGiven>>;
  readonly rep?: RepGiven;
  readonly customer?: CustomerGiven;
  readonly order?: OrderGiven;
  readonly contact?: ContactGiven;
  readonly issue: string;
  readonly remedy: string;
  readonly amount: string | MoneyGiven | PercentGiven | CountGiven | DaysGiven;
  readonly reason_code: string;
  readonly comment?: string;
  readonly suggestion?: string;
  readonly approval?: "request";
}

export type GrantState = "reserved" | "captured" | "voided" | "expired";

export type GrantsBy = "day" | "week" | "issue" | "remedy" | "team" | "level" | "row";

export interface GrantsReport {
  readonly since: string;
  readonly until: string;
  readonly team: string | null;
  readonly issue: string | null;
  readonly pending: number;
  readonly whole: boolean;
  readonly by: GrantsBy;
  readonly total: GivenSeen;
  readonly items: readonly GivenItem[];
}

export interface Guidance {
  readonly steps: string | null;
  readonly exceptions: string | null;
}

export interface Headroom {
  readonly level: string;
  readonly versions: Versions;
  readonly items: readonly BudgetHeadroom[];
}

export interface Health {
  readonly status: "alive";
}

export interface HeldData {
  readonly customer: string;
  readonly rows: Readonly<Record<string, readonly (Readonly<Record<string, unknown>>)[]>>;
}

export interface HelpedSeen {
  readonly contacts: number;
  readonly followed: RateSeen;
  readonly waited_seconds: number | null;
  readonly waited_long_seconds: number | null;
}

export interface HolderUse {
  readonly holder: string;
  readonly used: Used;
  readonly last_7_days: Used;
  readonly last_28_days: Used;
  readonly runs_out: readonly RunsOut[];
}

export interface Holding {
  readonly rows: RowCounts;
  readonly shared: number;
}

export interface HostList {
  readonly items: readonly EmbeddingHost[];
}

export interface HostRequest {
  readonly id: string;
  readonly kind: "chatwoot" | "generic" | "zendesk";
  readonly origins: readonly string[];
  readonly public_key?: string;
  readonly audience?: string;
}

export interface Invitation {
  readonly url: string;
  readonly expires_at: string;
}

export interface InvitationRequest {
  readonly days?: number;
}

export interface Issue {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly cause: agent_assist__core__vocabulary__Cause;
}

export interface IssueList {
  readonly items: readonly Issue[];
}

export interface IssueReport {
  readonly since: string;
  readonly until: string;
  readonly days: number;
  readonly team: string | null;
  readonly pending: number;
  readonly inputs: FactorsUsed;
  readonly library: FactorsUsed;
  readonly issue: string;
  readonly name: string;
  readonly total: StakeSeen;
  readonly items: readonly StakeSeen[];
  readonly weeks: readonly WeekSeen[];
  readonly sentences: readonly string[];
  readonly given: readonly GaveSeen[];
  readonly lost: readonly LostSeen[];
}

export interface JudgedBy {
  readonly n: number;
  readonly top1: number | null;
  readonly top3: number | null;
  readonly coverage: number;
  readonly selective_accuracy: number | null;
  readonly ece: number;
}

export interface KeptKind {
  readonly kind: string;
  readonly days: number;
  readonly ran_at: string | null;
  readonly deleted_at: string | null;
  readonly deleted: number;
  readonly total: number;
}

export interface Key {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly networks: readonly string[];
  readonly per_minute: number | null;
  readonly made_by: string;
}

export interface KeyPage {
  readonly items: readonly Key[];
  readonly next_cursor: string | null;
}

export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at?: string;
  readonly networks?: readonly string[];
  readonly per_minute?: number;
}

export type Kind = "raise" | "lower" | "drop";

export interface Left {
  readonly amount: Money | Percent | Count | Days | NoLimit | null;
  readonly grants: number | null;
}

export interface LevelNamed {
  readonly key: string;
  readonly label: string;
}

export interface LevelReach {
  readonly level: string;
  readonly up_to: Money | Percent | Count | Days | NoLimit;
  readonly covers: boolean;
}

export interface LevelUse {
  readonly level: string;
  readonly amount: Money | null;
  readonly grants: number | null;
  readonly reached: number | null;
  readonly near: number | null;
}

export interface LevelView {
  readonly level: string;
  readonly covers: boolean;
  readonly option: Option;
}

export interface Library {
  readonly name: string;
  readonly locale: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly levels: readonly LevelNamed[];
  readonly versions: Versions;
}

export interface LikeCases {
  readonly days: number;
  readonly least: Money | Percent | Count | Days | NoLimit;
  readonly most: Money | Percent | Count | Days | NoLimit;
  readonly approved: number;
  readonly lowered: number;
  readonly refused: number;
  readonly median: Money | Percent | Count | Days | NoLimit | null;
}

export interface Losses {
  readonly resolved: ShareRange;
  readonly repeated: ShareRange;
  readonly unresolved: ShareRange;
}

export interface LostSeen {
  readonly external_id: string;
  readonly opened_at: string;
  readonly ended: "unresolved" | "came_back";
  readonly cause: agent_assist__core__vocabulary__Cause | null;
}

export interface LowerAdvised {
  readonly to: Money | Percent | Count | Days | NoLimit;
  readonly beyond: number;
  readonly at_most: number;
}

export interface Match {
  readonly role: Role;
  readonly policy: PolicyRef;
  readonly issue: string;
  readonly probability: number;
  readonly turns: readonly number[];
  readonly evidence: readonly Evidence[];
  readonly explanation: Explanation;
  readonly guidance: Guidance;
  readonly options: readonly Option[];
}

export interface MatchShown {
  readonly role: Role;
  readonly policy: PolicyShown;
  readonly issue: string;
  readonly probability: number;
  readonly wording: Wording | null;
  readonly turns: readonly number[];
  readonly options: readonly OptionShown[];
}

export interface MeasuredItem {
  readonly contacts: number;
  readonly ended: number;
  readonly resolved_at_once: RateSeen;
  readonly came_back: RateSeen;
  readonly repeated: RateSeen;
  readonly escalated: RateSeen;
  readonly transferred: RateSeen;
  readonly key: string | null;
  readonly version: number | null;
}

export interface MeasuredSeen {
  readonly contacts: number;
  readonly ended: number;
  readonly resolved_at_once: RateSeen;
  readonly came_back: RateSeen;
  readonly repeated: RateSeen;
  readonly escalated: RateSeen;
  readonly transferred: RateSeen;
}

export interface MeasuresReport {
  readonly since: string;
  readonly until: string;
  readonly by: By;
  readonly team: string | null;
  readonly issue: string | null;
  readonly channel: string | null;
  readonly pending: number;
  readonly unsettled_since: string;
  readonly whole: boolean;
  readonly total: MeasuredSeen;
  readonly items: readonly MeasuredItem[];
}

export interface Mine {
  readonly may: boolean;
  readonly refusal: string | null;
  readonly up_to: Money | Percent | Count | Days | NoLimit | null;
  readonly covers: boolean;
  readonly binding: FrozenCap | ExclusiveCap | CeilingCap | BudgetCap | BrakeCap | null;
}

export interface Model {
  readonly id: string;
  readonly is_active: boolean;
  readonly trained_at: string;
  readonly parent: string | null;
  readonly library: number;
  readonly encoder: string;
  readonly is_fine_tuned: boolean;
  readonly seed: number;
  readonly labelled: number;
  readonly unknown: number;
  readonly held_out: number;
  readonly new: JudgedBy | null;
  readonly old: JudgedBy | null;
}

export interface ModelList {
  readonly active: string | null;
  readonly items: readonly Model[];
}

export interface Money {
  readonly amount: string;
  readonly currency: string;
}

export interface MoneyGiven {
  readonly amount: string;
  readonly currency: string;
}

export interface MoneyRange {
  readonly low: Money;
  readonly likely: Money;
  readonly high: Money;
}

export interface NewHost {
  readonly id: string;
  readonly kind: string;
  readonly origins: readonly string[];
  readonly audience: string | null;
  readonly secret: string | null;
}

export interface NewIssueSeen {
  readonly words: readonly string[];
  readonly contacts: number;
  readonly weeks: readonly WeekCount[];
  readonly sentences: readonly string[];
  readonly newest: readonly string[];
}

export interface NewKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly networks: readonly string[];
  readonly per_minute: number | null;
  readonly made_by: string;
  readonly key: string;
}

export interface NewWebhook {
  readonly id: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly description: string;
  readonly state: "on" | "failing" | "off";
  readonly off_because: "person" | "gone" | "failing" | null;
  readonly failing_since: string | null;
  readonly waiting: number;
  readonly failed: number;
  readonly old_secret_until: string | null;
  readonly created_at: string;
  readonly made_by: string;
  readonly secret: string;
}

export interface NoLimit {
  readonly unlimited: true;
}

export interface Nothing {

}

export interface OfIssue {
  readonly cases: number;
  readonly more: number;
  readonly less: number;
  readonly same: number;
  readonly approvals_saved: number;
  readonly approvals_added: number;
  readonly allowed: number;
  readonly refused: number;
  readonly opened: number;
  readonly raised: string;
  readonly lowered: string;
  readonly unbounded: number;
  readonly grants: number;
  readonly granted: string;
  readonly uncovered_grants: number;
  readonly uncovered: string;
  readonly issue: string;
}

export interface OfLevel {
  readonly cases: number;
  readonly more: number;
  readonly less: number;
  readonly same: number;
  readonly approvals_saved: number;
  readonly approvals_added: number;
  readonly allowed: number;
  readonly refused: number;
  readonly opened: number;
  readonly raised: string;
  readonly lowered: string;
  readonly unbounded: number;
  readonly grants: number;
  readonly granted: string;
  readonly uncovered_grants: number;
  readonly uncovered: string;
  readonly level: string;
}

export interface OfRemedy {
  readonly cases: number;
  readonly more: number;
  readonly less: number;
  readonly same: number;
  readonly approvals_saved: number;
  readonly approvals_added: number;
  readonly allowed: number;
  readonly refused: number;
  readonly opened: number;
  readonly raised: string;
  readonly lowered: string;
  readonly unbounded: number;
  readonly grants: number;
  readonly granted: string;
  readonly uncovered_grants: number;
  readonly uncovered: string;
  readonly remedy: string;
}

export interface OfResponsible {
  readonly cases: number;
  readonly more: number;
  readonly less: number;
  readonly same: number;
  readonly approvals_saved: number;
  readonly approvals_added: number;
  readonly allowed: number;
  readonly refused: number;
  readonly opened: number;
  readonly raised: string;
  readonly lowered: string;
  readonly unbounded: number;
  readonly grants: number;
  readonly granted: string;
  readonly uncovered_grants: number;
  readonly uncovered: string;
  readonly responsible: Responsible;
}

export type Offer = "offer" | "if_asked" | "never";

export interface OneRuling {
  readonly approval: string;
  readonly key: string;
  readonly ruling: Ruling;
  readonly hash: string;
  readonly amount?: string | MoneyGiven | PercentGiven | CountGiven | DaysGiven;
  readonly reason_code: RulingReason;
  readonly comment?: string;
}

export interface Option {
  readonly remedy: string;
  readonly label: string;
  readonly kind: RemedyKind;
  readonly unit: Unit;
  readonly offer: Offer;
  readonly verdict: Verdict;
  readonly up_to: Money | Percent | Count | Days | NoLimit;
  readonly binding: FrozenCap | ExclusiveCap | CeilingCap | BudgetCap | BrakeCap | null;
  readonly caps: readonly (FrozenCap | ExclusiveCap | CeilingCap | BudgetCap | BrakeCap)[];
  readonly approval: agent_assist__web__option_shapes__Approval | null;
  readonly say: string;
  readonly because: readonly BecauseRow[];
  readonly exclusive_with: readonly string[];
  readonly needs: readonly string[];
  readonly possible: readonly Possible[];
  readonly otherwise: readonly Otherwise[];
}

export interface OptionShown {
  readonly remedy: string;
  readonly verdict: Verdict;
}

export interface OrderGiven {
  readonly id: string;
}

export interface Otherwise {
  readonly row: string;
  readonly fact: string;
  readonly test: string;
  readonly up_to: Money | Percent | Count | Days | NoLimit;
}

export interface Outcome {
  readonly number: number;
  readonly at: string;
  readonly resolved: boolean;
  readonly cause: agent_assist__core__vocabulary__Cause | null;
  readonly said: readonly PolicySaid[];
  readonly given: readonly string[];
  readonly note: string | null;
}

export interface OutcomeList {
  readonly is_described: boolean;
  readonly items: readonly Outcome[];
}

export interface OutcomeRequest {
  readonly resolved: boolean;
  readonly cause?: Cause_Input;
  readonly said?: readonly PolicySaidGiven[];
  readonly given?: readonly string[];
  readonly note?: string;
}

export interface Overturned {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface Pair {
  readonly one: string;
  readonly other: string;
  readonly one_for_other: number;
  readonly other_for_one: number;
}

export interface Percent {
  readonly percent: string;
}

export interface PercentGiven {
  readonly percent: string;
}

export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly issues: readonly string[];
  readonly tags: readonly string[];
  readonly owner: string;
  readonly locales: readonly string[];
  readonly review_by: string;
  readonly effective_from: string | null;
  readonly effective_to: string | null;
  readonly locale: string;
  readonly explanation: Explanation;
  readonly guidance: Guidance;
  readonly internal: string | null;
}

export interface PolicyCheck {
  readonly faults: readonly CellFault[];
  readonly items: readonly Finding[];
  readonly readings: readonly Reading[];
}

export interface PolicyItem {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly issues: readonly string[];
  readonly tags: readonly string[];
  readonly owner: string;
  readonly locales: readonly string[];
  readonly review_by: string;
  readonly effective_from: string | null;
  readonly effective_to: string | null;
}

export interface PolicyPage {
  readonly items: readonly PolicyItem[];
  readonly next_cursor: string | null;
}

export interface PolicyRef {
  readonly id: string;
  readonly version: number;
  readonly title: string;
}

export interface PolicySaid {
  readonly policy: string;
  readonly version: number;
  readonly wording: Wording | null;
}

export interface PolicySaidGiven {
  readonly policy: string;
  readonly version: number;
  readonly wording?: Wording;
}

export interface PolicyShown {
  readonly id: string;
  readonly version: number;
}

export interface PolicyUseReport {
  readonly since: string;
  readonly whole: boolean;
  readonly items: readonly PolicyUsed[];
}

export interface PolicyUsed {
  readonly policy: string;
  readonly shown: number;
  readonly said: number;
  readonly resolved: number;
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
}

export interface Possible {
  readonly row: string;
  readonly needs: readonly string[];
  readonly up_to: Money | Percent | Count | Days | NoLimit | null;
}

export interface Precedent {
  readonly id: string;
  readonly state: ApprovalState;
  readonly at: string;
  readonly asked: Money | Percent | Count | Days | NoLimit;
  readonly amount: Money | Percent | Count | Days | NoLimit | null;
  readonly reason_code: RulingReason | null;
}

export interface Precedents {
  readonly approved: number;
  readonly lowered: number;
  readonly refused: number;
  readonly latest: readonly Precedent[];
}

export interface PreventableReport {
  readonly since: string;
  readonly until: string;
  readonly team: string | null;
  readonly looked: number;
  readonly pending: number;
  readonly whole: boolean;
  readonly new_issues: readonly NewIssueSeen[];
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly request_id: string;
  readonly errors: readonly ProblemError[];
}

export interface ProblemError {
  readonly pointer?: string | null;
  readonly parameter?: string | null;
  readonly check?: string | null;
  readonly code: string;
  readonly detail: string;
}

export interface ProofRequest {
  readonly password: string;
  readonly code?: string;
}

export interface Proved {
  readonly id: string;
  readonly until: string;
}

export interface Proving {
  readonly how?: readonly ("password" | "code" | "provider")[];
}

export interface PublishRequest {
  readonly by: ByGiven;
  readonly note?: string;
  readonly effective_at?: string;
}

export interface Question {
  readonly fact: string;
  readonly ask: string;
  readonly type: FactType;
  readonly choices: readonly string[];
  readonly settles: readonly string[];
}

export interface QuestionMoved {
  readonly text: string;
  readonly source: Source;
  readonly count: number;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Questioning {
  readonly etag: string;
  readonly library: number;
  readonly done: number;
  readonly of: number;
  readonly over: boolean;
  readonly failed: boolean;
  readonly moved: readonly QuestionMoved[];
}

export interface QueuePage {
  readonly at: string;
  readonly items: readonly WaitingRequest[];
  readonly next_cursor: string | null;
}

export interface RaiseAdvised {
  readonly to: Money | Percent | Count | Days | NoLimit;
  readonly spared: number;
}

export interface RateSeen {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly shrunk: number | null;
  readonly few: boolean;
}

export interface Readiness {
  readonly status: "ready";
  readonly checks: readonly string[];
  readonly warnings: readonly Concern[];
}

export interface Reading {
  readonly column: string;
  readonly words: number;
  readonly grade: number | null;
}

export interface RebaseRequest {
  readonly by: ByGiven;
  readonly mine?: readonly string[];
  readonly theirs?: readonly string[];
}

export interface Reciprocity {
  readonly items: readonly Pair[];
}

export interface Remedy {
  readonly key: string;
  readonly label: string;
  readonly kind: RemedyKind;
  readonly unit: Unit;
  readonly reversible: boolean;
  readonly reason_codes: readonly string[];
  readonly cost: Money | null;
  readonly exclusive_group: string | null;
}

export interface RemedyGiven {
  readonly remedy: string;
  readonly amount?: string | MoneyGiven | PercentGiven | CountGiven | DaysGiven;
}

export type RemedyKind = "goodwill" | "entitlement";

export interface RemedyList {
  readonly items: readonly Remedy[];
}

export interface RemovedHost {
  readonly id: string;
}

export interface RemovedWebhook {
  readonly id: string;
}

export interface RenewalRequest {
  readonly renewal: string;
}

export interface RepGiven {
  readonly id?: string;
  readonly level?: string;
  readonly team?: string;
}

export interface Replay {
  readonly currency: string;
  readonly total: Tally;
  readonly by_responsible: readonly OfResponsible[];
  readonly by_level: readonly OfLevel[];
  readonly by_issue: readonly OfIssue[];
  readonly by_remedy: readonly OfRemedy[];
  readonly unknown: Readonly<Record<string, number>>;
  readonly unreckoned: Readonly<Record<string, number>>;
  readonly left_out: Readonly<Record<string, number>>;
  readonly etag: string;
  readonly since: string | null;
  readonly until: string | null;
  readonly entries: number;
  readonly complete: boolean;
  readonly left: number;
}

export interface ReplayGiven {
  readonly event?: string;
  readonly since?: string;
}

export interface ReplayRequest {
  readonly since?: string;
  readonly until?: string;
  readonly most?: number;
}

export interface RequestBehind {
  readonly id: string;
  readonly at: string;
  readonly contact: string | null;
  readonly state: ApprovalState;
  readonly asked: Money | Percent | Count | Days | NoLimit;
}

export interface Resolved {
  readonly count: number;
  readonly ended: number;
  readonly came_back: number;
  readonly unsettled: number;
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Responsible {
  readonly kind: agent_assist__core__replay__tally__Cause;
  readonly key: string;
}

export interface Retention {
  readonly kept: readonly KeptKind[];
  readonly erasures: readonly CustomerErasure[];
}

export interface Review {
  readonly etag: string;
  readonly faults: readonly CellFault[];
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly items: readonly Finding[];
  readonly next_cursor: string | null;
}

export type Role = "main" | "earlier" | "alternative";

export interface Row {
  readonly row: string;
  readonly cells: Readonly<Record<string, string>>;
}

export interface RowChange {
  readonly row: string;
  readonly kind: ChangeKind;
  readonly sentences: readonly string[];
  readonly before: Readonly<Record<string, string>> | null;
  readonly after: Readonly<Record<string, string>> | null;
}

export interface RowCounts {
  readonly contacts?: number;
  readonly grants?: number;
  readonly approvals?: number;
  readonly suggestions?: number;
  readonly decisions?: number;
  readonly people?: number;
  readonly answers?: number;
}

export interface RowGiven {
  readonly row: string;
  readonly cells: Readonly<Record<string, string>>;
}

export interface RowIdle {
  readonly row: string;
  readonly remedy: string;
  readonly suggestions: number;
  readonly at_most: number;
  readonly drop: boolean;
  readonly why_kept: WhyKept | null;
}

export interface RowPage {
  readonly items: readonly Row[];
  readonly total: number;
  readonly next_cursor: string | null;
}

export type RowState = "met" | "excluded" | "open";

export interface RowsRequest {
  readonly by: ByGiven;
  readonly put?: readonly RowGiven[];
  readonly drop?: readonly string[];
}

export type Ruling = "approve" | "refuse";

export interface RulingAnswer {
  readonly id: string;
  readonly status: number;
  readonly replayed: boolean;
  readonly approval: agent_assist__web__approvals__shapes__Approval | null;
  readonly problem: Problem | null;
  readonly conflict: Conflict | null;
}

export interface RulingAnswers {
  readonly items: readonly RulingAnswer[];
}

export type RulingReason = "justified" | "our_error" | "keeps_customer" | "lower_is_enough" | "not_justified" | "evidence_missing" | "asked_too_often" | "another_remedy";

export interface RulingRequest {
  readonly ruling: Ruling;
  readonly by: ByGiven;
  readonly hash: string;
  readonly amount?: string | MoneyGiven | PercentGiven | CountGiven | DaysGiven;
  readonly reason_code: RulingReason;
  readonly comment?: string;
}

export interface RulingsRequest {
  readonly by: ByGiven;
  readonly decisions: readonly OneRuling[];
}

export interface RunsOut {
  readonly level: string;
  readonly at: string | null;
}

export interface SavedSeen {
  readonly share: ShareRange;
  readonly money: MoneyRange;
}

export type Scope = "contact" | "order" | "customer" | "rep" | "team" | "organisation";

export interface SearchAnswer {
  readonly abstained: boolean;
  readonly versions: Versions;
  readonly items: readonly Found[];
}

export interface SecondFactorReset {
  readonly id: string;
  readonly reset: boolean;
}

export interface Self {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly team: string;
  readonly admin: boolean;
}

export interface Session {
  readonly token: string;
  readonly expires_at: string;
  readonly renewal: string;
  readonly person: Self;
  readonly scopes: readonly string[];
}

export interface SessionRequest {
  readonly code: string;
}

export type Severity = "error" | "warning" | "note";

export interface ShareRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

export interface SheetGiven {
  readonly format: "csv" | "json" | "xlsx";
  readonly content: string;
}

export interface SheetPreview {
  readonly base: number;
  readonly tightens: boolean;
  readonly changed: number;
  readonly items: readonly RowChange[];
  readonly next_cursor: string | null;
  readonly unreadable: number;
  readonly faults: readonly CellFault[];
}

export interface SheetRequest {
  readonly format: "csv" | "json" | "xlsx";
  readonly content: string;
  readonly by: ByGiven;
}

export interface Signature {
  readonly by: string;
  readonly at: string;
  readonly content_hash: string;
}

export interface SomethingChanged {
  readonly at: string;
  readonly by: string;
  readonly type: string;
  readonly subject: string;
}

export type Source = "said" | "example";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface SpareReport {
  readonly since: string;
  readonly until: string;
  readonly team: string | null;
  readonly whole: boolean;
  readonly cells: readonly CellUsed[];
  readonly rows: readonly RowIdle[];
  readonly left_out: number;
}

export type Speaker = "customer" | "agent" | "system";

export interface Spent {
  readonly grants: number;
  readonly money: Money | null;
}

export interface StakeSeen {
  readonly issue: string | null;
  readonly cause: agent_assist__core__vocabulary__Cause | null;
  readonly ends: Ends;
  readonly given: Ends;
  readonly share: ShareRange | null;
  readonly loyalty_lost: ShareRange;
  readonly at_risk: MoneyRange;
  readonly a_year: MoneyRange;
  readonly saved: SavedSeen | null;
  readonly without_remedies: MoneyRange | null;
  readonly ranked: Money;
}

export interface StakesReport {
  readonly since: string;
  readonly until: string;
  readonly days: number;
  readonly team: string | null;
  readonly pending: number;
  readonly inputs: FactorsUsed;
  readonly library: FactorsUsed;
  readonly total: StakeSeen;
  readonly items: readonly StakeSeen[];
}

export interface SuggestedItem {
  readonly suggestions: number;
  readonly abstained: RateSeen;
  readonly right: RateSeen;
  readonly wrong: RateSeen;
  readonly key: string | null;
  readonly version: number | null;
}

export interface SuggestedSeen {
  readonly suggestions: number;
  readonly abstained: RateSeen;
  readonly right: RateSeen;
  readonly wrong: RateSeen;
}

export interface Suggestion {
  readonly id: string;
  readonly at: string;
  readonly abstained: boolean;
  readonly level: string;
  readonly versions: Versions;
  readonly matches: readonly Match[];
  readonly questions: readonly Question[];
}

export interface SuggestionRequest {
  readonly facts?: Readonly<Record<string, string | boolean | number | MoneyGiven>>;
  readonly rep?: RepGiven;
  readonly customer?: CustomerGiven;
  readonly order?: OrderGiven;
  readonly contact?: ContactGiven;
  readonly text?: string;
  readonly transcript?: readonly TurnGiven[];
}

export type SuggestionsBy = "day" | "week" | "issue" | "policy" | "team" | "channel";

export interface SuggestionsReport {
  readonly since: string;
  readonly until: string;
  readonly by: SuggestionsBy;
  readonly team: string | null;
  readonly issue: string | null;
  readonly channel: string | null;
  readonly pending: number;
  readonly whole: boolean;
  readonly total: SuggestedSeen;
  readonly helped: HelpedSeen;
  readonly items: readonly SuggestedItem[];
}

export type TableKind = "limits" | "budgets" | "policies";

export interface Tally {
  readonly cases: number;
  readonly more: number;
  readonly less: number;
  readonly same: number;
  readonly approvals_saved: number;
  readonly approvals_added: number;
  readonly allowed: number;
  readonly refused: number;
  readonly opened: number;
  readonly raised: string;
  readonly lowered: string;
  readonly unbounded: number;
  readonly grants: number;
  readonly granted: string;
  readonly uncovered_grants: number;
  readonly uncovered: string;
}

export interface TestResult {
  readonly fact: string;
  readonly test: string;
  readonly value: string | boolean | number | Money | null;
  readonly met: boolean | null;
}

export interface Trial {
  readonly issue: string;
  readonly level: string;
  readonly etag: string | null;
  readonly published: TriedAnswer;
  readonly draft: TriedAnswer | null;
}

export interface TrialRequest {
  readonly draft?: string;
  readonly issue: string;
  readonly level?: string;
  readonly facts?: Readonly<Record<string, string | boolean | number | MoneyGiven>>;
  readonly remedies?: readonly RemedyGiven[];
  readonly whose?: Whose;
}

export interface TriedAnswer {
  readonly options: readonly Option[];
  readonly questions: readonly Question[];
}

export interface TriedWebhook {
  readonly taken: boolean;
  readonly status: number | null;
  readonly fault: string | null;
  readonly ms: number;
}

export interface TuningReport {
  readonly since: string;
  readonly until: string;
  readonly team: string | null;
  readonly whole: boolean;
  readonly items: readonly CellSeen[];
  readonly left_out: Readonly<Record<string, number>>;
}

export interface TurnGiven {
  readonly from: Speaker;
  readonly text: string;
  readonly at?: string;
}

export type Unit = "money" | "percent" | "count" | "days";

export interface Used {
  readonly amount: Money | Percent | Count | Days | NoLimit;
  readonly grants: number;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly team: string;
  readonly active: boolean;
  readonly admin: boolean;
  readonly substitute: string | null;
}

export interface UserChange {
  readonly name?: string;
  readonly level?: string;
  readonly team?: string;
  readonly customer?: string;
  readonly admin?: boolean;
  readonly active?: boolean;
}

export interface UserDetails {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly team: string;
  readonly active: boolean;
  readonly admin: boolean;
  readonly substitute: string | null;
  readonly customer: string | null;
  readonly has_password: boolean;
  readonly has_second_factor: boolean;
  readonly invited_until: string | null;
  readonly open: readonly WayIn[];
}

export interface UserPage {
  readonly items: readonly User[];
  readonly next_cursor: string | null;
}

export interface UserRequest {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly team: string;
  readonly customer?: string;
  readonly admin?: boolean;
}

export type Verdict = "allowed" | "needs_approval" | "open" | "not_allowed";

export interface Version {
  readonly table: TableKind;
  readonly number: number;
  readonly state: "current" | "scheduled" | "past" | "cancelled";
  readonly library: number;
  readonly content_hash: string;
  readonly published_at: string;
  readonly published_by: string;
  readonly approved_by: string | null;
  readonly note: string;
  readonly draft: string | null;
  readonly effective_at: string | null;
  readonly cancelled_at: string | null;
  readonly cancelled_by: string | null;
}

export interface VersionPage {
  readonly current: number;
  readonly items: readonly Version[];
  readonly next_cursor: string | null;
}

export interface Versions {
  readonly library: number;
  readonly limits: number;
  readonly budgets: number;
  readonly model: string;
}

export interface VoidRequest {
  readonly amount?: string | MoneyGiven | PercentGiven | CountGiven | DaysGiven;
  readonly rep?: ByGiven;
  readonly reason: string;
}

export interface Waiting {
  readonly count: number;
  readonly since: string | null;
}

export interface WaitingRequest {
  readonly approval: agent_assist__web__approvals__shapes__Approval;
  readonly asker: string | null;
  readonly above: Money | Percent | Count | Days | NoLimit | null;
  readonly option: Option | null;
  readonly levels: readonly LevelReach[];
  readonly mine: Mine;
  readonly budgets: readonly BudgetHeadroom[];
  readonly precedent: LikeCases;
}

export interface WayIn {
  readonly kind: "session" | "browser";
  readonly at: string;
  readonly expires_at: string;
  readonly host: string | null;
}

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly description: string;
  readonly state: "on" | "failing" | "off";
  readonly off_because: "person" | "gone" | "failing" | null;
  readonly failing_since: string | null;
  readonly waiting: number;
  readonly failed: number;
  readonly old_secret_until: string | null;
  readonly created_at: string;
  readonly made_by: string;
}

export interface WebhookChange {
  readonly url?: string;
  readonly types?: readonly ("approval" | "approval.decided" | "approval.expired" | "approval.requested" | "approval.withdrawn" | "brake" | "brake.pulled" | "brake.released" | "budget" | "budget.frozen" | "budget.released" | "budget.warning" | "grant" | "grant.captured" | "grant.reserved" | "grant.voided" | "model" | "model.activated" | "version" | "version.cancelled" | "version.published")[];
  readonly description?: string;
  readonly enabled?: boolean;
}

export interface WebhookDelivery {
  readonly event: string;
  readonly type: string;
  readonly happened_at: string;
  readonly state: "waiting" | "delivered" | "failed";
  readonly tries: number;
  readonly at: string;
  readonly next_at: string | null;
  readonly status: number | null;
  readonly fault: string | null;
  readonly ms: number | null;
}

export interface WebhookList {
  readonly items: readonly Webhook[];
}

export interface WebhookRequest {
  readonly url: string;
  readonly types?: readonly ("approval" | "approval.decided" | "approval.expired" | "approval.requested" | "approval.withdrawn" | "brake" | "brake.pulled" | "brake.released" | "budget" | "budget.frozen" | "budget.released" | "budget.warning" | "grant" | "grant.captured" | "grant.reserved" | "grant.voided" | "model" | "model.activated" | "version" | "version.cancelled" | "version.published")[];
  readonly description: string;
}

export interface WeekCount {
  readonly week: string;
  readonly count: number;
}

export interface WeekSeen {
  readonly week: string;
  readonly ends: Ends;
  readonly share: ShareRange | null;
}

export interface Whose {
  readonly customer?: string;
  readonly rep?: string;
  readonly team?: string;
}

export type WhyKept = "few" | "needed" | "rests_on_facts" | "owed" | "nobody_above" | "guards" | "part_of_time" | "one_team" | "declined";

export type WhyNot = "few" | "refused" | "rests_on_facts" | "no_room" | "declined";

export interface WithdrawalRequest {
  readonly by: ByGiven;
}

export type Wording = "standing" | "alternative";

export interface WordingSeen {
  readonly wording: Wording;
  readonly say: string;
  readonly why: string;
  readonly contacts: number;
  readonly settled: number;
  readonly ended: number;
  readonly repeated: RateSeen;
  readonly accepted: RateSeen;
}

export interface WordingsCompared {
  readonly policy: PolicyRef;
  readonly pair: string;
  readonly alternative_share: number;
  readonly wordings: readonly WordingSeen[];
  readonly repeated: DifferenceSeen;
  readonly accepted: DifferenceSeen;
  readonly better: Wording | null;
}

export interface WordingsReport {
  readonly team: string | null;
  readonly error: number;
  readonly items: readonly WordingsCompared[];
}

export type agent_assist__core__replay__tally__Cause = "row" | "budget" | "remedy" | "none";

export type agent_assist__core__vocabulary__Cause = "product" | "process" | "marketing" | "customer" | "employee";

export interface agent_assist__web__approvals__shapes__Approval {
  readonly id: string;
  readonly hash: string;
  readonly state: ApprovalState;
  readonly at: string;
  readonly falls_back_at: string | null;
  readonly expires_at: string;
  readonly level: string;
  readonly routed_to: string | null;
  readonly issue: string;
  readonly remedy: string;
  readonly amount: Money | Percent | Count | Days | NoLimit;
  readonly reason_code: string;
  readonly comment: string | null;
  readonly contact: string | null;
  readonly order: string | null;
  readonly customer: string | null;
  readonly rep: string;
  readonly rep_level: string;
  readonly team: string | null;
  readonly suggestion: string | null;
  readonly versions: Versions;
  readonly end: ApprovalEnd | null;
}

export interface agent_assist__web__option_shapes__Approval {
  readonly level: string;
  readonly up_to: Money | Percent | Count | Days | NoLimit;
}
