/** The names that Flink's state code writes, and no others. */

/** The file in which a checkpoint or savepoint starts. */
export const METADATA_NAME = '_metadata';

/** `UUID.randomUUID().toString()`: lower case, four hyphens. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const JOB_ID = /^[0-9a-f]{32}$/;
/** A Java long in decimal, never padded. */
const CHECKPOINT = /^chk-(0|[1-9]\d{0,18})$/;
/** First 6 digits of the job id, then a random part (12 hex digits in every Flink that writes directories). */
const SAVEPOINT = /^savepoint-([0-9a-f]{6})-[0-9a-f]{12}$/;
/** File merging, shared scope (Flink 1.20+): job, vertex, subtask and parallelism, one directory per subtask. */
const MERGED_SHARED = /^job_[0-9a-f]{32}_op_[0-9a-f]{32}_\d+_\d+$/;
/**
 * File merging, exclusive scope (Flink 1.20+): one directory per worker. A resource id may hold any character but
 * the reserved ones of a URI, which Flink writes as hyphens.
 */
const MERGED_EXCLUSIVE = /^job_[0-9a-f]{32}_tm_.+$/;
/** Working directory of a ForSt database (Flink 2.x). The operator's identifier is free text. */
const FORST = /^op_.+_attempt_\d+$/;
const HA_POINTER = /^(completedCheckpoint|submittedJobGraph|submittedExecutionPlan|submittedApplication)[0-9a-f-]+$/;
/** `application_…` since Flink 2.3. */
const HA_BLOB = /(^|\/)blob\/((job|application)_[0-9a-f]{32}|no_job)\/blob_[^/]+$/;
/** The Kubernetes operator gives every start of a cluster a folder of its own below that of the cluster. */
const HA_RESULT = /(^|\/)(job|application)-result-store\/([^/]+\/){0,2}[^/]+\.json$/;

/** Whether a name is a UUID as Java prints it. State files have such names. */
export function isUuid(name: string): boolean {
  return name.length === 36 && UUID.test(name);
}

/** Whether a path segment is a job id: 32 lower-case hex digits. */
export function isJobId(segment: string | undefined): segment is string {
  return segment !== undefined && segment.length === 32 && JOB_ID.test(segment);
}

/** The number of a `chk-N` directory, or null. Numbers are Java longs; this one only orders and prints. */
export function checkpointNumber(segment: string | undefined): bigint | null {
  const match = segment === undefined ? null : CHECKPOINT.exec(segment);
  return match?.[1] === undefined ? null : BigInt(match[1]);
}

/** How many digits of the job id the name of a savepoint directory tells. */
export const SAVEPOINT_DIGITS = 6;

/** The first six digits of the job id in the name of a savepoint directory, or null. */
export function savepointJobPrefix(segment: string | undefined): string | null {
  const match = segment === undefined ? null : SAVEPOINT.exec(segment);
  return match?.[1] ?? null;
}

/**
 * Whether a directory holds files that Flink merged from several states.
 *
 * @param parent the name of the directory above.
 */
export function isMergedDirectory(segment: string | undefined, parent: string | undefined): boolean {
  if (segment === undefined) {
    return false;
  }
  return parent === 'shared' ? MERGED_SHARED.test(segment) : parent === 'taskowned' && MERGED_EXCLUSIVE.test(segment);
}

/** ForSt works below `shared/` of the checkpoint directory, or below the job's folder of a primary directory. */
export function isForStDirectory(segment: string, parent: string | undefined): boolean {
  return (parent === 'shared' || isJobId(parent)) && FORST.test(segment);
}

/**
 * What a file of high availability is: a pointer to completed checkpoints, a submitted job (its graph or plan), a blob
 * (a jar of a job, for the most part), or the result of a job that has ended.
 */
export type HighAvailabilityKind = 'pointer' | 'submission' | 'blob' | 'result';

/** What a key of Flink's high-availability storage is; null for any other key. */
export function highAvailabilityKind(key: string): HighAvailabilityKind | null {
  const pointer = HA_POINTER.exec(key.slice(key.lastIndexOf('/') + 1))?.[1];
  if (pointer !== undefined) {
    return pointer === 'completedCheckpoint' ? 'pointer' : 'submission';
  }
  if (HA_BLOB.test(key)) {
    return 'blob';
  }
  return HA_RESULT.test(key) ? 'result' : null;
}

/** Whether a key is of Flink's high-availability storage: pointers to checkpoints, job graphs, blobs, job results. */
export function isHighAvailabilityKey(key: string): boolean {
  return highAvailabilityKind(key) !== null;
}
