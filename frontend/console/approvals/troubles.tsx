// Decisions that were not taken, one by one: nothing of what was meant is lost.
import { amount } from "../../text/format";
import { useDesk } from "../desk";
import { IconButton, Notice } from "../parts/small";
import type { Deciding } from "./deciding";

export function Troubles({ deciding }: { readonly deciding: Deciding }) {
  const desk = useDesk();
  const troubles = deciding.troubles.value;
  if (troubles.length === 0) return null;
  const hasDoubt = troubles.some((one) => one.doubt !== null);
  return (
    <Notice tone="refused" icon="alert">
      <ul class="troubles" role="alert">
        {troubles.map((trouble) => (
          <li key={trouble.one.approval.id}>
            <span>
              <strong>
                {trouble.one.asker ?? trouble.one.approval.rep}, {amount(trouble.one.approval.amount)} {desk.remedy(trouble.one.approval.remedy)}:
              </strong>{" "}
              {trouble.text}
            </span>
            <IconButton icon="x" name="Seen" onClick={() => deciding.dismiss(trouble)} />
          </li>
        ))}
      </ul>
      {hasDoubt && (
        <button type="button" class="secondary" onClick={() => void deciding.resume()}>
          Find out
        </button>
      )}
    </Notice>
  );
}
