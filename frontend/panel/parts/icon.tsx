// The icons of the panel.
import check from "lucide-static/icons/check.svg";
import chevron from "lucide-static/icons/chevron-right.svg";
import clock from "lucide-static/icons/clock.svg";
import copy from "lucide-static/icons/copy.svg";
import keyboard from "lucide-static/icons/circle-question-mark.svg";
import insert from "lucide-static/icons/corner-down-left.svg";
import alert from "lucide-static/icons/triangle-alert.svg";
import more from "lucide-static/icons/ellipsis.svg";
import offline from "lucide-static/icons/wifi-off.svg";
import pause from "lucide-static/icons/octagon-pause.svg";
import undo from "lucide-static/icons/undo-2.svg";
import x from "lucide-static/icons/x.svg";
import { iconsOf } from "../../parts/icons";

export const Icon = iconsOf({ alert, check, chevron, clock, copy, insert, keyboard, more, offline, pause, undo, x });
