import { shellWord } from '#core/shell-word.ts';
import type { AreaOptions } from './area-options.ts';
import { printable } from './print/text.ts';

/** The locations and options that the user typed; the next command needs them too. */
export interface TypedArea {
  readonly places: readonly string[];
  readonly options: AreaOptions;
}

/**
 * A command on the same area, with the same locations, ledger and store, so that it can be copied.
 *
 * @param words the command and its own arguments.
 * @param last its own options. They come last, because an option with several values would swallow locations.
 */
export function nextCommand(words: readonly string[], { places, options }: TypedArea, last: readonly string[] = []) {
  const { as, config, ledger, endpoint, region, pathStyle, requesterPays, now, stack } = options;
  const valued = Object.entries({ stack, as, ledger, config, endpoint, region }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  return [
    'steward',
    ...words,
    ...places,
    ...valued,
    ...(pathStyle ? ['--path-style'] : []),
    ...(requesterPays ? ['--requester-pays'] : []),
    ...(now === undefined ? [] : ['--now', now.toISOString().replace('.000', '')]),
    ...last,
  ]
    .map(shellWord)
    .join(' ');
}

/** The command that shows what a run would delete now. A deployment collects on a schedule, and is asked for a plan. */
export function wouldDelete(typed: TypedArea): string {
  return nextCommand([typed.options.stack === undefined ? 'collect' : 'plan'], typed);
}

/** A sentence, and the command on a line of its own, which is not wrapped. */
export function printNext(sentence: string, command: string): string {
  return `${sentence}\n  ${printable(command)}\n`;
}
