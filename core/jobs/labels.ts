import type { Area } from '#core/area/area.ts';
import type { Owner } from '#core/collect/owners.ts';
import { type KnownNames, NO_NAMES, withName } from './job-names.ts';

/** A name for jobs, by the folders of their keys or by the start of the job id. */
export type Label = { readonly path: string; readonly job: string } | { readonly jobId: string; readonly job: string };
/** How jobs get their labels. The first one that fits decides. */
export type Labels = readonly Label[];

/** As a whole folder of a path: any number of folders, also none. A path has it once. */
const ANY_FOLDERS = '**';

/** Of an owner, what its name is told by. */
export type Labelled = Pick<Owner, 'location' | 'base' | 'job'>;

/**
 * A job's name for people: the first label that fits, else its job id, with the folder above it where several folders
 * hold jobs; of a directory without job id its path. A name that a cluster reports takes the place of the id in it.
 *
 * @param names none where a decision depends on the label.
 */
export function labelOf(
  area: Area,
  owner: Labelled,
  labels: Labels,
  severalFolders: boolean,
  names: KnownNames = NO_NAMES,
): string {
  return withName(labelById(area, owner, labels, severalFolders), owner.job, names);
}

function labelById(area: Area, owner: Labelled, labels: Labels, severalFolders: boolean): string {
  for (const label of labels) {
    const name = 'jobId' in label ? byJobId(owner, label) : byPath(area, owner, label);
    if (name !== null) {
      return name;
    }
  }
  const segments = foldersOf(area.storeKey(owner.location, owner.base));
  if (owner.job === null) {
    /* v8 ignore next -- the area has the location of every owner: asking for its key would have failed before */
    return segments.join('/') || (area.locations[owner.location]?.name ?? '');
  }
  const parent = segments.at(-2);
  return severalFolders && parent !== undefined ? `${parent}/${owner.job}` : owner.job;
}

/** Whether the label that fits first tells a job by the folders of its keys. */
export function isLabelledByPath(area: Area, owner: Labelled, labels: Labels): boolean {
  const first = labels.find(
    (label) => ('jobId' in label ? byJobId(owner, label) : byPath(area, owner, label)) !== null,
  );
  return first !== undefined && 'path' in first;
}

function byJobId(owner: Labelled, label: { readonly jobId: string; readonly job: string }): string | null {
  return owner.job?.startsWith(label.jobId) ? label.job : null;
}

/** `{name}` matches one folder, `**` any number of them. The pattern is compared with the whole key and with the key as the store knows it. */
function byPath(area: Area, owner: Labelled, label: { readonly path: string; readonly job: string }): string | null {
  const pattern = foldersOf(label.path);
  for (const path of [owner.base, area.storeKey(owner.location, owner.base)]) {
    const values = matchFolders(pattern, foldersOf(path));
    if (values !== null) {
      return label.job.replace(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '');
    }
  }
  return null;
}

function matchFolders(
  pattern: readonly string[],
  folders: readonly string[],
): ReadonlyMap<string, string | undefined> | null {
  const spread = pattern.indexOf(ANY_FOLDERS);
  const extra = folders.length - pattern.length + 1;
  if (spread >= 0) {
    return extra < 0 ? null : matchFolders(pattern.toSpliced(spread, 1), folders.toSpliced(spread, extra));
  }
  if (folders.length > pattern.length) {
    return null;
  }
  const values = new Map<string, string | undefined>();
  for (const [at, expected] of pattern.entries()) {
    const folder = folders[at];
    if (folder === undefined) {
      return null;
    }
    const names: string[] = [];
    const source = expected.replace(/\{(\w+)\}|([^{}]+)/g, (_, name: string | undefined, text: string) => {
      if (name === undefined) {
        return text.replace(/[\\^$.*+?()[\]|]/g, '\\$&');
      }
      names.push(name);
      return '(.+)';
    });
    const match = new RegExp(`^${source}$`, 's').exec(folder);
    if (match === null) {
      return null;
    }
    for (const [index, name] of names.entries()) {
      values.set(name, match[index + 1]);
    }
  }
  return values;
}

function foldersOf(path: string): readonly string[] {
  return path.split('/').filter((folder) => folder !== '');
}
