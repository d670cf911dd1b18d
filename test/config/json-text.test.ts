import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonWithoutText, parseJson, parseJsonText } from '#config/json-text.ts';

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
      'f:1:1: a value is missing: here is the end of the file, so the file is refused. Put it right there or just before.',
    ],
    [
      '{\n  "a": 1 // note\n}',
      'f:2:10: the file has a comment, so the file is refused. This file can have none: remove it.',
    ],
    [
      '{"a": [1, ]}',
      'f:1:11: a value is missing: here is "]", so the file is refused. JSON allows no comma before a closing bracket: look there.',
    ],
    [
      '{"a": 1,\r\n}',
      'f:2:1: a key in double quotes is missing: here is "}", so the file is refused. JSON allows no comma before a closing bracket: look there.',
    ],
    ["{'a': 1}", `f:1:2: "'a'" is not valid in JSON, so the file is refused. JSON allows only double quotes.`],
    ['{"a" 1}', 'f:1:6: a colon is missing after a key: here is "1", so the file is refused. Write "key": value.'],
    ['{a: 1}', 'f:1:2: "a" is not valid in JSON, so the file is refused. Put texts and keys in double quotes.'],
    ['# x', 'f:1:1: "#" is not valid in JSON, so the file is refused. This file can have no comments: remove it.'],
    [
      '{"a": 1 "b": 2}',
      'f:1:9: a comma or } is missing: here is "b", so the file is refused. Put it right there or just before.',
    ],
    ['[1 2', 'f:1:4: a comma or ] is missing: here is "2", so the file is refused. Put it right there or just before.'],
    [
      '{"a": 1',
      'f:1:8: a comma or } is missing: here is the end of the file, so the file is refused. Put it right there or just before.',
    ],
    [
      '[1',
      'f:1:3: a comma or ] is missing: here is the end of the file, so the file is refused. Put it right there or just before.',
    ],
    ['[1.]', 'f:1:2: the number 1. is incomplete, so the file is refused. Write at least one more digit.'],
    ['{} true', 'f:1:4: "true" follows after the end of the document, so the file is refused. Remove it.'],
    [
      '"abc',
      'f:1:1: a text is not closed, so the file is refused. Close the text with a double quote on its own line.',
    ],
    [
      '"a\nb"',
      'f:1:1: a text is not closed, so the file is refused. Close the text with a double quote on its own line.',
    ],
    [
      '"a\tb"',
      'f:1:1: a text holds a control character, which JSON allows only escaped, so the file is refused. Write it as \\u and four hex digits.',
    ],
    [
      '"C:\\x"',
      'f:1:1: a text holds a backslash that escapes nothing, so the file is refused. Write a backslash as two.',
    ],
    [
      `${'['.repeat(80)}${']'.repeat(80)}`,
      'f:1:66: the document nests more than 64 levels deep, so the file is refused. Make it flatter.',
    ],
  ])('says where and why it refuses %j', (text, message) => {
    expect(() => parseJson(text, 'f')).toThrow(expect.objectContaining({ name: 'ConfigError', message }));
  });

  it('refuses a key that stands twice in one object, however it is escaped', () => {
    expect(() => parseJson('{"protect": [],\n "\\u0070rotect": []}', 'f')).toThrow(
      'f:2:2: the key "protect" appears twice in one object, and only one of the two would count',
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
          expect(() => parseJson(text, 'f')).toThrow('appears twice in one object');
        } else {
          expect(accepts(() => parseJson(text, 'f'))).toBe(accepts(() => JSON.parse(text)));
        }
      }),
      seed,
    );
  });
});

describe('parseJsonText', () => {
  const comments = { comments: true };

  it('passes over comments and trailing commas where they are allowed', () => {
    const text = '/* a */ { // b "x"\n "a//b": [1, /* , */ 2,], // c\r\n "c": "/* no comment */", } // end';

    expect(parseJsonText(text, 'f', comments).value).toEqual({ 'a//b': [1, 2], c: '/* no comment */' });
    expect(() => parseJsonText(text, 'f', { comments: false })).toThrow('f:1:1: the file has a comment');
  });

  it.each([
    ['{} /* x', 'f:1:4: a comment is not closed, so the file is refused. Close it with */.'],
    ['{}\n# x', 'f:2:1: "#" is not valid in JSON, so the file is refused. Begin a comment with //.'],
    ['[,]', 'f:1:2: a value is missing: here is ",", so the file is refused. Put it right there or just before.'],
    ['[1,,]', 'f:1:4: a value is missing: here is ",", so the file is refused. Put it right there or just before.'],
    [
      '// x',
      'f:1:5: a value is missing: here is the end of the file, so the file is refused. Put it right there or just before.',
    ],
    [
      '{"a": 1, // one\n "a": 2}',
      'f:2:2: the key "a" appears twice in one object, and only one of the two would count, so the file is refused. Remove one of the two.',
    ],
  ])('refuses %j with comments, too', (text, message) => {
    expect(() => parseJsonText(text, 'f', comments)).toThrow(expect.objectContaining({ name: 'ConfigError', message }));
  });

  it('knows where keys and the values of lists stand, and of what is missing where it would', () => {
    const { placeOf } = parseJsonText('// x\n{\n  "a": [1,\n    {"b": null}],\r\n  "é注": 2 }', 'f', comments);

    expect([[], ['a'], ['a', 0], ['a', 1], ['a', 1, 'b'], ['é注']].map(placeOf)).toEqual([
      'f:2:1',
      'f:3:3',
      'f:3:9',
      'f:4:5',
      'f:4:6',
      'f:5:3',
    ]);
    expect([['z'], ['a', 2], ['a', 1, 'z', 'y'], ['a', 'b'], [0], [Symbol('s')]].map(placeOf)).toEqual([
      'f:2:1',
      'f:3:3',
      'f:4:5',
      'f:3:3',
      'f:2:1',
      'f:2:1',
    ]);
  });

  it('counts lines from where its text begins', () => {
    expect(parseJsonText('\n{"a": 1}', 'f', { comments: false, firstLine: 7 }).placeOf(['a'])).toBe('f:8:2');
  });

  it('takes __proto__ for a key as any other', () => {
    const { value, placeOf } = parseJsonText('{"a": 1, "__proto__": {"b": 2}}', 'f', comments);

    expect(Object.keys(value as object)).toEqual(['a', '__proto__']);
    expect(placeOf(['__proto__', 'b'])).toBe('f:1:24');
  });
});

describe('A document without a text', () => {
  it('has no places but its name', () => {
    expect(jsonWithoutText({ a: 1 }, 'f').placeOf(['a'])).toBe('f');
  });
});
