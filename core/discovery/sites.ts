import { isJobId } from '../flink/names.ts';
import { type FolderLook, type FolderTraits, type JobContent, traitsOf } from './folder-look.ts';

/** Where Flink's state is, as far as names of folders tell it. */

/** What a site holds. `roots`: `_metadata` in folders whose names Flink did not give. */
export const SITE_KINDS = ['checkpoints', 'savepoints', 'changelog', 'forst', 'roots', 'high-availability'] as const;
export type SiteKind = (typeof SITE_KINDS)[number];

/** A folder below which one kind of state is. */
export interface Site {
  readonly kind: SiteKind;
  /** Key prefix of the folder, empty or with a closing slash: of checkpoints the folder above the job directories. */
  readonly path: string;
  /** Job ids, or names of savepoints, or of folders with a root, as far as they were listed. */
  readonly names: readonly string[];
  /** Whether there may be more of them. */
  readonly isWhole: boolean;
}

/** Finds the sites among the folders that were looked at. */
export function sitesOf(looks: readonly FolderLook[]): readonly Site[] {
  const traits = new Map(looks.map((look) => [look.path, traitsOf(look)]));
  const found = looks.flatMap((look) => {
    const own = traitsOf(look);
    return [
      ...jobSites(look, own, (path) => traits.get(path)?.content ?? null),
      ...sharedSite(look, own),
      ...(own.savepoints.length === 0 ? [] : [site('savepoints', look, own.savepoints)]),
      ...rootSite(look, own),
      ...highAvailabilitySites(look, own),
    ];
  });
  // A cluster shows by its pointers and by its blobs.
  return found.filter(
    (site, at) => found.findIndex(({ kind, path }) => kind === site.kind && path === site.path) === at,
  );
}

function site(kind: SiteKind, { path, isWhole }: FolderLook, names: readonly string[]): Site {
  return { kind, path, names, isWhole };
}

/** The kinds of job directories right below a folder. Those that were not looked into are counted where one was found. */
function jobSites(
  look: FolderLook,
  { jobs }: FolderTraits,
  contentAt: (path: string) => JobContent | null,
): readonly Site[] {
  const found = new Map<string, JobContent>();
  for (const job of jobs) {
    const content = contentAt(`${look.path}${job}/`);
    if (content !== null) found.set(job, content);
  }
  const kinds = (['checkpoints', 'changelog', 'forst'] as const).filter((kind) => [...found.values()].includes(kind));
  const [main] = kinds;
  return kinds.map((kind) => {
    const names = jobs.filter((job) => (found.get(job) ?? main) === kind);
    return site(kind, look, names);
  });
}

/** `execution.checkpointing.create-subdir: false`: jobs share one folder, which no job id names. */
function sharedSite(look: FolderLook, { content }: FolderTraits): readonly Site[] {
  return content === 'checkpoints' && !isJobId(nameOf(look.path)) ? [site('checkpoints', look, [])] : [];
}

function rootSite(look: FolderLook, { holdsRoot }: FolderTraits): readonly Site[] {
  return holdsRoot ? [site('roots', look, [nameOf(look.path)])] : [];
}

/** Of blobs the folder above them: that of the cluster. */
function highAvailabilitySites(look: FolderLook, own: FolderTraits): readonly Site[] {
  const { path } = look;
  const cluster = nameOf(path) === 'blob' ? path.slice(0, -'blob/'.length) : path;
  return [
    ...(own.holdsHighAvailability ? [site('high-availability', { ...look, path: cluster }, [])] : []),
    ...own.results.map((name) => site('high-availability', { ...look, path: `${path}${name}/` }, [])),
  ];
}

/** The last name of a folder; empty at the top. */
export function nameOf(path: string): string {
  return path.split('/').at(-2) ?? '';
}

/** The folder above one, empty at the top. */
export function parentOf(path: string): string {
  // A key may begin with a slash: then its first folder has no name.
  return path.length < 2 ? '' : path.slice(0, path.lastIndexOf('/', path.length - 2) + 1);
}

/** The paths that are in none of the others, in order. */
export function outermostOf(paths: readonly string[]): readonly string[] {
  const all = [...new Set(paths)].sort();
  return all.filter((path) => !all.some((other) => other !== path && path.startsWith(other)));
}
