import type { Area } from '#core/area/area.ts';
import type { OwnerState } from '#core/collect/evidence.ts';
import type { Owner } from '#core/collect/owners.ts';
import type { Root } from '#core/collect/roots.ts';
import type { CollectSettings } from '#core/collect/settings.ts';
import { isoTime } from '#core/iso-time.ts';
import type { CertifiedJob, CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import type { CertificateHead } from '#operations/ledger/certificates.ts';

/** What a run knows of roots and jobs, as its certificate says it. */

/** What of the settings decides over objects. */
export function certifiedSettings({
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

/** @param declaredDead when a job was declared dead, epoch milliseconds; null where it was not. */
export function certifiedJob(
  owner: CertifiedOwner,
  {
    area,
    foreignJobs,
    declaredDead,
  }: {
    readonly area: Area;
    readonly foreignJobs: ReadonlySet<string>;
    readonly declaredDead: (job: string) => number | null;
  },
): CertifiedJob {
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
