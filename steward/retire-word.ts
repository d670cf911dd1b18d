import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import type { RetireWord } from '#core/retention/policy.ts';
import type { Survey } from '#operations/look/survey.ts';
import { RefusedError } from './refusals.ts';

/** The operator's word on the checkpoints of one directory, as people and events give it. */
export interface SaidOfJob {
  /** The directory, as a path, a URL or a key; or the id of a job that has only one. */
  readonly job: string;
  /** Epoch milliseconds; null for all of them. */
  readonly before: number | null;
  readonly savepoints: boolean;
}

/** @throws RefusedError where no directory with a checkpoint or savepoint is meant, or several are. */
export function retireWord(survey: Survey, { job, before, savepoints }: SaidOfJob): RetireWord {
  const meant = directoriesOf(survey).filter((directory) => isMeant(survey, directory, job));
  const [one, ...others] = meant;
  if (one === undefined) throw new RefusedError({ code: 'no-such-job', job });
  if (others.length > 0) {
    const directories = meant.map(({ location, base }) => survey.area.url(location, base));
    throw new RefusedError({ code: 'several-directories', job, directories });
  }
  return { location: one.location, base: one.base, before, savepoints };
}

interface Directory {
  readonly location: number;
  readonly base: string;
  readonly job: string | null;
}

/** Of every job that has a root: all its directories, also such as show none. */
function directoriesOf({ owners }: Survey): readonly Directory[] {
  const found = new Map<string, Directory>();
  for (const { job, roots, rootlessDirectories } of owners.all) {
    for (const { location, class: itsClass } of roots) {
      found.set(`${location}:${itsClass.base}`, { location, base: itsClass.base, job });
    }
    for (const id of roots.length === 0 ? [] : rootlessDirectories.keys()) {
      const colon = id.indexOf(':');
      found.set(id, { location: Number(id.slice(0, colon)), base: id.slice(colon + 1), job });
    }
  }
  return [...found.values()];
}

function isMeant({ area }: Survey, { location, base, job }: Directory, name: string): boolean {
  if (job !== null && name.toLowerCase() === job) {
    return true;
  }
  const key = base.replace(/\/$/, '');
  const asked = name.replace(/\/+$/, '');
  if (asked === key || asked === area.storeKey(location, base).replace(/\/$/, '')) {
    return true;
  }
  const path = parseFlinkPath(asked);
  const place = path === null ? null : area.locate(placeOf(path));
  return place?.within === 'area' && place.location === location && place.key.replace(/\/$/, '') === key;
}
