// The names that the panel uses for shapes of the API.
import type {
  agent_assist__web__approvals__shapes__Approval,
  Count,
  Days,
  Money,
  NoLimit,
  Option,
  Percent,
  Self,
} from "./schema";

export type Approval = agent_assist__web__approvals__shapes__Approval;
export type Quantity = Money | Percent | Count | Days | NoLimit;
export type Cap = Option["caps"][number];
export type FactValue = string | boolean | number | Money;
export type Facts = Readonly<Record<string, FactValue>>;

export type Person = Self;
