// Asks once more before something ends for good, and says what went wrong if it did not.
import type { ComponentChildren } from "preact";
import { Dialog, DialogFoot } from "../parts/dialog";
import { useDoing } from "../parts/doing";
import { Fault } from "../parts/loaded";

export function Ending(props: {
  readonly name: string;
  readonly act: string;
  readonly run: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const { busy, fault, run } = useDoing();
  const end = (event: SubmitEvent) => {
    event.preventDefault();
    void run(props.run);
  };
  return (
    <Dialog name={props.name} onClose={props.onClose}>
      <form onSubmit={end}>
        <p>{props.children}</p>
        {fault.value !== null && <Fault of={fault.value} />}
        <DialogFoot act={props.act} danger busy={busy.value} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
