// The icons of the console.
import alert from "lucide-static/icons/triangle-alert.svg";
import approvals from "lucide-static/icons/inbox.svg";
import audit from "lucide-static/icons/scroll-text.svg";
import back from "lucide-static/icons/arrow-left.svg";
import budgets from "lucide-static/icons/wallet.svg";
import check from "lucide-static/icons/check.svg";
import chevron from "lucide-static/icons/chevron-right.svg";
import copy from "lucide-static/icons/copy.svg";
import clock from "lucide-static/icons/clock.svg";
import contacts from "lucide-static/icons/messages-square.svg";
import down from "lucide-static/icons/download.svg";
import edit from "lucide-static/icons/pencil.svg";
import history from "lucide-static/icons/history.svg";
import exit from "lucide-static/icons/log-out.svg";
import insights from "lucide-static/icons/chart-column.svg";
import keys from "lucide-static/icons/key-round.svg";
import limits from "lucide-static/icons/sliders-horizontal.svg";
import more from "lucide-static/icons/ellipsis.svg";
import offline from "lucide-static/icons/wifi-off.svg";
import overview from "lucide-static/icons/layout-dashboard.svg";
import pause from "lucide-static/icons/octagon-pause.svg";
import people from "lucide-static/icons/users.svg";
import plus from "lucide-static/icons/plus.svg";
import policies from "lucide-static/icons/book-open-text.svg";
import redo from "lucide-static/icons/redo-2.svg";
import search from "lucide-static/icons/search.svg";
import shield from "lucide-static/icons/shield-check.svg";
import sound from "lucide-static/icons/volume-2.svg";
import systems from "lucide-static/icons/plug.svg";
import trash from "lucide-static/icons/trash-2.svg";
import undo from "lucide-static/icons/undo-2.svg";
import up from "lucide-static/icons/upload.svg";
import x from "lucide-static/icons/x.svg";
import { iconsOf } from "../../parts/icons";

const set = {
  alert, approvals, audit, back, budgets, check, chevron, clock, contacts, copy, down, edit, exit, history, insights, keys, limits, more,
  offline, overview, pause, people, plus, policies, redo, search, shield, sound, systems, trash, undo, up, x,
};
export type IconName = keyof typeof set;
export const Icon = iconsOf(set);
