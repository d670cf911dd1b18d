import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '#config/json-text.ts';

const seed = { seed: 20_252, numRuns: 500 };

function accepts(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

describe('parseJson', () => {
  it.each([
    [
      '',
      'f, line 1, column 1: a value is missing: here is the end of the file, so the file is refused. Put it right there or just before.',
    ],
    [
      '{\n  "a": 1 // note\n}',
      'f, line 2, column 10: a comma or } is missing: here is "/", so the file is refused. JSON has no comments: take it out.',
    ],
    [
      '{"a": [1, ]}',
      'f, line 1, column 11: a value is missing: here is "]", so the file is refused. JSON allows no comma before a closing bracket: look there.',
    ],
    [
      '{"a": 1,\r\n}',
      'f, line 2, column 1: a key in double quotes is missing: here is "}", so the file is refused. JSON allows no comma before a closing bracket: look there.',
    ],
    [
      "{'a': 1}",
      `f, line 1, column 2: a key in double quotes is missing: here is "'", so the file is refused. JSON knows only double quotes.`,
    ],
    [
      '{"a" 1}',
      'f, line 1, column 6: a colon is missing after a key: here is "1", so the file is refused. Write "key": value.',
    ],
    ['{} x', 'f, line 1, column 4: "x" follows after the end of the document, so the file is refused. Take it out.'],
    [
      '"abc',
      'f, line 1, column 5: a text is not closed, so the file is refused. Close the text with a double quote on its own line.',
    ],
    [
      '"a\nb"',
      'f, line 1, column 3: a text holds "\\n", which JSON allows only escaped, so the file is refused. Close the text with a double quote on its own line.',
    ],
    [
      '"C:\\x"',
      'f, line 1, column 4: a text holds a backslash that escapes nothing, so the file is refused. Write a backslash as two.',
    ],
    [
      `${'['.repeat(80)}${']'.repeat(80)}`,
      'f, line 1, column 66: the document nests more than 64 levels deep, so the file is refused. Make it flatter.',
    ],
  ])('says where and why it refuses %j', (text, message) => {
    expect(() => parseJson(text, 'f')).toThrow(expect.objectContaining({ name: 'ConfigError', message }));
  });

  it('refuses a key that stands twice in one object, however it is escaped', () => {
    expect(() => parseJson('{"protect": [],\n "\\u0070rotect": []}', 'f')).toThrow(
      'f, line 2, column 2: the key "protect" stands twice in one object and only one of them would count',
    );
    expect(parseJson('{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}', 'f')).toEqual({
      a: { a: 1 },
      b: [{ a: 1 }, { a: 2 }],
    });
  });

  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(parseJson(text, 'f')).toEqual(JSON.parse(text));
      }),
      seed,
    );
  });

  it('accepts a damaged document exactly when JSON.parse does', () => {
    const damaged = fc.tuple(
      fc.json({ maxDepth: 3 }),
      fc.nat(),
      fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '\\', '0', '-', '.', 'e', ' ', '\n', 'null'),
    );
    fc.assert(
      fc.property(damaged, ([json, at, piece]) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + piece + json.slice(cut + 1);
        const duplicate = accepts(() => JSON.parse(text)) && !accepts(() => parseJson(text, 'f'));
        if (duplicate) {
          expect(() => parseJson(text, 'f')).toThrow('stands twice in one object');
        } else {
          expect(accepts(() => parseJson(text, 'f'))).toBe(accepts(() => JSON.parse(text)));
        }
      }),
      seed,
    );
  });
});
