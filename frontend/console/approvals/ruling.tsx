// The answer: three buttons, and for each the reasons that are buttons themselves.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Quantity } from "../../api/names";
import type { Unit, WaitingRequest as Waiting } from "../../api/schema";
import { decimalsOf, isNothing, isWithin, quantityOf, scaled, textOf } from "../../text/amounts";
import { amount, plain, readTyped } from "../../text/format";
import { useDesk } from "../desk";
import { REASONS } from "./deciding";
import { likeOf, total } from "./words";
import type { Act, Workbench } from "./workbench";

export function RulingBar({ bench }: { readonly bench: Workbench }) {
  const act = bench.act.value;
  return (
    <footer class="ruling" aria-label="Your decision" role="group">
      {act === null ? <Choice bench={bench} /> : act === "less" ? <Less bench={bench} /> : <Because bench={bench} act={act} />}
    </footer>
  );
}

function Choice({ bench }: { readonly bench: Workbench }) {
  const targets = bench.targets.value;
  const one = bench.shown.value;
  const isMany = targets.length > 1;
  const mayAll = targets.every((other) => other.mine.may);
  const like = one ? likeOf(one, bench.ordered.value).length : 0;
  const before = useRef(false);
  const approve = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Back from the reasons with the keyboard: the focus stays where the hands are.
    if (before.current && document.activeElement === document.body) approve.current?.focus();
    before.current = true;
  });
  return (
    <div class="ruling-choice">
      <button type="button" class="primary" disabled={!mayAll} ref={approve} onClick={() => bench.begin("approve")}>
        Approve {sumOf(targets)} <kbd>a</kbd>
      </button>
      <button type="button" class="secondary" disabled={!mayAll || isMany} onClick={() => bench.begin("less")}>
        Approve less… <kbd>e</kbd>
      </button>
      <button type="button" class="secondary" disabled={!mayAll} onClick={() => bench.begin("refuse")}>
        Decline… <kbd>d</kbd>
      </button>
      {(like > 1 || isMany) && (
        <button type="button" class="link ruling-like" onClick={() => bench.pickLike()}>
          {isMany ? `Let go of ${targets.length} picked` : `Pick all ${like} like it`} <kbd>l</kbd>
        </button>
      )}
    </div>
  );
}

/** Why: the reason is the button. Its first one is under the hand. */
function Because({ bench, act }: { readonly bench: Workbench; readonly act: Exclude<Act, "less"> }) {
  const targets = bench.targets.value;
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const verb = act === "approve" ? "Approve" : "Decline";
  return (
    <div class="ruling-because">
      <p id="ruling-name">
        <strong>
          {verb} {sumOf(targets)}
        </strong>
        , because
      </p>
      <div class="ruling-reasons" role="group" aria-labelledby="ruling-name">
        {REASONS[act].map(([reason, label], place) => (
          <button
            type="button"
            class={act === "approve" ? "reason" : "reason refusing"}
            key={reason}
            ref={place === 0 ? first : null}
            onClick={() => bench.decide({ ruling: act, reason, less: null })}
          >
            {label} <kbd>{place + 1}</kbd>
          </button>
        ))}
      </div>
      <Note bench={bench} />
    </div>
  );
}

function Less({ bench }: { readonly bench: Workbench }) {
  const desk = useDesk();
  const one = bench.shown.value;
  const field = useRef<HTMLInputElement>(null);
  const fault = useSignal("");
  useEffect(() => field.current?.select(), []);
  if (!one) return null;
  const { approval, mine } = one;
  const unit = unitOf(approval.amount);
  const decide = (event: Event) => {
    event.preventDefault();
    const currency = "currency" in approval.amount ? approval.amount.currency : "";
    const decimals = unit === "money" ? decimalsOf(currency) : unit === "percent" ? 2 : 0;
    const text = readTyped(field.current?.value ?? "", decimals);
    const most = mine.up_to ?? approval.amount;
    if (text === null || scaled(text) === 0n) fault.value = `Type an amount such as ${plain(approval.amount)}.`;
    else if (!isWithin(text, approval.amount)) fault.value = `At most ${amount(approval.amount)} was asked for.`;
    else if (!isWithin(text, most)) fault.value = `You may give up to ${amount(most)}.`;
    else bench.decide({ ruling: "approve", reason: "lower_is_enough", less: quantityOf(text, unit, currency) });
    if (fault.value) desk.tell(fault.value);
  };
  return (
    <form class="ruling-because" onSubmit={decide}>
      <label>
        <strong>Approve</strong>
        <input
          class="field figure"
          name="less"
          inputMode="decimal"
          autocomplete="off"
          ref={field}
          autofocus
          defaultValue={plain(suggested(one))}
          aria-invalid={fault.value !== ""}
          aria-describedby="less-fault"
        />
        <span class="quiet">of {amount(approval.amount)}, because less is enough</span>
      </label>
      <button type="submit" class="primary">
        Approve less <kbd>↵</kbd>
      </button>
      {fault.value && (
        <p class="fault" id="less-fault">
          {fault.value}
        </p>
      )}
      <Note bench={bench} />
    </form>
  );
}

function Note({ bench }: { readonly bench: Workbench }) {
  return (
    <div class="ruling-note">
      <input
        class="field"
        aria-label="A line for who asked (you need not)"
        placeholder="A line for who asked, if one helps"
        maxLength={1_000}
        value={bench.comment.value}
        onInput={(event) => (bench.comment.value = event.currentTarget.value)}
      />
      <button type="button" class="link" onClick={() => bench.cancel()}>
        Back <kbd>Esc</kbd>
      </button>
    </div>
  );
}

/** `€14.00`, or `5 requests, €61.00`. */
function sumOf(targets: readonly Waiting[]): string {
  const [first] = targets;
  if (!first) return "";
  if (targets.length === 1) return amount(first.approval.amount);
  const sum = total(targets.map((one) => one.approval.amount));
  return `${targets.length} requests${sum ? `, ${sum}` : ""}`;
}

/** What is proposed instead: what is usual, or else the most that may be given. */
function suggested({ approval, mine, precedent }: Waiting): Quantity {
  const most = mine.up_to && !isNothing(mine.up_to) && !mine.covers ? mine.up_to : approval.amount;
  const usual = precedent.median;
  const text = usual && textOf(usual);
  return usual && text && isWithin(text, most) ? usual : most;
}

function unitOf(quantity: Quantity): Unit {
  if ("amount" in quantity) return "money";
  if ("percent" in quantity) return "percent";
  return "days" in quantity ? "days" : "count";
}
