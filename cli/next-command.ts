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
  const { as, config, ledger, endpoint, region, pathStyle, requesterPays, now } = options;
  const valued = Object.entries({ as, ledger, config, endpoint, region }).flatMap(([name, value]) =>
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

/** A sentence, and the command on a line of its own, which is not wrapped. */
export function printNext(sentence: string, command: string): string {
  return `${sentence}\n  ${printable(command)}\n`;
}
