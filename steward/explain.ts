import type { GoneObject } from '#operations/report/deleted-object.ts';
import { findGone } from '#operations/report/deleted-object.ts';
import { type Explanation, explain, findObject } from '#operations/report/explain.ts';
import { findMissing, type MissingObject } from '#operations/report/missing-object.ts';
import type { Look } from './look.ts';

export type { GoneObject } from '#operations/report/deleted-object.ts';
export type { Explanation } from '#operations/report/explain.ts';
export type { MissingObject } from '#operations/report/missing-object.ts';

export type Explained =
  | { readonly found: 'object'; readonly explanation: Explanation }
  /** A recorded run deleted it. */
  | { readonly found: 'gone'; readonly gone: GoneObject }
  /** Roots reference it, but it does not exist. */
  | { readonly found: 'missing'; readonly missing: MissingObject }
  | { readonly found: 'nothing' };

/**
 * Why an object is kept or deleted, or what happened to an object that does not exist.
 *
 * @param names possible readings of the name that was typed; the first one that matches counts.
 */
export async function explainObject(
  { survey, verdicts, ledger }: Pick<Look, 'survey' | 'verdicts' | 'ledger'>,
  names: readonly string[],
): Promise<Explained> {
  const object = names.map((name) => findObject(survey, name)).find((found) => found >= 0);
  if (object !== undefined) return { found: 'object', explanation: explain(survey, verdicts, object) };
  const gone = ledger === null ? null : await findGone(survey.area, ledger, names);
  if (gone !== null) return { found: 'gone', gone };
  const missing = findMissing(survey, names);
  return missing === null ? { found: 'nothing' } : { found: 'missing', missing };
}
