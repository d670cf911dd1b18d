import { commandsIn } from '#core/commands-in-text.ts';
import { type Child, el } from './dom.ts';
import { shown } from './format.ts';

/** A sentence whose commands are set apart, so that a click selects the whole of one. */
export function told(sentence: string): Child {
  const pieces: Child[] = [];
  let end = 0;
  for (const found of commandsIn(sentence)) {
    const command = shown(sentence.slice(found.start, found.end));
    pieces.push(shown(sentence.slice(end, found.start)), el('code', { class: 'told' }, command));
    end = found.end;
  }
  return [...pieces, shown(sentence.slice(end))];
}
