import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '#core/commands-in-text.ts';
import { shellWord } from '#core/shell-word.ts';

function found(text: string): readonly (readonly [string, readonly string[]])[] {
  return commandsIn(text).map(({ start, end, words }) => [text.slice(start, end), words]);
}

describe('The commands in a text', () => {
  it.each([
    ['steward plan', 'steward plan'],
    ['To resume: steward resume --execute', 'steward resume --execute'],
    ['To resume: steward resume --execute.', 'steward resume --execute'],
    ['To look: steward audit .. Then wait.', 'steward audit .'],
    ['It is back by: steward undo R --execute. If not, wait.', 'steward undo R --execute'],
    ['kept (if it is over: steward declare-dead J --execute)', 'steward declare-dead J --execute'],
    [
      'restore it (aws s3api restore-object --bucket b --key k), then run',
      'aws s3api restore-object --bucket b --key k',
    ],
    ['With: aws s3 cp a b (takes hours).', 'aws s3 cp a b'],
    ["Copy: cp 'a b' c, then run.", "cp 'a b' c"],
    ['To look: steward explain , then wait.', 'steward explain'],
    ['With: aws s3api get-x --bucket B > rules.json', 'aws s3api get-x --bucket B'],
  ])('end where the sentence goes on: %s', (text, command) => {
    expect(found(text).map(([each]) => each)).toEqual([command]);
  });

  it('are several, and have their words as a shell takes them', () => {
    expect(found("See: steward explain 'a b'. Undo: steward undo 'it'\\''s' --execute")).toEqual([
      ["steward explain 'a b'", ['steward', 'explain', 'a b']],
      ["steward undo 'it'\\''s' --execute", ['steward', 'undo', "it's", '--execute']],
    ]);
    expect(found('aws s3api get-x --bucket b | jq . > f && aws s3api put-x --bucket b').length).toBe(2);
  });

  it.each([
    'the steward plans',
    'run "steward doctor"',
    'but other files do: steward',
    'a URL like s3://b:steward plan',
    'steward',
    'steward collect, run r1, on elsewhere',
  ])('are none: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('have the words that were written into them, whatever these are', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'ab .,:\'"\\$()<>|&;#~=%\té/-'.split('')), minLength: 1 });
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (words) => {
        const text = `It is gone. To look: steward explain ${words.map(shellWord).join(' ')}. Then wait.`;
        expect(commandsIn(text)[0]?.words).toEqual(['steward', 'explain', ...words]);
      }),
    );
  });
});
