import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import { holdsSeveralFolders } from '#core/jobs/jobs.ts';
import { type Labels, labelOf } from '#core/jobs/labels.ts';
import type { Called } from '#core/jobs/meant-jobs.ts';
import type { RetireWord } from '#core/retention/policy.ts';
import type { Survey } from '#operations/look/survey.ts';
import { jobsNamed, refuseSeveral } from './job-names.ts';
import { RefusedError } from './refusals.ts';

/** The operator's word on the checkpoints of one directory, as people and events give it. */
export interface SaidOfJob {
  /** The directory, as a path, a URL or a key; or a job that has only one: see `jobsNamed`. */
  readonly job: string;
  /** Epoch milliseconds; null for all of them. */
  readonly before: number | null;
  readonly savepoints: boolean;
}

/**
 * @param labels of the configuration.
 * @throws RefusedError where no directory with a checkpoint or savepoint is meant, or several are.
 */
export function retireWord(survey: Survey, { job, before, savepoints }: SaidOfJob, labels: Labels): RetireWord {
  const jobs = calledJobs(survey, labels);
  const named = jobs.flatMap(({ directories }) => directories.filter((each) => isNamed(survey, each, job)));
  const meant = named.length > 0 ? named : directoriesOf(jobs, job);
  const [one, ...others] = meant;
  if (one === undefined) throw new RefusedError({ code: 'no-such-job', job });
  if (others.length > 0) {
    const urls = meant.map(({ location, base }) => survey.area.url(location, base));
    throw new RefusedError({ code: 'several-directories', job, directories: urls });
  }
  return { location: one.location, base: one.base, before, savepoints };
}

interface Directory {
  readonly location: number;
  readonly base: string;
}

interface CalledJob extends Called {
  /** All its directories if one of them has a root, also those without; otherwise none. */
  readonly directories: readonly Directory[];
}

/** A name that also matches a job without roots may mean that one, and then the roots of the other job must stay. */
function directoriesOf(jobs: readonly CalledJob[], name: string): readonly Directory[] {
  const meant = jobsNamed(jobs, name);
  const found = meant.flatMap((one) => one.directories);
  const directories = [...new Map(found.map((one) => [`${one.location}:${one.base}`, one])).values()];
  if (directories.length === 1) refuseSeveral(meant, name);
  return directories;
}

function calledJobs({ area, owners }: Survey, labels: Labels): readonly CalledJob[] {
  const severalFolders = holdsSeveralFolders(owners.all);
  return owners.all.map((owner) => {
    const { job, roots, rootlessDirectories } = owner;
    const found = new Map<string, Directory>();
    for (const { location, class: itsClass } of roots) {
      found.set(`${location}:${itsClass.base}`, { location, base: itsClass.base });
    }
    for (const id of roots.length === 0 ? [] : rootlessDirectories.keys()) {
      const colon = id.indexOf(':');
      found.set(id, { location: Number(id.slice(0, colon)), base: id.slice(colon + 1) });
    }
    // Without the names that clusters report: what is retired must not depend on them.
    return { job, label: labelOf(area, owner, labels, severalFolders), directories: [...found.values()] };
  });
}

/** Whether a name is the path, the URL or the key of a directory. */
function isNamed({ area }: Survey, { location, base }: Directory, name: string): boolean {
  const key = base.replace(/\/$/, '');
  const asked = name.replace(/\/+$/, '');
  if (asked === key || asked === area.storeKey(location, base).replace(/\/$/, '')) {
    return true;
  }
  const path = parseFlinkPath(asked);
  const place = path === null ? null : area.locate(placeOf(path));
  return place?.within === 'area' && place.location === location && place.key.replace(/\/$/, '') === key;
}
