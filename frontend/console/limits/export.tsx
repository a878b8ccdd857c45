// A table as a file: of a version or of a draft, in one of three formats.
import { useSignal } from "@preact/signals";
import { NoAnswer, Refused, SignedOut } from "../../api/problems";
import { useDesk } from "../desk";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { faultInWords } from "../parts/loaded";
import { save } from "../parts/save";

const FORMATS = [
  ["xlsx", "Excel workbook", "To edit in a spreadsheet; import it again as it is."],
  ["csv", "CSV", "Plain text, one line for each row."],
  ["json", "JSON", "For programs."],
] as const;

export function ExportButton(props: { readonly path: string; readonly name: string }) {
  const desk = useDesk();
  const isOpen = useSignal(false);
  const fault = useSignal<string | null>(null);
  const had = async (format: string) => {
    try {
      save(await desk.api.file(`${props.path}/sheet?format=${format}`), `${props.name}.${format}`);
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
            {FORMATS.map(([format, name, about]) => (
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
