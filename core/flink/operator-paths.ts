/**
 * From which checkpoints and savepoints the Flink Kubernetes operator starts jobs, by its resources as
 * `kubectl get … -o json` prints them. A suspended job keeps nothing in the bucket that says so.
 */

/** A path that starts a job, and where it stands. */
export interface StartPath {
  /** As it is written there: `s3://bucket/savepoints/savepoint-946894-0123456789ab`. */
  readonly path: string;
  /** `FlinkDeployment default/orders, status.jobStatus.upgradeSavepointPath`; null for a path without a document. */
  readonly source: string | null;
}

/** What a document says. */
export interface StartPaths {
  readonly paths: readonly StartPath[];
  /** Snapshots that a job starts from by name, and that the document lacks: `FlinkStateSnapshot default/before-upgrade`. */
  readonly unresolved: readonly string[];
}

interface Resource {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const SNAPSHOT = 'FlinkStateSnapshot';
const JOB_KINDS: ReadonlySet<string> = new Set(['FlinkDeployment', 'FlinkSessionJob']);
/** The operator writes this in place of a path where a job goes on from its high-availability storage. */
const NO_PATH = 'KUBERNETES_OPERATOR_LAST_STATE';
/** Where the path of a job stands: of a later version of the operator, and of an earlier one. */
const JOB_PATHS = [
  'spec.job.initialSavepointPath',
  'spec.job.initialStateReference.path',
  'status.jobStatus.upgradeSavepointPath',
  'status.jobStatus.upgradeSnapshotReference.path',
  'status.jobStatus.savepointInfo.lastSavepoint.location',
] as const;
/** Where a job names a snapshot instead. A path next to the name takes precedence. */
const JOB_REFERENCES = ['spec.job.initialStateReference', 'status.jobStatus.upgradeSnapshotReference'] as const;

/** @param document a list of resources, or one resource. Other kinds are passed over. */
export function startPathsOf(document: unknown): StartPaths {
  const resources = resourcesOf(document);
  const snapshots = new Map(resources.filter(({ kind }) => kind === SNAPSHOT).map((one) => [nameOf(one), one]));
  const jobs = resources.filter(({ kind }) => JOB_KINDS.has(kind));
  const referenced = new Set(jobs.flatMap(referencesOf));
  const found = [
    ...jobs.flatMap((job) => JOB_PATHS.flatMap((field) => pathAt(job, field))),
    ...[...snapshots].flatMap(([name, snapshot]) => pathOfSnapshot(snapshot, referenced.has(name))),
  ];
  return {
    paths: [...new Map(found.map((one) => [one.path, one])).values()],
    unresolved: [...referenced].filter((name) => !snapshots.has(name)).map((name) => `${SNAPSHOT} ${name}`),
  };
}

/**
 * Of a savepoint always. The data of a checkpoint is Flink's own, which replaces it any moment, so one counts only where
 * a job starts from it.
 */
function pathOfSnapshot(snapshot: Resource, isReferenced: boolean): readonly StartPath[] {
  if (at(snapshot.value, 'spec.checkpoint') !== undefined && !isReferenced) return [];
  const final = pathAt(snapshot, 'status.path');
  const exists = at(snapshot.value, 'spec.savepoint.alreadyExists') === true;
  return final.length > 0 || !exists ? final : pathAt(snapshot, 'spec.savepoint.path');
}

function pathAt(resource: Resource, field: string): readonly StartPath[] {
  const path = at(resource.value, field);
  return typeof path === 'string' && path.trim() !== '' && path !== NO_PATH
    ? [{ path: path.trim(), source: `${resource.kind} ${nameOf(resource)}, ${field}` }]
    : [];
}

function referencesOf({ value, namespace }: Resource): readonly string[] {
  return JOB_REFERENCES.flatMap((field) => {
    const reference = at(value, field);
    if (!isRecord(reference) || typeof reference.path === 'string' || typeof reference.name !== 'string') return [];
    const its = typeof reference.namespace === 'string' ? reference.namespace : namespace;
    return [`${its}/${reference.name}`];
  });
}

function resourcesOf(document: unknown): readonly Resource[] {
  if (Array.isArray(document)) return document.flatMap(resourcesOf);
  if (!isRecord(document)) return [];
  if (Array.isArray(document.items)) return document.items.flatMap(resourcesOf);
  const { kind, metadata } = document;
  if (typeof kind !== 'string' || !isRecord(metadata)) return [];
  const { namespace, name } = metadata;
  const space = typeof namespace === 'string' ? namespace : 'default';
  return [{ kind, namespace: space, name: typeof name === 'string' ? name : '', value: document }];
}

function nameOf({ namespace, name }: Resource): string {
  return `${namespace}/${name}`;
}

function at(value: unknown, field: string): unknown {
  return field.split('.').reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
