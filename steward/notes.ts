/**
 * Remarks that do not stop a command: a dangerous setting, a `protect` pattern that matches nothing, lost records. The
 * command line prints each note at once; the functions return all of them in their answer.
 */
export class Notes {
  readonly #all: string[] = [];
  readonly #onNote: (sentence: string) => void;

  /** @param onNote called for each note, once. */
  constructor(onNote: (sentence: string) => void = () => {}) {
    this.#onNote = onNote;
  }

  /** All notes, in the order in which they were added. */
  get all(): readonly string[] {
    return this.#all;
  }

  /** A note that exists already is not added again: a run that is retried for the lease adds its notes again. */
  add(...sentences: readonly string[]): void {
    for (const sentence of sentences) {
      if (!this.#all.includes(sentence)) {
        this.#all.push(sentence);
        this.#onNote(sentence);
      }
    }
  }
}
