import { Area, type AreaLocation, type PlaceMapping } from '#core/area/area.ts';
import { type HiddenEntry, reasonsAgainst } from '#core/collect/decidability.ts';
import type { Evidence } from '#core/collect/evidence.ts';
import { foreignJobs } from '#core/collect/foreign-jobs.ts';
import { JUDGEMENTS, type Judgement, judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { Liveness, type ReportedJob, type SilentCluster } from '#core/collect/liveness.ts';
import type { Candidacy, Memory } from '#core/collect/memory.ts';
import { gatherOwners, type Owner } from '#core/collect/owners.ts';
import { type NameMatch, Reachability } from '#core/collect/reachability.ts';
import { unreadRoot as listedRoot, type Root } from '#core/collect/roots.ts';
import { type CollectSettings, DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { JudgementRule, Verdict } from '#core/collect/verdicts.ts';
import type { FileReference, MetadataSummary, SnapshotKind } from '#core/flink/metadata/model.ts';
import { type FlinkPath, parseFlinkPath } from '#core/flink/state-path.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import type { StorageClass } from '#core/inventory/storage-class.ts';
import { withoutRoots } from '#core/retention/without-roots.ts';

/**
 * An area in a few lines: objects, roots with what they name, rules. No bytes are parsed; roots go straight into the
 * marks, as a reader would hand them over.
 */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const NOW = Date.UTC(2026, 0, 31, 12);

export const JOB = 'a'.repeat(32);
export const OTHER_JOB = 'b'.repeat(32);
/** The job directories that most worlds play in. */
export const DIRECTORY = `cp/${JOB}`;
export const OTHER_DIRECTORY = `cp/${OTHER_JOB}`;

/** A file name as Flink makes them, the same for the same number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export interface ObjectSpec {
  /** Milliseconds before `now`. */
  readonly age: number;
  readonly bytes?: number;
  readonly etag?: string;
  readonly special?: string;
  readonly location?: number;
  readonly storage?: 'archived' | 'tiering';
  readonly storageClass?: StorageClass;
}

/** What a root names: a whole key of the bucket, or a reference in full. */
export type ReferenceSpec = string | (Pick<FileReference, 'path'> & Partial<FileReference>);

export interface RootSpec {
  /** Milliseconds before `now` at which it was complete. */
  readonly age: number;
  readonly names?: readonly ReferenceSpec[];
  readonly kind?: SnapshotKind;
  readonly formatVersion?: number;
  readonly outcome?: 'read' | 'unreadable' | 'denied' | 'archived' | 'vanished';
  /** False for a root that appeared after the listing. */
  readonly listed?: boolean;
  readonly location?: number;
  readonly bytes?: number;
  readonly writtenOff?: boolean;
  /** Of its own file. */
  readonly storage?: 'archived' | 'tiering';
  readonly propertiesRead?: boolean;
  /** What tells its content from any other. */
  readonly content?: string;
}

export interface WorldSpec {
  readonly locations?: readonly Partial<AreaLocation>[];
  readonly outside?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
  readonly copies?: Readonly<Record<string, string>>;
  /** By whole key; a number is an age. Each `_metadata` comes from `roots`. */
  readonly objects?: Readonly<Record<string, number | ObjectSpec>>;
  /** By directory, without the closing slash. */
  readonly roots?: Readonly<Record<string, RootSpec>>;
  /** By key: roots that are not called `_metadata`, of which the objects are listed too. */
  readonly renamed?: Readonly<Record<string, Pick<RootSpec, 'names' | 'outcome'>>>;
  readonly settings?: Partial<CollectSettings>;
  /** Ages of the declarations. */
  readonly deadJobs?: Readonly<Record<string, number>>;
  readonly protect?: readonly string[];
  /** Job ids of which an earlier run saw a sign. */
  readonly showedFlink?: readonly string[];
  /** Folders in which directories held roots in earlier runs, with a closing slash. */
  readonly heldRootsIn?: readonly string[];
  /** Directories of pinned roots. */
  readonly pinned?: readonly string[];
  /** Keys of `taskowned/` files that some root has named before. */
  readonly namedBefore?: readonly string[];
  /** Keys of files that a retired savepoint named in its own directory. */
  readonly ofRetiredSavepoint?: readonly string[];
  /** Job directories, with a closing slash, that earlier runs saw, with roots by their folder and age. */
  readonly remembered?: Readonly<
    Record<string, readonly { readonly name: string; readonly age: number; readonly content?: string }[]>
  >;
  /** By the same directories, the age of the oldest object that earlier runs saw of the job. */
  readonly began?: Readonly<Record<string, number>>;
  /** By the same directories, the age of the last run that did not see it yet. */
  readonly absent?: Readonly<Record<string, number>>;
  /** What earlier runs remember; whatever is not told has been garbage for a year. */
  readonly candidacies?: Readonly<Record<string, Candidacy | null>>;
  readonly unsettled?: readonly string[];
  readonly lost?: readonly string[];
  readonly hidden?: readonly HiddenEntry[];
  /** What Flink says of the jobs that run. */
  readonly running?: readonly (Partial<ReportedJob> & Pick<ReportedJob, 'jobId'>)[];
  readonly silent?: readonly SilentCluster[];
  readonly now?: number;
}

export interface Fate {
  readonly verdict: Verdict;
  readonly rule: JudgementRule;
}

export interface World extends Evidence {
  readonly area: Area;
  readonly matches: readonly NameMatch[];
  readonly liveness: Liveness;
  /** The index of a key. */
  object(key: string): number;
  /** By directory, without the closing slash. */
  root(directory: string): Root;
  /** The owner of a key's directory. */
  owner(key: string): Owner;
  /** As a later run sees it if these roots have been retired. By directory, without the closing slash. */
  without(directories: readonly string[]): Evidence;
}

export const BUCKET: AreaLocation = { name: 's3://bucket', store: 's3://bucket', prefix: '', hidden: 0 };

export function world(spec: WorldSpec): World {
  const now = spec.now ?? NOW;
  const settings = { ...DEFAULT_COLLECT_SETTINGS, ...spec.settings };
  const area = new Area(
    (spec.locations ?? [{}]).map((location) => ({ ...BUCKET, ...location })),
    (spec.outside ?? []).map(flinkPath),
    mappings(spec.aliases),
    mappings(spec.copies),
  );
  const objects = listObjects(spec, now);
  const reachability = new Reachability(area, objects);
  const roots = new Map<string, Root>();
  for (const [directory, root] of Object.entries(spec.roots ?? {})) {
    roots.set(directory, readRoot(reachability, objects, directory, root, now));
  }
  for (const [key, root] of Object.entries(spec.renamed ?? {})) {
    readRenamed(reachability, objects, key, root, now);
  }
  const matches = reachability.keepByName();
  const liveness = new Liveness(area, (spec.running ?? []).map(runningJob), spec.silent);
  const undecidable = reasonsAgainst({
    area,
    objects,
    roots: reachability.roots,
    misplaced: matches,
    unsettled: (spec.unsettled ?? []).map((directory) => found(roots.get(directory), directory)),
    lost: spec.lost ?? [],
    hidden: spec.hidden ?? [],
    liveness,
  });
  const declaredDeadAt = (job: string): number | null => {
    const age = spec.deadJobs?.[job];
    return age === undefined ? null : now - age;
  };
  const pinned = new Set((spec.pinned ?? []).map((directory) => found(roots.get(directory), directory).key));
  const protectedKeys = new Set(spec.protect);
  const namedBefore = new Set(spec.namedBefore);
  const ofRetiredSavepoint = new Set(spec.ofRetiredSavepoint);
  const memory: Memory = {
    candidacy: (index) => {
      const told = spec.candidacies?.[objects.key(index)];
      return told === undefined ? { since: now - 365 * DAY, runs: 9, etag: objects.etag(index) } : told;
    },
    isPinned: ({ key }) => pinned.has(key),
    lookedAt: () => null,
    wasNamed: (index) => namedBefore.has(objects.key(index)),
    retiredSavepointOf: (index) => (ofRetiredSavepoint.has(objects.key(index)) ? 'retired/run/000001.metadata' : null),
    completionOf: () => null,
    remembered: (location, base) => {
      const roots = area.locations[location] === undefined ? undefined : spec.remembered?.[base];
      return roots === undefined
        ? null
        : {
            roots: roots.map(({ name, age, content }) => ({ name, content: content ?? null, completed: now - age })),
            began: spec.began?.[base] === undefined ? null : now - spec.began[base],
            absent: spec.absent?.[base] === undefined ? null : now - spec.absent[base],
          };
    },
    showedFlink: (job) => (spec.showedFlink ?? []).includes(job),
    heldRootsIn: (_location, folder) => (spec.heldRootsIn ?? []).includes(folder),
    directoriesOfJobs: () => [],
    isWrittenOff: () => false,
  };
  const ownersOf = (of: readonly Root[]) =>
    gatherOwners({ objects, roots: of, settings, declarations: { declaredDeadAt }, liveness, memory });
  const owners = ownersOf(reachability.roots);
  const object = (key: string): number => {
    const index = area.locations.map((_, location) => objects.find(location, key)).find((at) => at >= 0);
    return found(index, key);
  };
  const evidence = {
    start: now,
    settings,
    area,
    objects,
    reachability,
    owners,
    foreignJobs: foreignJobs({ objects, owners, reachability, memory }),
    undecidable,
    isProtected: (index: number) => protectedKeys.has(objects.key(index)),
    memory,
  };
  return {
    ...evidence,
    matches,
    liveness,
    object,
    root: (directory) => found(roots.get(directory), directory),
    owner: (key) => owners.ofDirectory(objects.directoryId(object(key))),
    without: (directories) =>
      withoutRoots(evidence, new Set(directories.map((directory) => found(roots.get(directory), directory))), ownersOf),
  };
}

/** The fates of all objects, by key. */
export function judge(evidence: Evidence, judgements: readonly Judgement[] = JUDGEMENTS): ReadonlyMap<string, Fate> {
  const verdicts = judgeAll(evidence, judgements);
  const keys = Array.from({ length: evidence.objects.size }, (_, object) => object);
  return new Map(keys.map((object) => [evidence.objects.key(object), fateOf(verdicts, object)]));
}

/** What becomes of one object, as `verdict (rule)`. */
export function fate(evidence: Evidence, key: string, judgements: readonly Judgement[] = JUDGEMENTS): string {
  const { verdict, rule } = found(judge(evidence, judgements).get(key), key);
  return `${verdict} (${rule})`;
}

function fateOf(verdicts: Verdicts, object: number): Fate {
  return { verdict: verdicts.verdict(object), rule: verdicts.rule(object) };
}

function listObjects(spec: WorldSpec, now: number): ObjectTable {
  const listed = new ObjectTable();
  for (const [key, told] of Object.entries(spec.objects ?? {})) {
    const { age, bytes, etag, special, location, storage, storageClass }: ObjectSpec =
      typeof told === 'number' ? { age: told } : told;
    const size = bytes ?? (key.endsWith('/') ? 0 : 100);
    listed.add({
      location: location ?? 0,
      key,
      bytes: size,
      modified: now - age,
      etag: etag ?? 'e1',
      special,
      storage,
      storageClass,
    });
  }
  for (const [directory, { age, bytes, location, storage, listed: isListed }] of Object.entries(spec.roots ?? {})) {
    if (isListed !== false) {
      listed.add({
        location: location ?? 0,
        key: metadataKey(directory),
        bytes: bytes ?? 1000,
        modified: now - age,
        etag: 'm1',
        storage,
      });
    }
  }
  return listed;
}

function readRenamed(
  reachability: Reachability,
  objects: ObjectTable,
  key: string,
  { names, outcome }: Pick<RootSpec, 'names' | 'outcome'>,
  now: number,
): void {
  const object = objects.find(0, key);
  const root = unreadRoot({ location: 0, key, object, completed: now, bytes: 1000, writtenOff: false });
  const reading = reachability.beginRenamed(root);
  for (const name of names ?? []) {
    reading.reference(referenceTo(name, objects));
  }
  if (outcome === 'unreadable') {
    reading.fail({ sentence: 'it ends at byte 7', fault: 'contents' });
  } else {
    reading.complete(summary({ kind: 'checkpoint', formatVersion: 4 }));
  }
}

function readRoot(
  reachability: Reachability,
  objects: ObjectTable,
  directory: string,
  { age, names, kind, formatVersion, outcome, location, bytes, writtenOff, propertiesRead, content }: RootSpec,
  now: number,
): Root {
  const root = unreadRoot({
    location: location ?? 0,
    key: metadataKey(directory),
    object: objects.find(location ?? 0, metadataKey(directory)),
    completed: now - age,
    bytes: bytes ?? 1000,
    writtenOff: writtenOff ?? false,
  });
  const reading = reachability.begin(root);
  for (const name of names ?? []) {
    reading.reference(referenceTo(name, objects));
  }
  switch (outcome ?? 'read') {
    case 'read':
      objects.markHoldsRoot(root.location, root.directory);
      reading.complete(
        summary({
          kind: kind ?? 'checkpoint',
          formatVersion: formatVersion ?? 4,
          propertiesRead: propertiesRead ?? true,
        }),
      );
      root.content = content ?? null;
      break;
    case 'unreadable':
      reading.fail({ sentence: 'it ends at byte 7', fault: 'contents' });
      break;
    case 'denied':
      reading.fail({ sentence: 'permission denied', fault: 'access' });
      break;
    case 'archived':
      reading.fail({ sentence: 'it is in GLACIER', fault: 'archived' });
      break;
    case 'vanished':
      reading.vanish();
      break;
  }
  return root;
}

/** A job that runs and has been restored from nothing, but for what is told of it. */
export function runningJob(told: Partial<ReportedJob> & Pick<ReportedJob, 'jobId'>): ReportedJob {
  return {
    cluster: 'http://jobmanager:8081',
    name: 'orders',
    state: 'RUNNING',
    checkpointTimeout: 10 * MINUTE,
    inProgress: [],
    inProgressUnnamed: 0,
    restoredFrom: null,
    restoreKnown: true,
    completedCheckpoints: 0,
    completedPaths: [],
    ...told,
  };
}

/** A root that nothing was read of. */
export function unreadRoot(known: Pick<Root, 'key'> & Partial<Root>): Root {
  const listed = {
    location: 0,
    etag: 'm1',
    bytes: 1000,
    completed: NOW,
    object: -1,
    late: false,
    writtenOff: false,
    ...known,
  };
  return { ...listedRoot(listed), ...known };
}

export function summary(known: Partial<MetadataSummary> = {}): MetadataSummary {
  return {
    formatVersion: 4,
    checkpointId: 1n,
    kind: 'checkpoint',
    operators: 1,
    references: 1,
    inlineBytes: 0n,
    propertiesRead: true,
    usesChangelog: false,
    fileBytes: 1000,
    ...known,
  };
}

/** A reference in full; where nothing is said of its size, that of the object it names. */
export function referenceTo(name: ReferenceSpec, objects?: ObjectTable): FileReference {
  if (typeof name === 'string') {
    const object = objects?.find(0, name) ?? -1;
    const bytes = object >= 0 ? BigInt(objects?.bytes(object) ?? 100) : 100n;
    return { path: `s3://bucket/${name}`, relative: false, bytes, segment: false };
  }
  return { relative: false, bytes: -1n, segment: false, ...name };
}

function metadataKey(directory: string): string {
  return directory === '' ? '_metadata' : `${directory}/_metadata`;
}

function mappings(written: Readonly<Record<string, string>> = {}): readonly PlaceMapping[] {
  return Object.entries(written).map(([from, to]) => ({ from: flinkPath(from), to: flinkPath(to) }));
}

function flinkPath(text: string): FlinkPath {
  const path = parseFlinkPath(text);
  if (path === null) {
    throw new Error(`${text} is no path.`);
  }
  return path;
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`This world has no ${what}.`);
  }
  return value;
}
