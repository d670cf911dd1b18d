import {
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  type ParseOptions,
  parseTree,
  printParseErrorCode,
  visit,
} from 'jsonc-parser';
import { maskSecrets } from '#core/secrets.ts';
import { ConfigError } from './config-error.ts';

/** Deeper than any sensible configuration, and far from the end of the stack. */
const DEEPEST = 64;

/** A document, and where in its text each key stands. */
export interface JsonText {
  /** Objects in it have no prototype, so that `__proto__` is a key as any other. */
  readonly value: unknown;
  /**
   * Where a key or a value of a list stands, as editors and terminals know it: `steward.json:4:14`. Of what is not there
   * it is the place of what should hold it.
   */
  placeOf(path: readonly PropertyKey[]): string;
}

export interface JsonForm {
  /** Whether comments and commas before a closing bracket are allowed. */
  readonly comments: boolean;
  /** The number of the first line, where the text is one of several. */
  readonly firstLine?: number;
}

/**
 * Reads JSON and says where it is wrong. `JSON.parse` alone names no line, on some errors not even an offset, and
 * keeps the last of two equal keys without a word: a second `protect` would silently unprotect what the first names.
 * @param source the name of the file, as messages shall call it
 * @throws ConfigError with line and column, both counted from 1, columns in UTF-16 units
 */
export function parseJsonText(text: string, source: string, { comments, firstLine = 1 }: JsonForm): JsonText {
  const placeAt = (offset: number): string => {
    const before = text.slice(0, offset);
    return `${source}:${firstLine + before.split('\n').length - 1}:${offset - before.lastIndexOf('\n')}`;
  };
  const options: ParseOptions = { disallowComments: !comments, allowTrailingComma: comments };
  refuseWhatIsWrong(text, options, (offset, what, advice) => {
    throw new ConfigError(`${placeAt(offset)}: ${what}, so the file is refused. ${advice}`);
  });
  const root = parseTree(text, [], options);
  if (root === undefined) {
    throw new TypeError('A text without any value was not refused.');
  }
  const offsetOf = (path: JSONPath): number => {
    const node = findNodeAtLocation(root, path);
    if (node === undefined) {
      return offsetOf(path.slice(0, -1));
    }
    return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  };
  return {
    value: getNodeValue(root),
    placeOf: (path) => placeAt(offsetOf(path.map((step) => (typeof step === 'symbol' ? String(step) : step)))),
  };
}

/** As {@link parseJsonText}, of a document that programs write: without comments, and nobody asks for its places. */
export function parseJson(text: string, source: string): unknown {
  return parseJsonText(text, source, { comments: false }).value;
}

/** A document that is in no file. */
export function jsonWithoutText(value: unknown, source: string): JsonText {
  return { value, placeOf: () => source };
}

type Fail = (offset: number, what: string, advice: string) => never;

function refuseWhatIsWrong(text: string, options: ParseOptions, fail: Fail): void {
  /** The keys of each object that is open; null of a list. */
  const open: (Set<string> | null)[] = [];
  const enter = (keys: Set<string> | null, offset: number): void => {
    if (open.length > DEEPEST) {
      fail(offset, `the document nests more than ${DEEPEST} levels deep`, 'Make it flatter.');
    }
    open.push(keys);
  };
  const leave = (): void => void open.pop();
  visit(
    text,
    {
      onObjectBegin: (offset) => enter(new Set(), offset),
      onObjectEnd: leave,
      onArrayBegin: (offset) => enter(null, offset),
      onArrayEnd: leave,
      onObjectProperty: (key, offset) => {
        const keys = open.at(-1);
        if (keys?.has(key)) {
          fail(
            offset,
            `the key ${maskSecrets(JSON.stringify(key))} appears twice in one object, and only one of the two would count`,
            'Remove one of the two.',
          );
        }
        keys?.add(key);
      },
      onError: (code, offset, length) => {
        const inObject = open.at(-1) instanceof Set;
        const [what, advice] = sentenceOf(printParseErrorCode(code), text.slice(offset, offset + length), {
          inObject,
          comments: options.disallowComments !== true,
        });
        fail(offset, what, advice);
      },
    },
    options,
  );
}

interface Around {
  readonly inObject: boolean;
  readonly comments: boolean;
}

/** What is wrong, and what to do. */
function sentenceOf(
  code: ReturnType<typeof printParseErrorCode>,
  token: string,
  { inObject, comments }: Around,
): readonly [what: string, advice: string] {
  const found =
    token === ''
      ? 'the end of the file'
      : abbreviate(maskSecrets(token.startsWith('"') ? token : JSON.stringify(token)));
  const closing =
    token === '}' || token === ']'
      ? 'JSON allows no comma before a closing bracket: look there.'
      : 'Put it right there or just before.';
  switch (code) {
    case 'ValueExpected':
      return [`a value is missing: here is ${found}`, closing];
    case 'PropertyNameExpected':
      return [`a key in double quotes is missing: here is ${found}`, closing];
    case 'ColonExpected':
      return [`a colon is missing after a key: here is ${found}`, 'Write "key": value.'];
    case 'CommaExpected':
      return [`a comma or ${inObject ? '}' : ']'} is missing: here is ${found}`, 'Put it right there or just before.'];
    case 'CloseBraceExpected':
      return [`a comma or } is missing: here is ${found}`, 'Put it right there or just before.'];
    case 'CloseBracketExpected':
      return [`a comma or ] is missing: here is ${found}`, 'Put it right there or just before.'];
    case 'EndOfFileExpected':
      return [`${found} follows after the end of the document`, 'Remove it.'];
    case 'InvalidCommentToken':
      return ['the file has a comment', 'This file can have none: remove it.'];
    case 'UnexpectedEndOfComment':
      return ['a comment is not closed', 'Close it with */.'];
    case 'UnexpectedEndOfString':
      return ['a text is not closed', 'Close the text with a double quote on its own line.'];
    case 'InvalidUnicode':
    case 'InvalidEscapeCharacter':
      return ['a text holds a backslash that escapes nothing', 'Write a backslash as two.'];
    case 'InvalidCharacter':
      return [
        'a text holds a control character, which JSON allows only escaped',
        'Write it as \\u and four hex digits.',
      ];
    case 'UnexpectedEndOfNumber':
    case 'InvalidNumberFormat':
      return [`the number ${token} is incomplete`, 'Write at least one more digit.'];
    case 'InvalidSymbol':
    case '<unknown ParseErrorCode>':
      return [`${found} is not valid in JSON`, adviceForSymbol(token, comments)];
    default:
      return code satisfies never;
  }
}

function adviceForSymbol(token: string, comments: boolean): string {
  if (token.startsWith('#') || token.startsWith('/')) {
    return comments ? 'Begin a comment with //.' : 'This file can have no comments: remove it.';
  }
  return token.startsWith("'") ? 'JSON allows only double quotes.' : 'Put texts and keys in double quotes.';
}

function abbreviate(token: string): string {
  return token.length > 40 ? `${token.slice(0, 40)}…` : token;
}
