import { METADATA_NAME } from '#core/flink/names.ts';
import { compareKeys } from '#core/key-order.ts';

/** Keys from `from` up to, but not with, `to`. */
export interface KeySpan {
  readonly from: string;
  readonly to: string;
}

/**
 * The keys by which the roots of a directory go: its own, and those of its checkpoints.
 *
 * @param directory with a closing slash; empty at the top.
 */
export function spansOfRoots(directory: string): readonly [root: KeySpan, checkpoints: KeySpan] {
  const own = directory + METADATA_NAME;
  // `.` follows `-`.
  return [
    { from: own, to: `${own}\0` },
    { from: `${directory}chk-`, to: `${directory}chk.` },
  ];
}

/** Spans in order, each key in one of them at most. */
export function unionOf(spans: readonly KeySpan[]): readonly KeySpan[] {
  const union: { from: string; to: string }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => compareKeys(a.from, b.from))) {
    const last = union.at(-1);
    if (last === undefined || compareKeys(last.to, from) < 0) union.push({ from, to });
    else if (compareKeys(last.to, to) < 0) last.to = to;
  }
  return union;
}

/** Spans that are asked for in the order of keys. */
export class SpanWalk {
  readonly #spans: readonly KeySpan[];
  #next = 0;

  /** @param spans as {@link unionOf} gives them. */
  constructor(spans: readonly KeySpan[]) {
    this.#spans = spans;
  }

  /** Whether a key of a span may lie between two keys. @param after never less than that of an earlier call. */
  meets(after: string, before: string): boolean {
    this.#pass(after);
    const span = this.#spans[this.#next];
    return span !== undefined && compareKeys(span.from, before) < 0;
  }

  /** Whether a key lies in a span. @param key never less than an earlier `after`. */
  covers(key: string): boolean {
    for (let at = this.#next; ; at++) {
      const span = this.#spans[at];
      if (span === undefined || compareKeys(span.from, key) > 0) return false;
      if (compareKeys(key, span.to) < 0) return true;
    }
  }

  /** Where spans begin between two keys. @param after never less than an earlier one of {@link meets}. */
  *beginnings(after: string, before: string): Generator<string> {
    for (let at = this.#next; ; at++) {
      const span = this.#spans[at];
      if (span === undefined || compareKeys(span.from, before) >= 0) return;
      if (compareKeys(span.from, after) > 0) yield span.from;
    }
  }

  #pass(key: string): void {
    for (let span = this.#spans[this.#next]; span !== undefined && compareKeys(span.to, key) <= 0; ) {
      this.#next++;
      span = this.#spans[this.#next];
    }
  }
}
