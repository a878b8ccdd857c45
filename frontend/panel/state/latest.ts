// Of questions that follow each other, only the newest is answered.

export class Latest {
  #running: AbortController | null = null;
  #number = 0;

  /** Run a newer one: the one before is given up, and its answer never lands. */
  async run<T>(ask: (signal: AbortSignal) => Promise<T>, land: (answer: T) => void): Promise<void> {
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    const number = ++this.#number;
    const answer = await ask(mine.signal);
    // A request may be answered in the moment in which it is given up.
    if (number === this.#number && !mine.signal.aborted) land(answer);
  }

  giveUp(): void {
    this.#running?.abort();
    this.#number += 1;
  }
}
