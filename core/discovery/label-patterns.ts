import { nameOf, parentOf, type Site } from './sites.ts';

/** Names of jobs that the paths of their checkpoints tell. */

/** An entry for `labels`, and whether its meaning is a guess. */
export interface LabelPattern {
  readonly path: string;
  readonly job: string;
  readonly unsure: boolean;
  /** One of the folders. */
  readonly example: string | undefined;
}

/** `eu-central-1`, `euw1`, `eu`. */
const REGION =
  /^(?:[a-z]{2}(?:-[a-z]+)?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-?[0-9]|[a-z]{2,3}[a-z][0-9]|eu|us|ap|sa|ca|af|me|cn|apac|emea|amer)$/;
const ENVIRONMENT =
  /^(?:prod|production|dev|development|stage|staging|test|testing|qa|int|integration|uat|pre-?prod|live|sandbox)$/;
/** Folders that say what is in them, and nothing of a job. */
const PURPOSE = /^(?:.*[-_.])?(?:checkpoints?|chk|state|flink|data|savepoints?)$/i;

/**
 * The patterns for checkpoint folders, where the folder right above the job directories tells something. Job names that a
 * cluster reports take the place of the id in them.
 */
export function labelPatterns(sites: readonly Site[]): readonly LabelPattern[] {
  const above = new Map<string, Site[]>();
  for (const each of sites) {
    // In a pattern braces name a folder, and stars stand for any.
    const isNamed = each.path !== '' && !PURPOSE.test(nameOf(each.path)) && !/[{}*]/.test(each.path);
    if (each.kind !== 'checkpoints' || each.names.length === 0 || !isNamed) continue;
    above.set(parentOf(each.path), [...(above.get(parentOf(each.path)) ?? []), each]);
  }
  return [...above].map(([path, beside]) => patternOf(path, beside));
}

function patternOf(path: string, beside: readonly Site[]): LabelPattern {
  const names = beside.map((each) => nameOf(each.path));
  const [example] = names;
  const known = [
    { word: 'region', fits: REGION },
    { word: 'environment', fits: ENVIRONMENT },
  ].find(({ fits }) => names.every((name) => fits.test(name)));
  if (known !== undefined) {
    return { path: `${path}{${known.word}}/{jobId}`, job: `{${known.word}}/{jobId}`, unsure: false, example };
  }
  return { path: `${path}{folder}/{jobId}`, job: '{folder}/{jobId}', unsure: true, example };
}
