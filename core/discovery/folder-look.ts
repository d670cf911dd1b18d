import {
  checkpointNumber,
  highAvailabilityKind,
  isForStDirectory,
  isJobId,
  METADATA_NAME,
  savepointJobPrefix,
} from '../flink/names.ts';

/** What a folder shows of itself by the names right below it. */

/** What a few requests showed of a folder. */
export interface FolderLook {
  /** Key prefix, empty or with a closing slash. */
  readonly path: string;
  /** Names of the folders right below it. */
  readonly folders: readonly string[];
  /** Names of the objects right below it. */
  readonly files: readonly string[];
  /** Whether it was listed to its end. */
  readonly isWhole: boolean;
}

/** What a job directory holds, by its own folders. A changelog base and a ForSt directory have job directories of their own. */
export type JobContent = 'checkpoints' | 'changelog' | 'forst';

/** What the names below a folder tell. */
export interface FolderTraits {
  readonly jobs: readonly string[];
  readonly savepoints: readonly string[];
  /** Names of `chk-N` folders, the highest number first. */
  readonly checkpoints: readonly string[];
  /** What it holds, taken as a job directory; null where nothing shows that it is one. */
  readonly content: JobContent | null;
  readonly holdsRoot: boolean;
  /** Whether files of high availability are right below it. */
  readonly holdsHighAvailability: boolean;
  /** Folders of high availability below it: those of job results. */
  readonly results: readonly string[];
}

const RESULTS = /^(?:job|application)-result-store$/;
const BLOBS = /^(?:(?:job|application)_[0-9a-f]{32}|no_job)$/;

/** Tells what the names below a folder show. */
export function traitsOf({ path, folders, files }: FolderLook): FolderTraits {
  const checkpoints = folders
    .flatMap((name) => {
      const number = checkpointNumber(name);
      return number === null ? [] : [{ name, number }];
    })
    .sort((a, b) => (a.number < b.number ? 1 : -1))
    .map(({ name }) => name);
  const name = path.split('/').at(-2) ?? '';
  return {
    jobs: folders.filter(isJobId),
    savepoints: folders.filter((folder) => savepointJobPrefix(folder) !== null),
    checkpoints,
    content: contentOf(folders, checkpoints.length > 0, isJobId(name)),
    holdsRoot: files.includes(METADATA_NAME),
    holdsHighAvailability:
      files.some((file) => highAvailabilityKind(`${path}${file}`) !== null) ||
      (name === 'blob' && folders.some((folder) => BLOBS.test(folder))),
    results: folders.filter((folder) => RESULTS.test(folder)),
  };
}

/**
 * `shared` is a name that others give to folders too, so outside a folder that is named like a job it counts beside another
 * of Flink's names only.
 */
function contentOf(folders: readonly string[], hasCheckpoints: boolean, isNamedLikeJob: boolean): JobContent | null {
  const has = (name: string): boolean => folders.includes(name);
  const scopes = Number(has('shared')) + Number(has('taskowned'));
  if (hasCheckpoints || scopes === 2 || (isNamedLikeJob && scopes === 1)) return 'checkpoints';
  if (!isNamedLikeJob) return null;
  if (has('dstl')) return 'changelog';
  return folders.some((name) => isForStDirectory(name, 'shared')) ? 'forst' : null;
}
