import { distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { maskSecrets } from '#core/secrets.ts';
import type { JsonText } from './json-text.ts';

type Path = readonly PropertyKey[];

/** A place in the configuration and the names that may stand there. */
interface KnownKey {
  readonly path: string;
  readonly name: string;
}

/** A place in the document, and what is wrong there: a key and what it is, what follows, what to do. */
export interface Problem {
  readonly path: Path;
  readonly sentence: string;
}

/**
 * @param document what was parsed, for showing the values that are wrong
 * @param jsonSchema the same schema as JSON Schema, of which the known keys are read
 */
export function describeProblems(
  issues: readonly z.core.$ZodIssue[],
  document: unknown,
  jsonSchema: z.core.JSONSchema.BaseSchema,
): Problem[] {
  const known = knownKeys(jsonSchema, '');
  return issues.flatMap((issue) => problemsOf(issue, [], document, known));
}

/** One line for each problem, beginning with where it stands. */
export function located(problems: readonly Problem[], text: JsonText): string {
  return problems.map(({ path, sentence }) => `${text.placeOf(path)}: ${maskSecrets(sentence)}`).join('\n');
}

/** What to write instead, for the issues to which the schema itself gives no advice. */
export function generalAdvice(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_value') {
    return `Write ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`;
  }
  if (issue.code !== 'invalid_type') {
    return undefined;
  }
  switch (issue.expected) {
    case 'array':
      return 'Write a list: [ … ].';
    case 'object':
    case 'record':
      return 'Write an object: { … }.';
    case 'boolean':
      return 'Write true or false.';
    default:
      return `Write a ${issue.expected}.`;
  }
}

function problemsOf(issue: z.core.$ZodIssue, above: Path, document: unknown, known: readonly KnownKey[]): Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], sentence: unknownKey([...path, key], known) }));
  }
  if (issue.code === 'invalid_union') {
    // The branch that the value was meant for is the one that accepts its type, and knows most of its keys.
    const [meant] = issue.errors
      .filter((branch) => !branch.some((inner) => inner.path.length === 0 && isMismatch(inner)))
      .sort((a, b) => unknownKeys(a) - unknownKeys(b));
    if (meant !== undefined) {
      return meant.flatMap((inner) => problemsOf(inner, path, document, known));
    }
  }
  if (issue.code === 'invalid_key') {
    const advice = issue.issues[0]?.message ?? '';
    return [{ path, sentence: `${show(path)} has a name that can't be used, so the file is refused. ${advice}` }];
  }
  const value = valueAt(document, path);
  const what =
    value === undefined ? 'is missing' : isSecret(path) ? "is what can't stand there" : `is ${abbreviate(value)}`;
  const which = path.length === 0 ? 'the document' : show(path);
  return [{ path, sentence: `${which} ${what}, so the file is refused. ${issue.message}` }];
}

function isMismatch(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function unknownKeys(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

function unknownKey(path: Path, known: readonly KnownKey[]): string {
  const name = String(path.at(-1)).toLowerCase();
  const here = generic(path.slice(0, -1));
  const ranked = known
    .map((key) => ({
      key,
      sibling: parentOf(key) === here,
      distance: distance(name, key.name.toLowerCase()),
    }))
    // A key of the right name elsewhere was put in the wrong place; else a slip of the fingers is likelier.
    .sort((a, b) => a.distance - b.distance || Number(b.sibling) - Number(a.sibling));
  const misplaced = ranked.find((entry) => entry.distance === 0);
  const nearest = misplaced ?? ranked.find((entry) => entry.sibling) ?? ranked[0];
  if (nearest?.key.path === generic(path)) {
    return `${show(path)} can't be combined with the other keys of its object, so the file is refused. Remove it, or the others.`;
  }
  return `${show(path)} is not a known key, so the file is refused. The nearest known key is ${nearest?.key.path}: write that, or remove this one.`;
}

function parentOf(key: KnownKey): string {
  return key.path.slice(0, Math.max(0, key.path.length - key.name.length - 1));
}

/** All keys of objects, at any depth, list positions left open: `labels[].job`. */
function knownKeys(schema: z.core.JSONSchema.BaseSchema, path: string): KnownKey[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [{ path: at, name }, ...(typeof property === 'boolean' ? [] : knownKeys(property, at))];
  });
  const items = schema.items;
  const inItems = typeof items === 'object' && !Array.isArray(items) ? knownKeys(items, `${path}[]`) : [];
  return [
    ...below,
    ...inItems,
    ...(schema.anyOf ?? []).flatMap((branch) => (typeof branch === 'boolean' ? [] : knownKeys(branch, path))),
  ];
}

function generic(path: Path): string {
  return show(path).replaceAll(/\[[0-9]+\]/g, '[]');
}

function show(path: Path): string {
  return path.reduce<string>((shown, step) => {
    if (typeof step === 'number') {
      return `${shown}[${step}]`;
    }
    if (!/^[\w$]+$/.test(String(step))) {
      return isSecret(path) ? `${shown}[…]` : `${shown}[${abbreviate(String(step))}]`;
    }
    return shown === '' ? String(step) : `${shown}.${String(step)}`;
  }, '');
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? Object.getOwnPropertyDescriptor(value, step)?.value
        : undefined,
    document,
  );
}

/** Where people by mistake write the address of a webhook. Whoever knows it may post, so it is never repeated. */
function isSecret([first, second]: Path): boolean {
  return first === 'signals' && second === 'slack';
}

function abbreviate(value: unknown): string {
  // Before it is cut: of half a secret nobody can tell that it is one.
  const json = maskSecrets(JSON.stringify(value));
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
