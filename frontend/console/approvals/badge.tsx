// How many wait for the one who is signed in, beside the page's name.
import { useDesk } from "../desk";

export function ApprovalsBadge() {
  const waiting = useDesk().queue.mine.value.length;
  if (waiting === 0) return null;
  return (
    <span class="badge">
      {waiting}
      <span class="unseen"> waiting for you</span>
    </span>
  );
}
