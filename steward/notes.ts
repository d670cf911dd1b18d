/**
 * What people should know about a command that goes on all the same: a dangerous setting, a `protect` pattern that matches
 * nothing, memory that was lost. The command line prints each note at once; the functions put all of them into their answer.
 */
export class Notes {
  readonly #all: string[] = [];
  readonly #onNote: (sentence: string) => void;

  /** @param onNote called for each note, once. */
  constructor(onNote: (sentence: string) => void = () => {}) {
    this.#onNote = onNote;
  }

  /** In the order in which they came up. */
  get all(): readonly string[] {
    return this.#all;
  }

  /** A sentence that is known already is not said twice: a run that waits for the lease may come up with it again. */
  add(...sentences: readonly string[]): void {
    for (const sentence of sentences) {
      if (!this.#all.includes(sentence)) {
        this.#all.push(sentence);
        this.#onNote(sentence);
      }
    }
  }
}
