/** What a path of Flink tells, read by the judge of runs for itself. */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const JOB_ID = /^[0-9a-f]{32}$/;
const SAVEPOINT = /\/savepoint-[0-9a-f]{6}-[0-9a-f]{12}$/;
/** A checkpoint's own folder, the shared ones, the changelog of a job, and the folders of merged files in them. */
const ORDINARY =
  /^(?<base>.*)\/(?:chk-(?<checkpoint>0|[1-9]\d{0,18})|(?<shared>shared)(?:\/job_[0-9a-f]{32}_op_[0-9a-f]{32}_\d+_\d+)?|(?<taskowned>taskowned)|taskowned\/job_[0-9a-f]{32}_tm_[^/]+|(?<=\/[0-9a-f]{32}\/)(?<changelog>dstl))$/s;
/** Where a ForSt database works: in `shared/`, or in the job's folder. */
const WORKING = /^(?<base>.*?)(?:\/shared|(?<=\/[0-9a-f]{32}))\/op_[^/]+_attempt_\d+(?:\/.*)?$/s;
/** Flink writes no such part of a path, and no reference of it names one. What lies below is somebody else's. */
const NOT_NORMAL = /^[^:/]+:\/\/[^/]*\/(?:.*\/)?(?:\.{0,2}|[^/]*\\[^/]*)\//s;

/** What the URL of an object tells. */
export interface PathFacts {
  /** The last part; empty for the marker of a folder. */
  readonly name: string;
  readonly hasUuid: boolean;
  /** URL of the folder whose files are judged together, with a closing slash. */
  readonly base: string;
  /** The job id in the path, or the folder where there is none. */
  readonly owner: string;
  readonly job: string | null;
  readonly folder: 'checkpoint' | 'shared' | 'taskowned' | 'merged' | 'changelog' | 'working' | 'savepoint' | 'other';
  /** N of `chk-N`. */
  readonly checkpoint: string | null;
}

/** @param url `s3://bucket/key`, or that of a directory. */
export function pathFacts(url: string): PathFacts {
  const slash = url.lastIndexOf('/');
  const name = url.slice(slash + 1);
  const directory = url.slice(0, slash);
  const isNormal = !NOT_NORMAL.test(url);
  const working = isNormal ? WORKING.exec(directory)?.groups : undefined;
  const ordinary = isNormal && working === undefined ? ORDINARY.exec(directory)?.groups : undefined;
  const base = working?.base ?? ordinary?.base ?? directory;
  const lastPart = base.slice(base.lastIndexOf('/') + 1);
  const job = isNormal && JOB_ID.test(lastPart) ? lastPart : null;
  return {
    name,
    hasUuid: UUID.test(name),
    base: `${base}/`,
    owner: job ?? `${base}/`,
    job,
    folder: isNormal ? folderOf(working !== undefined, ordinary, directory) : 'other',
    checkpoint: ordinary?.checkpoint ?? null,
  };
}

function folderOf(
  isWorking: boolean,
  ordinary: Readonly<Record<string, string | undefined>> | undefined,
  directory: string,
): PathFacts['folder'] {
  if (isWorking) return 'working';
  if (ordinary === undefined) return SAVEPOINT.test(directory) ? 'savepoint' : 'other';
  if (ordinary.checkpoint !== undefined) return 'checkpoint';
  if (ordinary.taskowned !== undefined) return 'taskowned';
  if (ordinary.changelog !== undefined) return 'changelog';
  return ordinary.shared !== undefined ? 'shared' : 'merged';
}
