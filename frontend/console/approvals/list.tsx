// What waits, row by row: who, what, how much above, how long.
import type { WaitingRequest as Waiting } from "../../api/schema";
import { amount } from "../../text/format";
import { useDesk } from "../desk";
import { useNow } from "./clock";
import { since } from "./words";
import type { Workbench } from "./workbench";

const SHORT = 3 * 60_000; // ms; a request that expires sooner is marked

export function QueueList({ bench }: { readonly bench: Workbench }) {
  const ordered = bench.ordered.value;
  const mine = ordered.filter((one) => one.mine.may);
  const others = ordered.filter((one) => !one.mine.may);
  return (
    <nav class="queue-list" aria-label="Requests that wait">
      <Group name="For you to decide" those={mine} bench={bench} canPick />
      <Group name="For others" those={others} bench={bench} />
    </nav>
  );
}

function Group(props: { readonly name: string; readonly those: readonly Waiting[]; readonly bench: Workbench; readonly canPick?: boolean }) {
  const { name, those, bench } = props;
  if (those.length === 0) return null;
  return (
    <section class="queue-group" aria-label={name}>
      <h2>
        {name} <span class="figure">{those.length}</span>
      </h2>
      <ol>
        {those.map((one) => (
          <Row key={one.approval.id} one={one} bench={bench} canPick={props.canPick ?? false} />
        ))}
      </ol>
    </section>
  );
}

function Row({ one, bench, canPick }: { readonly one: Waiting; readonly bench: Workbench; readonly canPick: boolean }) {
  const desk = useDesk();
  const { approval } = one;
  const now = useNow();
  const left = Date.parse(approval.expires_at) - now;
  const isCurrent = bench.current.value === approval.id && bench.gone.value === null;
  const asker = one.asker ?? approval.rep;
  return (
    <li class="queue-item" data-picked={bench.picked.value.has(approval.id)}>
      {canPick && (
        <input
          type="checkbox"
          aria-label={`Pick ${asker}, ${amount(approval.amount)}`}
          checked={bench.picked.value.has(approval.id)}
          tabIndex={isCurrent ? 0 : -1}
          onChange={() => bench.pick(approval.id)}
        />
      )}
      <button type="button" class="queue-row" aria-current={isCurrent} onClick={() => bench.show(approval.id)}>
        <span class="queue-what">
          <strong class="figure">{amount(approval.amount)}</strong> {desk.remedy(approval.remedy)}
        </span>
        <span class="queue-time figure" data-short={left < SHORT}>
          {left < SHORT ? `${since(left)} left` : <><span class="unseen">waits </span>{since(now - Date.parse(approval.at))}</>}
        </span>
        <span class="queue-who">
          {asker} · {desk.issue(approval.issue)}
        </span>
        <span class="queue-above">{one.above && `${amount(one.above)} above`}</span>
      </button>
    </li>
  );
}
