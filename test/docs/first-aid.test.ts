import { describe, expect, it } from 'vitest';
import { stepsOf, textOf } from './doc-script.ts';

const PAGE = 'SECURITY.md';

/** The items of the list, without their numbers. */
function itemsOfFirstAid(): readonly string[] {
  const [, section = ''] = /^## First aid[^\n]*\n([\s\S]*?)^## /m.exec(textOf(PAGE)) ?? [];
  return section.split(/^\d+\. /m).slice(1);
}

function commandsIn(item: string | undefined): readonly string[] {
  return stepsOf(PAGE, item ?? '').map(({ command }) => command);
}

describe('The first aid', () => {
  it('begins with a pause of the steward that takes effect, on the command line and in the deployment', () => {
    const [first] = itemsOfFirstAid();

    const [typed = '', asked = '', ...more] = commandsIn(first);
    expect(more).toEqual([]);
    expect(typed).toMatch(/^steward pause /);
    expect(asked).toMatch(/^steward --stack FlinkSteward pause /);
  });

  it('looks at what happened before it takes anything back, and takes it back by both ways', () => {
    const items = itemsOfFirstAid();
    const placeOf = (command: string) => items.findIndex((item) => commandsIn(item).includes(command));

    const [history, undo] = [placeOf('steward history'), placeOf('steward undo RUN --execute')];
    expect(history).toBeGreaterThan(0);
    expect(placeOf('steward --stack FlinkSteward history')).toBe(history);
    expect(undo).toBeGreaterThan(history);
    expect(placeOf('steward --stack FlinkSteward undo RUN --execute')).toBe(undo);
  });

  it('says of nothing that deletes that it does not', () => {
    const text = itemsOfFirstAid().join(' ').replaceAll(/\s+/g, ' ');

    expect(text).not.toMatch(/version of the steward|steward (?:deletes nothing|can't delete|never deletes)/i);
  });
});
