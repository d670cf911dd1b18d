import { count } from '#core/quantity.ts';

/** Why an area is undecidable, in the same words on a terminal and on the page. */

/** One kind of reason, told by the first of its kind. */
export interface UndecidableWords {
  /** Ends with a full stop, or with the colon before its command. */
  readonly sentence: string;
  /** What would make the area decidable; null where no single command does. */
  readonly command: string | null;
}

interface Problem {
  readonly code: string;
  readonly sentence: string;
}

const COMMAND_AT_END = /^(.*): (steward .* --execute)$/s;

/** One entry for each kind of reason, however many of the kind there are. */
export function undecidableWords(undecidable: readonly Problem[]): readonly UndecidableWords[] {
  const kinds = new Map<string, string[]>();
  for (const { code, sentence } of undecidable) {
    const alike = kinds.get(code) ?? [];
    alike.push(sentence);
    kinds.set(code, alike);
  }
  return [...kinds].map(([code, [first = '', ...others]]) => {
    const what = code === 'flink-unreachable' ? 'more endpoint' : 'more root';
    const more = others.length === 0 ? '' : ` (${count(others.length, what)} like it)`;
    const [, before, command] = COMMAND_AT_END.exec(first) ?? [];
    return before === undefined || command === undefined
      ? { sentence: `${first}${more}.`, command: null }
      : { sentence: `${before}${more}:`, command };
  });
}
