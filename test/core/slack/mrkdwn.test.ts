import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, codeBlock, cut, escaped, join, link, md, visible } from '#core/slack/mrkdwn.ts';

const ANY_TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom('&', '<', '>', '`', '|', '*', '\n', '𝔘', '\u202e', 'a'), maxLength: 400 }),
);

describe('Text in Slack markup', () => {
  it('escapes the three characters that mean something everywhere', () => {
    expect(md`*${'<!channel> & <@U1|x> `'}*`).toEqual({ mrkdwn: "*&lt;!channel&gt; &amp; &lt;@U1|x&gt; '*" });
  });

  it('leaves markup as it is, and puts text and numbers in between', () => {
    expect(md`${code('a')}: ${3}, ${join([md`b`, md`c`], ' · ')}`).toEqual({ mrkdwn: '`a`: 3, b · c' });
  });

  it('makes one line of characters that can be seen', () => {
    expect(visible(' a\n\tb\u202ec\u0000d\ud800 ')).toBe(' a b\ufffdc\ufffdd\ufffd ');
  });

  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde…'],
    ['a&', 6, 'a&amp;'],
    ['ab&', 6, 'ab…'],
    ['ab&', 7, 'ab&amp;'],
  ])('cuts %j to %d characters, escapes whole', (text, most, expected) => {
    expect(escaped(text, most)).toBe(expected);
  });

  it('cuts between characters, never inside one', () => {
    expect(cut('𝔘𝔘𝔘', 5)).toBe('𝔘𝔘…');
  });

  it('lets no backquote end what is shown as it is, and shows something where there is nothing', () => {
    expect([code('a`b'), code('')]).toEqual([{ mrkdwn: "`a'b`" }, { mrkdwn: '` `' }]);
  });

  it('shows a command as a whole or not at all', () => {
    expect(codeBlock("steward audit 's3://a/b  c&d'", 100)).toEqual({
      mrkdwn: "```steward audit 's3://a/b  c&amp;d'```",
    });
    expect([codeBlock('x'.repeat(20), 25), codeBlock('a`b', 100), codeBlock('a\u202eb', 100)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(codeBlock('x'.repeat(20), 26)).not.toBeNull();
  });

  it.each([
    ['https://example.org/a?b=1&c=2', '<https://example.org/a?b=1&amp;c=2|W &amp; x>'],
    ['https://example.org/a|b>c d', '<https://example.org/a%7Cb%3Ec%20d|W &amp; x>'],
    ['javascript:alert(1)', 'W &amp; x'],
    [`https://example.org/${'a'.repeat(2_000)}`, 'W &amp; x'],
  ])('links to an address that Slack can follow, else shows the words: %.60s', (url, expected) => {
    expect(link(url, 'W & x').mrkdwn).toBe(expected);
  });

  it('is never longer than it may be, and never opens what it does not close', () => {
    fc.assert(
      fc.property(ANY_TEXT, fc.integer({ min: 10, max: 400 }), (text, most) => {
        const written = escaped(text, most);
        expect(written.length).toBeLessThanOrEqual(most);
        expect(written.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>`]/);
        expect(written).not.toMatch(/\p{Cs}|\p{Cc}/u);
        const shown = code(text, most).mrkdwn;
        expect(shown.length).toBeLessThanOrEqual(most);
        expect(shown).toMatch(/^`[^`]+`$/);
      }),
      { seed: 1 },
    );
  });
});
