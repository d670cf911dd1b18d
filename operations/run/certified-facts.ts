import type { Area } from '#core/area/area.ts';
import type { Grounds, OwnerState } from '#core/collect/evidence.ts';
import type { Owner } from '#core/collect/owners.ts';
import type { Root } from '#core/collect/roots.ts';
import type { CollectSettings } from '#core/collect/settings.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import type { BitColumn } from '#core/inventory/columns.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { isoTime } from '#core/iso-time.ts';
import type { CertifiedException, CertifiedJob, CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import type { CertificateHead } from '#operations/ledger/certificates.ts';

/** What a run knows, as its certificate says it. */

/** What the first line of a certificate says of a run. */
export interface RunToCertify {
  readonly run: string;
  /** Its frozen start, epoch milliseconds. */
  readonly start: number;
  readonly area: Area;
  readonly settings: CollectSettings;
  readonly protect: readonly string[];
  readonly pins: readonly { readonly url: string }[];
  readonly undecidable: readonly Undecidable[];
}

/** The first line of a certificate, without what it names. */
export function certifiedRun({
  run,
  start,
  area,
  settings,
  protect,
  pins,
  undecidable,
}: RunToCertify): Omit<CertificateHead, 'format' | 'previous' | 'log' | 'names' | 'parts'> {
  return {
    run,
    start: isoTime(start),
    area: area.locations.map(({ store, prefix }) => `${store}/${prefix}`),
    settings: certifiedSettings(settings),
    protect: [...protect],
    pins: pins.map(({ url }) => area.ownUrl(url)),
    undecidable: undecidable.map(({ sentence }) => sentence),
  };
}

/** What of the settings decides over objects. */
function certifiedSettings({
  minAge,
  quarantine,
  checkpointTimeout,
  deadAfter,
  abandonedAfter,
  taskowned,
  taskownedMinAge,
  failedSavepoints,
}: CollectSettings): CertificateHead['settings'] {
  return {
    minAge,
    quarantine,
    checkpointTimeout,
    deadAfter,
    abandonedAfter,
    taskowned,
    taskownedMinAge,
    failedSavepoints,
  };
}

/** @param late whether it appeared after the objects were judged. */
export function certifiedRoot(
  area: Area,
  root: Pick<Root, 'location' | 'key' | 'etag' | 'completed' | 'state' | 'summary' | 'content' | 'writtenOff'>,
  late: boolean,
): CertifiedRoot {
  return {
    line: 'root',
    url: area.url(root.location, root.key),
    etag: root.etag,
    completed: isoTime(root.completed),
    state: root.state,
    kind: root.summary?.kind ?? null,
    sha256: root.content,
    late,
    writtenOff: root.writtenOff,
  };
}

/** What an owner of files is certified with. */
export type CertifiedOwner = OwnerState & Pick<Owner, 'id'>;

/** What is known of the jobs of some objects. */
export interface KnownJobs {
  readonly area: Area;
  readonly objects: ObjectTable;
  readonly owners: { ofDirectory(directoryId: number): CertifiedOwner };
  readonly foreignJobs: ReadonlySet<string>;
  /** When a job was declared dead, epoch milliseconds; null where it was not. */
  readonly declaredDead: (job: string) => number | null;
}

/** The jobs of which something was deleted, each once. @param planned the objects that were deleted */
export function certifiedJobs(known: KnownJobs, planned: BitColumn): readonly CertifiedJob[] {
  const { objects, owners } = known;
  const jobs = new Map<string, CertifiedJob>();
  const seen = new Set<number>();
  for (let object = 0; object < objects.size; object++) {
    const directoryId = objects.directoryId(object);
    if (!planned.has(object) || seen.has(directoryId)) continue;
    seen.add(directoryId);
    const job = certifiedJob(owners.ofDirectory(directoryId), known);
    jobs.set(job.id, job);
  }
  return [...jobs.values()];
}

/** What was deleted although a root had referenced it before, or a savepoint that was retired. */
export function* certifiedExceptions(
  { area, objects, memory }: { readonly area: Area } & Pick<Grounds, 'objects' | 'memory'>,
  planned: BitColumn,
): Generator<CertifiedException> {
  for (let object = 0; object < objects.size; object++) {
    if (!planned.has(object)) continue;
    const url = area.url(objects.location(object), objects.key(object));
    if (memory.wasNamed(object)) yield { line: 'exception', url, why: 'named-before' };
    const copy = memory.retiredSavepointOf(object);
    if (copy !== null) yield { line: 'exception', url, why: 'retired-savepoint', copy };
  }
}

function certifiedJob(owner: CertifiedOwner, { area, foreignJobs, declaredDead }: KnownJobs): CertifiedJob {
  const urlOf = (baseId: string): string => {
    const colon = baseId.indexOf(':');
    return area.url(Number(baseId.slice(0, colon)), baseId.slice(colon + 1));
  };
  const declaredAt = owner.job !== null && owner.declaredDead ? declaredDead(owner.job) : null;
  return {
    line: 'job',
    id: owner.job ?? urlOf(owner.id),
    timeout: owner.checkpointTimeout,
    lastWrite: lastWriteAt(owner.lastWrite),
    declaredDead: declaredAt === null ? null : isoTime(declaredAt),
    running: owner.running.length > 0,
    starting: owner.running.some(({ completedCheckpoints }) => completedCheckpoints === 0),
    inProgress: owner.running.flatMap(({ inProgress, inProgressUnnamed }) =>
      inProgressUnnamed > 0 ? ['*'] : inProgress.map(String),
    ),
    timesDistrusted: owner.timesDistrusted !== null,
    foreign: owner.job !== null && foreignJobs.has(owner.job),
    rootless: Object.fromEntries([
      ...[...owner.rootlessDirectories].map(([base, last]) => [urlOf(base), lastWriteAt(last)] as const),
      ...[...owner.foreignChangelogs].map(([base, last]) => [`${urlOf(base)}dstl/`, lastWriteAt(last)] as const),
    ]),
  };
}

/** A folder that holds nothing but markers has no last write. */
function lastWriteAt(time: number): string | null {
  return Number.isFinite(time) ? isoTime(time) : null;
}
