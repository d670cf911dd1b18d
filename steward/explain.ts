import { VERDICTS, type Verdict } from '#core/collect/verdicts.ts';
import { isUuid, METADATA_NAME } from '#core/flink/names.ts';
import type { GoneObject } from '#operations/report/deleted-object.ts';
import { findGone } from '#operations/report/deleted-object.ts';
import { type Explanation, explain } from '#operations/report/explain.ts';
import {
  type FoundDirectory,
  findByEnd,
  findDirectory,
  findObjects,
  newestRootBelow,
  objectsBelow,
} from '#operations/report/find-objects.ts';
import { findMissing, type MissingObject } from '#operations/report/missing-object.ts';
import { readingsOf } from '#operations/report/object-names.ts';
import { type VerdictLine, verdictLine } from '#operations/report/verdict-line.ts';
import { emptiness } from './empty-area.ts';
import type { Look } from './look.ts';

export type { GoneObject } from '#operations/report/deleted-object.ts';
export type { Explanation } from '#operations/report/explain.ts';
export type { MissingObject } from '#operations/report/missing-object.ts';
export { urlOnConsolePage } from '#operations/report/object-names.ts';

/** How many objects there are of each verdict. */
export interface CountedObjects {
  readonly objects: number;
  readonly bytes: number;
  readonly verdicts: readonly { readonly verdict: Verdict; readonly objects: number; readonly bytes: number }[];
}

/** A directory that was meant; its newest root is explained. */
export interface ObjectsBelow extends CountedObjects {
  /** Its URL. */
  readonly directory: string;
}

/** More than one object was meant. */
export interface SeveralObjects extends CountedObjects {
  /** At most {@link MOST_LISTED}. */
  readonly listed: readonly (VerdictLine & { readonly url: string })[];
}

export type Explained =
  | { readonly found: 'object'; readonly explanation: Explanation; readonly below: ObjectsBelow | null }
  | { readonly found: 'several'; readonly several: SeveralObjects }
  /** A recorded run deleted it. */
  | { readonly found: 'gone'; readonly gone: GoneObject }
  /** Roots reference it, but it does not exist. */
  | { readonly found: 'missing'; readonly missing: MissingObject }
  | { readonly found: 'nothing' };

type Judged = Pick<Look, 'survey' | 'verdicts' | 'ledger'>;

/** A name may be a common one, such as that of the root of every checkpoint. */
const MOST_LISTED = 100;

/**
 * Why an object is kept or deleted, or what happened to an object that does not exist. Of a directory its newest root
 * is explained.
 *
 * @param names possible readings of the name that was typed: a key, a URL, the page of the AWS console, or the end of
 *   a path. The first one that matches counts.
 */
export async function explainObject(judged: Judged, names: readonly string[]): Promise<Explained> {
  const { survey, verdicts, ledger } = judged;
  const texts = [...new Set(names.flatMap(readingsOf))];
  const [object, ...namesakes] = texts.map((text) => findObjects(survey, text)).find((found) => found.length > 0) ?? [];
  if (object !== undefined) {
    return namesakes.length > 0
      ? several(judged, [object, ...namesakes])
      : { found: 'object', explanation: explain(survey, verdicts, object), below: null };
  }

  const directory = texts.map((text) => findDirectory(survey, text)).find((found) => found !== null) ?? null;
  const root = directory === null ? null : explainNewest(judged, directory);
  if (root !== null) return root;

  // The directory of a retired checkpoint still exists where other files are in it, so the ledger is asked first.
  const gone = ledger === null ? null : await findGone(survey.area, ledger, texts);
  if (gone !== null) return { found: 'gone', gone };
  const missing = findMissing(survey, texts);
  if (missing !== null) return { found: 'missing', missing };
  const inside = directory === null ? [] : objectsBelow(survey, directory);
  if (inside.length > 0) return several(judged, inside);

  const ending = texts.map((text) => findByEnd(survey, text)).find((found) => found.length > 0) ?? [];
  const [only, ...others] = ending;
  if (only !== undefined) return others.length > 0 ? several(judged, ending) : explainOnly(judged, only, texts);
  return await explainLost(judged, texts.filter(isUuid));
}

/** What happened to a file of which only the base name is known: Flink never makes two of one. */
async function explainLost({ survey, ledger }: Judged, uuids: readonly string[]): Promise<Explained> {
  if (uuids.length === 0) return { found: 'nothing' };
  const gone = ledger === null ? null : await findGone(survey.area, ledger, [], uuids);
  if (gone !== null) return { found: 'gone', gone };
  const missing = findMissing(survey, [], uuids);
  return missing === null ? { found: 'nothing' } : { found: 'missing', missing };
}

/** The only object whose path ends as the text says; of a checkpoint its directory will do. */
function explainOnly(judged: Judged, object: number, texts: readonly string[]): Explained {
  const { objects } = judged.survey;
  const { location, path } = objects.directory(object);
  const isDirectory = objects.name(object) === METADATA_NAME && !texts.some((text) => text.endsWith(METADATA_NAME));
  const newest = isDirectory ? explainNewest(judged, { location, path }) : null;
  return newest ?? { found: 'object', explanation: explain(judged.survey, judged.verdicts, object), below: null };
}

function explainNewest(judged: Judged, directory: FoundDirectory): Explained | null {
  const { survey, verdicts } = judged;
  const root = newestRootBelow(survey, directory);
  if (root === null) return null;
  const explanation = explain(survey, verdicts, survey.objects.find(root.location, root.key));
  const url = survey.area.url(directory.location, directory.path);
  return {
    found: 'object',
    explanation,
    below: { directory: url, ...countOf(judged, objectsBelow(survey, directory)) },
  };
}

/** An explanation, and what is told of the area with it. */
export interface ExplainedInArea {
  readonly explained: Explained;
  /** Why there is nothing in the area; null where there is something. */
  readonly empty: string | null;
  readonly isUndecidable: boolean;
  /** Names of the locations. */
  readonly locations: readonly string[];
  readonly ledger: string | null;
}

/** @param explained of the same area. */
export function whatExplains(
  { survey, ledger }: Pick<Look, 'survey' | 'ledger'>,
  explained: Explained,
): ExplainedInArea {
  return {
    explained,
    empty: emptiness(survey),
    isUndecidable: survey.undecidable.length > 0,
    locations: survey.area.locations.map(({ name }) => name),
    ledger: ledger?.name ?? null,
  };
}

function several(judged: Judged, found: readonly number[]): Explained {
  const { survey, verdicts } = judged;
  const { area, objects } = survey;
  const listed = found.slice(0, MOST_LISTED).map((object) => ({
    ...verdictLine(survey, verdicts, object),
    url: area.url(objects.location(object), objects.key(object)),
  }));
  return { found: 'several', several: { ...countOf(judged, found), listed } };
}

function countOf({ survey: { objects }, verdicts }: Judged, found: readonly number[]): CountedObjects {
  const amountOf = (some: readonly number[]) => ({
    objects: some.length,
    bytes: some.reduce((sum, object) => sum + objects.bytes(object), 0),
  });
  const counted = VERDICTS.map((verdict) => ({
    verdict,
    ...amountOf(found.filter((object) => verdicts.verdict(object) === verdict)),
  }));
  return { ...amountOf(found), verdicts: counted.filter(({ objects: some }) => some > 0) };
}
