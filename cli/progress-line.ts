import type { Amount } from '#core/collect/totals.ts';
import { duration } from '#core/quantity.ts';
import type { SurveyProgress } from '#steward/documents.ts';
import type { Io } from './io.ts';
import { says } from './log-level.ts';
import { bytes, count } from './print/text.ts';

/** Milliseconds between two drawings. */
const INTERVAL = 100;
/** Milliseconds between two lines where none can be redrawn: a log keeps each of them. */
const INTERVAL_OF_LINES = { usual: 60_000, verbose: 10_000 };
/** Milliseconds of work before which no pace is known. */
const UNKNOWN_PACE = 1_000;
/** Used if the width of the terminal is not known. */
const USUAL_WIDTH = 80;
const BACK_AND_ERASE = '\r\x1b[K';

/** The progress of a command; null where nobody wants to see it, or stderr may be read together with the document. */
export function progressOf({ json }: { readonly json?: boolean | undefined }, io: Io): ProgressLine | null {
  return json !== true && says(io, 'warn') ? new ProgressLine(io) : null;
}

/**
 * The progress of a run: on a terminal one line that is redrawn and erased at the end, otherwise a line now and then. A
 * terminal gets such lines too where each request is told: they would be mixed.
 */
export class ProgressLine {
  readonly #io: Io;
  readonly #began: number;
  readonly #redraws: boolean;
  readonly #interval: number;
  #drawn: number;
  #shown = false;
  /** When the first root was read. After that nothing is listed any more, and a rate would mislead. */
  #listed: number | null = null;
  #deleting: Pace | null = null;

  constructor(io: Io) {
    this.#io = io;
    this.#began = io.clock();
    this.#drawn = this.#began;
    this.#redraws = io.redraws === true && !says(io, 'debug');
    const { usual, verbose } = INTERVAL_OF_LINES;
    this.#interval = this.#redraws ? INTERVAL : says(io, 'info') ? verbose : usual;
  }

  /** Shows how far a survey has come. */
  show({ objects, bytes: size, expected, roots, rootsRead }: SurveyProgress): void {
    const now = this.#io.clock();
    if (rootsRead > 0) {
      this.#listed ??= now;
    }
    const seconds = (now - this.#began) / 1_000;
    const isMore = expected !== null && expected > objects;
    const listing = [
      `${ofAbout(objects, isMore ? expected : null)} listed (${bytes(size)})`,
      `${Math.round(objects / seconds).toLocaleString('en-US')} a second`,
      ...(isMore ? left({ done: objects, all: expected, passed: now - this.#began }) : []),
    ];
    const reading = [
      `${count(objects, 'object')} listed (${bytes(size)})`,
      `${rootsRead.toLocaleString('en-US')} of ${count(Math.max(roots, rootsRead), 'root')} read`,
      ...left({ done: rootsRead, all: roots, passed: now - (this.#listed ?? now) }),
    ];
    this.#draw((this.#listed === null ? listing : reading).join(', '), now);
  }

  /** @param objects that are listed around the area. */
  showOutside(objects: number): void {
    this.#draw(`${count(objects, 'object')} listed outside the area`, this.#io.clock());
  }

  /** @param files of which the end was read. */
  showStateFiles(files: number, all: number): void {
    this.#draw(`${files.toLocaleString('en-US')} of ${count(all, 'state file')} read`, this.#io.clock());
  }

  /** @param folders that were looked into. */
  showLooked(folders: number): void {
    this.#draw(`${count(folders, 'folder')} looked into`, this.#io.clock());
  }

  /** @param all that this run deletes, if nothing keeps any of it. */
  showDeleted(deleted: Amount, all: Amount): void {
    const now = this.#io.clock();
    this.#deleting ??= { from: deleted.objects, since: now };
    const { from, since } = this.#deleting;
    const parts = [
      `${deleted.objects.toLocaleString('en-US')} of ${count(all.objects, 'object')} deleted`,
      `${bytes(deleted.bytes)} of ${bytes(all.bytes)}`,
      ...left({ done: deleted.objects - from, all: all.objects - from, passed: now - since }),
    ];
    this.#draw(parts.join(', '), now);
  }

  #draw(text: string, now: number): void {
    if (now - this.#drawn < this.#interval) {
      return;
    }
    this.#drawn = now;
    if (!this.#redraws) {
      this.#io.err(`${text}\n`);
      return;
    }
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

/** From when the pace is measured, and how much was done then. */
interface Pace {
  readonly from: number;
  /** Epoch milliseconds. */
  readonly since: number;
}

function ofAbout(objects: number, all: number | null): string {
  return all === null
    ? count(objects, 'object')
    : `${objects.toLocaleString('en-US')} of about ${count(all, 'object')}`;
}

/** How long the rest takes at the pace so far; nothing where no pace is known. @param work `passed` in milliseconds */
function left(work: { readonly done: number; readonly all: number; readonly passed: number }): readonly string[] {
  const { done, all, passed } = work;
  if (passed < UNKNOWN_PACE || done <= 0 || done >= all) return [];
  return [`about ${duration((passed * (all - done)) / done)} left`];
}
