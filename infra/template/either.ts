import { isDeepStrictEqual } from 'node:util';
import {
  type CfnEntry,
  type CfnTemplate,
  functionOf,
  isList,
  isObject,
  type Json,
  NO_VALUE,
  partsOf,
  textOf,
} from './cfn.ts';

/**
 * One template in place of two, of which a condition says which one holds. What both have stands there once; of what they
 * have differently, the condition chooses.
 */

/** Two templates differ where no condition may stand. */
export class EitherError extends Error {
  override readonly name = 'EitherError';
}

/** Keys of entries of which CloudFormation lets a condition choose. */
const CHOSEN = ['Properties', 'Value'];

/** @throws EitherError where CloudFormation could not choose. */
export function either(condition: string, then: CfnTemplate, otherwise: CfnTemplate): CfnTemplate {
  const rest = ({ Resources: _, Outputs: __, ...others }: CfnTemplate): object => others;
  if (!isDeepStrictEqual(rest(then), rest(otherwise))) {
    throw new EitherError(`The templates for and without ${condition} differ beside their resources and outputs.`);
  }
  return {
    ...then,
    Resources: entries(condition, then.Resources, otherwise.Resources),
    Outputs: entries(condition, then.Outputs, otherwise.Outputs),
  };
}

type Entries = Readonly<Record<string, CfnEntry>>;

function entries(condition: string, then: Entries, otherwise: Entries): Entries {
  const ids = new Set([...Object.keys(then), ...Object.keys(otherwise)]);
  return Object.fromEntries(
    [...ids].map((id) => {
      const [a, b] = [then[id], otherwise[id]];
      if (a !== undefined && b !== undefined) return [id, entry(condition, id, a, b, otherwise)];
      const only = a ?? b;
      if (a === undefined || only?.Condition !== undefined) {
        throw new EitherError(`${id} is there without ${condition} alone, or under another condition besides.`);
      }
      return [id, { ...a, Condition: condition }];
    }),
  );
}

function entry(condition: string, id: string, a: CfnEntry, b: CfnEntry, otherwise: Entries): CfnEntry {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries(
    [...keys].map((key) => {
      const [x, y] = [a[key], b[key]];
      if (x !== undefined && y !== undefined && CHOSEN.includes(key)) return [key, value(condition, x, y)];
      if (isDeepStrictEqual(x, y)) return [key, x];
      // CloudFormation passes over a dependency on what a condition leaves out.
      if (key === 'DependsOn' && others(x, y).every((on) => otherwise[on] === undefined) && others(y, x).length === 0) {
        return [key, x];
      }
      throw new EitherError(`${id} has another ${key} with ${condition} than without, and no condition can say so.`);
    }),
  ) as CfnEntry;
}

function others(list: Json | undefined, without: Json | undefined): readonly string[] {
  const all = [list ?? []].flat().filter((one) => typeof one === 'string');
  return all.filter((one) => ![without ?? []].flat().includes(one));
}

function value(condition: string, a: Json, b: Json): Json {
  if (isDeepStrictEqual(a, b)) return a;
  if (isJsonText(a) && isJsonText(b)) return jsonText(condition, a, b);
  if (functionOf(a) !== null || functionOf(b) !== null) return choice(condition, a, b);
  if (isList(a) && isList(b)) return list(condition, a, b);
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return Object.fromEntries(
      [...keys].map((key) => {
        const [x, y] = [a[key], b[key]];
        const isInBoth = x !== undefined && y !== undefined;
        return [key, isInBoth ? value(condition, x, y) : choice(condition, x ?? NO_VALUE, y ?? NO_VALUE)];
      }),
    );
  }
  return choice(condition, a, b);
}

function choice(condition: string, a: Json, b: Json): Json {
  return { 'Fn::If': [condition, a, b] };
}

/** In the order of both: what both have stands between what one of them has. */
function list(condition: string, a: readonly Json[], b: readonly Json[]): Json {
  const merged: Json[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...commonElements(a, b), [a.length, b.length] as const]) {
    const [before, after] = [a.slice(i, x), b.slice(j, y)];
    if (before.length === after.length && ![...before, ...after].some((one) => nameOf(one) !== null)) {
      merged.push(...before.map((one, at) => value(condition, one, after[at] ?? null)));
    } else {
      merged.push(...before.map((one) => choice(condition, one, NO_VALUE)));
      merged.push(...after.map((one) => choice(condition, NO_VALUE, one)));
    }
    if (x < a.length) merged.push(value(condition, a[x] ?? null, b[y] ?? null));
    [i, j] = [x + 1, y + 1];
  }
  return merged;
}

/** Indices of the longest sequence that both lists have: of equal elements, and of elements of the same name. */
function commonElements(a: readonly Json[], b: readonly Json[]): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const length = isSame(a[i] ?? null, b[j] ?? null) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      lengths[i]?.splice(j, 1, length);
    }
  }
  const pairs: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (isSame(a[i] ?? null, b[j] ?? null)) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

function isSame(a: Json, b: Json): boolean {
  return isDeepStrictEqual(a, b) || (nameOf(a) !== null && nameOf(a) === nameOf(b));
}

/** What a statement or a policy is called among others; null of all else. */
function nameOf(element: Json): string | null {
  const name = isObject(element) ? (element.Sid ?? element.PolicyName) : undefined;
  return typeof name === 'string' ? name : null;
}

/** A configuration or a dashboard. */
function isJsonText(value: Json): boolean {
  const [first] = partsOf(value) ?? [value];
  return typeof first === 'string' && first.startsWith('{');
}

/** Long, and mostly the same: only what is between the beginning and the end that both have is chosen. */
function jsonText(condition: string, a: Json, b: Json): Json {
  const [first, second] = [piecesOf(a), piecesOf(b)];
  const most = Math.min(first.length, second.length);
  let begin = 0;
  while (begin < most && isDeepStrictEqual(first[begin], second[begin])) begin++;
  let end = 0;
  while (end < most - begin && isDeepStrictEqual(first.at(-1 - end), second.at(-1 - end))) end++;
  const middle = (pieces: readonly Json[]): Json => textOf(pieces.slice(begin, pieces.length - end));
  return textOf([
    ...first.slice(0, begin),
    choice(condition, middle(first), middle(second)),
    ...first.slice(first.length - end),
  ]);
}

/** Literal characters one by one, and what is between them. */
function piecesOf(text: Json): readonly Json[] {
  return (partsOf(text) ?? [text]).flatMap<Json>((part) => (typeof part === 'string' ? [...part] : [part]));
}
