import picomatch from 'picomatch';
import { ConfigError } from './config-error.ts';

/** S3 keys are no longer than this many bytes. */
export const LONGEST_PATTERN = 1024;

const WILDCARD = /[*?[\]{}]/;
const ESCAPED = /\\(.)/gs;
/** Regular expressions see syntax in these, and picomatch lets them through or swallows them; globs mean characters. */
const PLAIN_BUT_SPECIAL = /\\.|["()|+]/gs;
const RANGE = /\{[^{}]*\.\.[^{}]*\}/;
const DOT_SEGMENT = /(?<=^|\/)(\.\.?)(?=\/|$)/g;

/**
 * What is wrong with a pattern, as a sentence that says what to do, or undefined where all is well.
 * A pattern that compiles to something other than it says would leave unprotected what its author believes safe.
 */
export function globProblem(pattern: string): string | undefined {
  if (pattern === '' || pattern.length > LONGEST_PATTERN) {
    return `Write a pattern of 1 to ${LONGEST_PATTERN} characters, such as flink/ha/**.`;
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(pattern)) {
    return 'Patterns match keys: write the key without scheme and bucket, such as flink/ha/**.';
  }
  if (pattern.startsWith('./')) {
    return 'Patterns match keys: leave out the ./ before the first name.';
  }
  if (pattern.split('/').some((segment) => segment.includes('**') && segment !== '**')) {
    return '** must be a whole segment of the path: write /**/ between names, or a single * within one.';
  }
  if (/\\{3}/.test(pattern) && hasWildcard(pattern)) {
    return 'Write a ? for each backslash: several backslashes in a row are not supported.';
  }
  if (pattern.includes('\0') && hasWildcard(pattern)) {
    return 'Write a ? for each zero byte: zero bytes are not supported.';
  }
  if (RANGE.test(pattern)) {
    return 'Ranges in braces are not supported: write the alternatives out, such as {1,2,3}.';
  }
  try {
    compile(pattern);
    return undefined;
  } catch {
    return 'Write a pattern of *, **, ?, [a-z] and {a,b}, and put a backslash before each of these characters that stands for itself.';
  }
}

/**
 * A test of keys against one pattern. `*` and `?` stay within a path segment, `**` crosses them, names that begin
 * with a dot are ordinary names, and a leading `!` is a character. A pattern without wildcard means the key itself and all
 * below it; so does, for safety, any pattern taken literally.
 * @throws ConfigError if {@link globProblem} finds a problem
 */
export function compileGlob(pattern: string): (key: string) => boolean {
  const problem = globProblem(pattern);
  if (problem !== undefined) {
    throw new ConfigError(`${JSON.stringify(pattern)} is not a valid pattern. ${problem}`);
  }
  return compile(pattern);
}

function compile(pattern: string): (key: string) => boolean {
  const texts = [...new Set([pattern, pattern.replaceAll(ESCAPED, '$1')])];
  const names = texts.map((text) => ({ text, folder: text.endsWith('/') ? text : `${text}/` }));
  const literal = (key: string): boolean => names.some(({ text, folder }) => key === text || key.startsWith(folder));
  if (!hasWildcard(pattern)) {
    return literal;
  }
  // picomatch does not always let a closing `/**` stand for the folder itself.
  const itself = pattern.replace(/(?:\/\*\*)+$/, '');
  const globs = (itself === pattern || itself === '' ? [whole(pattern)] : [itself, pattern]).map(toRegExp);
  const matches = (key: string): boolean => globs.some((glob) => glob.test(key));
  return (key) => literal(key) || matches(key) || (key.includes('.') && matches(maskDots(key)));
}

/** picomatch lets no wildcard match the segments `.` and `..`, which are ordinary in S3 keys. */
function maskDots(path: string): string {
  return path.replaceAll(DOT_SEGMENT, '_$1');
}

function whole(pattern: string): string {
  return pattern.endsWith('/') ? `${pattern}**` : pattern;
}

function hasWildcard(pattern: string): boolean {
  return WILDCARD.test(pattern.replaceAll(ESCAPED, ''));
}

function toRegExp(pattern: string): RegExp {
  return picomatch.makeRe(maskDots(pattern).replaceAll(PLAIN_BUT_SPECIAL, quote), {
    dot: true,
    noextglob: true,
    nonegate: true,
    posix: true,
    windows: false,
    fastpaths: false,
    // Without it picomatch turns an invalid pattern into one that matches nothing.
    debug: true,
    // Keys may hold line breaks.
    flags: 's',
  });
}

/** `\d` is a d in a glob, but a digit in the regular expression that picomatch would hand it on to. */
function quote(found: string): string {
  if (!found.startsWith('\\')) {
    return `\\${found}`;
  }
  return /[A-Za-z0-9]/.test(found) ? found.slice(1) : found;
}

/** The `protect` patterns of one run, which also know which of them have protected anything. */
export class ProtectPatterns {
  readonly #patterns: { readonly pattern: string; readonly test: (key: string) => boolean; used: boolean }[];

  /** @throws ConfigError on a pattern that can't be used */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => ({ pattern, test: compileGlob(pattern), used: false }));
  }

  matches(key: string): boolean {
    let matched = false;
    for (const entry of this.#patterns) {
      // A pattern must not seem unused only because an earlier one covers the same keys.
      if ((!matched || !entry.used) && entry.test(key)) {
        entry.used = true;
        matched = true;
      }
    }
    return matched;
  }

  /** The patterns, in their order, that have matched none of the keys asked about so far. */
  unused(): string[] {
    return this.#patterns.filter((entry) => !entry.used).map((entry) => entry.pattern);
  }
}

/** @throws ConfigError on a pattern that can't be used */
export function compileProtect(patterns: readonly string[]): (key: string) => boolean {
  const compiled = patterns.map(compileGlob);
  return (key) => compiled.some((test) => test(key));
}
