// What a page shows as a file, in whichever of some formats is chosen.
import { useSignal } from "@preact/signals";
import { NoAnswer, Refused, SignedOut } from "../../api/problems";
import { useDesk } from "../desk";
import { Dialog } from "./dialog";
import { Icon } from "./icon";
import { faultInWords } from "./loaded";
import { save } from "./save";

export type Format = readonly [ending: string, name: string, about: string];

/** `path` is the file's address without its format, `name` the file's without its ending. */
export function ExportButton(props: { readonly path: string; readonly name: string; readonly formats: readonly Format[] }) {
  const desk = useDesk();
  const isOpen = useSignal(false);
  const fault = useSignal<string | null>(null);
  const had = async (format: string) => {
    try {
      save(await desk.api.file(`${props.path}${props.path.includes("?") ? "&" : "?"}format=${format}`), `${props.name}.${format}`);
      isOpen.value = false;
    } catch (problem) {
      if (!(problem instanceof NoAnswer || problem instanceof Refused || problem instanceof SignedOut)) throw problem;
      fault.value = faultInWords(problem);
    }
  };
  return (
    <>
      <button type="button" class="secondary" onClick={() => (isOpen.value = true)}>
        <Icon name="down" /> Export
      </button>
      {isOpen.value && (
        <Dialog name="Export" onClose={() => (isOpen.value = false)}>
          <ul class="formats">
            {props.formats.map(([format, name, about]) => (
              <li key={format}>
                <span>
                  <b>{name}</b>
                  <span class="quiet">{about}</span>
                </span>
                <button type="button" class="secondary" onClick={() => void had(format)}>
                  Download {format.toUpperCase()}
                </button>
              </li>
            ))}
          </ul>
          {fault.value !== null && (
            <p class="fault" role="alert">
              {fault.value}
            </p>
          )}
        </Dialog>
      )}
    </>
  );
}
