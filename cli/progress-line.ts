import type { Amount } from '#core/collect/totals.ts';
import type { SurveyProgress } from '#steward/documents.ts';
import type { Io } from './io.ts';
import { bytes, count } from './print/text.ts';

/** Milliseconds between two drawings. */
const INTERVAL = 100;
/** Used if the width of the terminal is not known. */
const USUAL_WIDTH = 80;
const BACK_AND_ERASE = '\r\x1b[K';

/** One line on the terminal that shows the progress of a run and is erased at the end. */
export class ProgressLine {
  readonly #io: Io;
  readonly #began: number;
  #drawn: number;
  #shown = false;
  /** When the first root was read. After that nothing is listed any more, and a rate would mislead. */
  #listed: number | null = null;

  constructor(io: Io) {
    this.#io = io;
    this.#began = io.clock();
    this.#drawn = this.#began;
  }

  /** Redraws the line, at most every {@link INTERVAL}. */
  show({ objects, rootsRead }: SurveyProgress): void {
    const now = this.#io.clock();
    if (rootsRead > 0) {
      this.#listed ??= now;
    }
    const seconds = (now - this.#began) / 1_000;
    const parts = [
      `${count(objects, 'object')} listed`,
      this.#listed === null
        ? `${Math.round(objects / seconds).toLocaleString('en-US')} a second`
        : `${count(rootsRead, 'root')} read`,
    ];
    this.#draw(parts.join(', '), now);
  }

  /** @param objects that are listed around the area. */
  showOutside(objects: number): void {
    this.#draw(`${count(objects, 'object')} listed outside the area`, this.#io.clock());
  }

  /** @param folders that were looked into. */
  showLooked(folders: number): void {
    this.#draw(`${count(folders, 'folder')} looked into`, this.#io.clock());
  }

  showDeleted({ objects, bytes: size }: Amount): void {
    this.#draw(`${count(objects, 'object')} deleted, ${bytes(size)}`, this.#io.clock());
  }

  #draw(text: string, now: number): void {
    if (now - this.#drawn < INTERVAL) {
      return;
    }
    this.#drawn = now;
    this.#shown = true;
    // Some terminals begin a new line after the last column, and a new line can't be erased.
    const width = (this.#io.errorColumns ?? USUAL_WIDTH) - 1;
    this.#io.err(`${BACK_AND_ERASE}${text.slice(0, width)}`);
  }

  /** Erases the line, before anything else is written. */
  erase(): void {
    if (this.#shown) {
      this.#shown = false;
      this.#io.err(BACK_AND_ERASE);
    }
  }
}
