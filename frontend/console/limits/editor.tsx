// The field in which a cell is written, above the cell: with what may stand in it, where that is known.
import { useSignal } from "@preact/signals";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { choicesFor, chosen, isList } from "./cells";
import type { Column } from "./columns";

const MOST = 60; // choices that are listed

/** Where the cursor goes when a cell is done. */
export type Onward = "leave" | "stay" | "down" | "left" | "right";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** True where there is more room above the cell than below. */
  readonly isLow: boolean;
}

export interface Editing {
  readonly row: string;
  readonly column: Column;
  readonly text: string;
  /** The key that began it takes the place of the text. */
  readonly typed: string | null;
  /** The cell, in px within the frame. */
  readonly box: Box;
}

export function Editor(props: {
  readonly of: Editing;
  readonly onDone: (text: string, onward: Onward) => void;
  readonly onCancel: () => void;
}) {
  const { row, column, box } = props.of;
  const field = useRef<HTMLInputElement>(null);
  const typed = useSignal(props.of.typed ?? props.of.text);
  const isTouched = useSignal(props.of.typed !== null);
  const marked = useSignal(-1);
  const done = useRef(false);
  const id = useId();
  // Before anything is typed every choice is offered: the cell's own text would hide the others.
  const choices = choicesFor(column, isTouched.value ? typed.value : "").slice(0, MOST);

  useLayoutEffect(() => {
    field.current?.focus();
    if (props.of.typed === null) field.current?.select();
  }, []);

  const finish = (text: string, onward: Onward) => {
    if (done.current) return;
    done.current = true;
    props.onDone(text, onward);
  };
  const pick = (key: string) => {
    const from = isTouched.value || isList(column) ? typed.value : "";
    const text = isList(column) && !isTouched.value ? key : chosen(column, from, key);
    if (!isList(column)) return finish(text, "stay");
    typed.value = text;
    isTouched.value = true;
    marked.value = -1;
    field.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    event.stopPropagation();
    const onward = ({ Enter: "down", Tab: event.shiftKey ? "left" : "right" } as const)[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      done.current = true;
      props.onCancel();
    } else if (choices.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      marked.value = (marked.value + step + choices.length) % choices.length;
      document.getElementById(`${id}-${marked.value}`)?.scrollIntoView({ block: "nearest" });
    } else if (onward !== undefined) {
      event.preventDefault();
      // What can only mean one of them is that one.
      const isClear = isTouched.value && choices.length === 1 && /[^\s,]\s*$/.test(typed.value);
      const key = choices[isClear ? 0 : marked.value]?.key;
      finish(key === undefined ? typed.value : chosen(column, isTouched.value ? typed.value : "", key), onward);
    }
  };
  return (
    <div class="cell-editor" data-low={box.isLow} style={placed(box, column)}>
      <input
        ref={field}
        class="cell-field"
        style={{ height: `${box.height}px` }}
        aria-label={`${column.name}, ${row}`}
        role={choices.length > 0 ? "combobox" : undefined}
        aria-expanded={choices.length > 0 ? "true" : undefined}
        aria-controls={choices.length > 0 ? id : undefined}
        aria-activedescendant={marked.value >= 0 ? `${id}-${marked.value}` : undefined}
        autocomplete="off"
        spellcheck={column.form === "text"}
        maxLength={500}
        placeholder={column.hint}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          isTouched.value = true;
          marked.value = -1;
        }}
        onKeyDown={pressed}
        onBlur={() => finish(typed.value, "leave")}
      />
      {choices.length > 0 && (
        <ul class="cell-choices" role="listbox" id={id} aria-label={column.name}>
          {choices.map((choice, at) => (
            <li
              key={choice.key}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === marked.value}
              onPointerDown={(event) => {
                event.preventDefault(); // the field keeps the focus
                pick(choice.key);
              }}
            >
              <span>{choice.name}</span>
              {choice.name !== choice.key && <code>{choice.key}</code>}
            </li>
          ))}
        </ul>
      )}
      {choices.length === 0 && column.hint !== "" && <p class="cell-hint">{column.hint}</p>}
    </div>
  );
}

function placed({ left, top, width, height }: Box, column: Column) {
  const least = Math.max(width, column.form === "text" ? 420 : 0);
  // Its lower edge, for one that opens upwards: the style sheet moves it there.
  return { left: `${left}px`, top: `${top}px`, minWidth: `${least}px`, "--cell-height": `${height}px` };
}
