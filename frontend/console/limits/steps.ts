// What was done to a table, step by step, to be undone and done again: pure.
import { type Change, inverse } from "./rows";

const MOST_STEPS = 200;

export class Steps {
  #done: (readonly Change[])[] = [];
  #undone: (readonly Change[])[] = [];

  /** Remember a step; what was undone before it cannot be done again. */
  add(changes: readonly Change[]): void {
    this.#done = [...this.#done.slice(1 - MOST_STEPS), changes];
    this.#undone = [];
  }

  /** The changes that take the last step back; null if there is none. */
  undo(): readonly Change[] | null {
    const step = this.#done.pop();
    if (step === undefined) return null;
    this.#undone.push(step);
    return inverse(step);
  }

  /** The changes of the step that was undone last; null if there is none. */
  redo(): readonly Change[] | null {
    const step = this.#undone.pop();
    if (step === undefined) return null;
    this.#done.push(step);
    return step;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }
}
