import { type LaggingCopy, laggingCopies } from '#core/collect/lagging-copies.ts';
import { contradiction, livenessNotes } from '#core/collect/liveness-doubts.ts';
import type { Owner } from '#core/collect/owners.ts';
import { isNewer } from '#core/collect/root-order.ts';
import type { Root } from '#core/collect/roots.ts';
import { isoTime } from '#core/iso-time.ts';
import type { Job } from '#core/jobs/jobs.ts';
import { bytes, count } from '#core/quantity.ts';
import type { Survey } from '#operations/look/survey.ts';
import { retireFormerRun } from './former-run-words.ts';
import { type RenamedFound, renamedRootNotes } from './renamed-root-notes.ts';
import { withheld } from './withheld.ts';

/** What an audit tells besides its numbers, as sentences. */

/** About the newest such root of a job; `restore-points` tells of all, with the commands. */
export function withheldNote(survey: Survey, job: Job): readonly string[] {
  const [newest] = job.restorePoints;
  const [first] = job.roots
    .filter((root) => newest === undefined || isNewer(root, newest))
    .flatMap((root) => withheld(survey, root, job.roots) ?? []);
  return first === undefined ? [] : [`${job.label}: ${first.sentence} To see what to do: steward restore-points`];
}

/** What copies cost: the groups count them as protected, together with savepoints and the like. */
export function copyNotes({ objects, reachability }: Survey): readonly string[] {
  const copies = { objects: 0, bytes: 0 };
  for (let object = 0; object < objects.size; object++) {
    if (reachability.isCopy(object) && !reachability.isLive(object)) {
      copies.objects++;
      copies.bytes += objects.bytes(object);
    }
  }
  return copies.objects === 0
    ? []
    : [
        `${count(copies.objects, 'object')} of ${bytes(copies.bytes)} ${copies.objects === 1 ? 'is' : 'are'} kept because a live file elsewhere has the same name: a backup, a replica, or the same files under two names. A plan lists these objects with the rule "copy", and steward explain shows the live file of each.`,
      ];
}

/** Declared places are known; what lies anywhere else may be missing from the area. */
export function outsideNotes(job: Job): readonly string[] {
  const undeclared = job.unverified.filter(({ outside }) => outside > 0);
  const [first] = undeclared;
  if (first === undefined) {
    return [];
  }
  const which = undeclared.length === 1 ? '1 root names' : `${undeclared.length} roots name`;
  return [
    `${job.label}: ${which} files outside the area, which were not checked; the first is ${first.firstOutside}. If jobs share state between it and this area, add it to the area; if not, declare it: outside in steward.json.`,
  ];
}

/** What the operator said or set that does not work as meant, and jobs whose times can't be trusted. */
export function notes(survey: Survey): readonly string[] {
  const { owners, objects, settings } = survey;
  return notesBy({ ...survey, lagging: laggingCopies(owners.all, objects, settings.minAge) });
}

/** What the notes are made of. */
export interface NoteFacts extends RenamedFound, Pick<Survey, 'area' | 'liveness' | 'parquetFiles'> {
  readonly owners: { readonly all: readonly Owner[] };
  readonly reachability: RenamedFound['reachability'] & { readonly roots: readonly Root[] };
  readonly lagging: readonly LaggingCopy[];
}

/** The same where the objects are not at hand. */
export function notesBy(survey: NoteFacts): readonly string[] {
  const { owners, liveness, reachability, parquetFiles } = survey;
  const ofOwners = owners.all.flatMap((owner) => [
    ...(owner.declarationLapsed && owner.running.length > 0 ? owner.running.map(contradiction) : []),
    ...(owner.declarationLapsed && owner.running.length === 0
      ? [
          `Job ${owner.id} is declared dead, but its directory was written to at ${isoTime(owner.lastWrite)}, so the declaration is ignored. If the job is over, declare it again: steward declare-dead ${owner.id} --execute`,
        ]
      : []),
    ...(owner.timesDistrusted === null || owner.declaredDead
      ? []
      : [
          `${owner.job === null ? owner.base : `Job ${owner.job}`}: ${owner.timesDistrusted}. Its garbage is kept until the job is declared dead, or until nothing has been written for collect.deadAfter, and no policy retires its checkpoints.${retireFormerRun(survey.area, owner)}`,
        ]),
  ]);
  return [
    ...ofOwners,
    ...livenessNotes(liveness, reachability.roots, owners),
    ...parquetNote(parquetFiles),
    ...renamedRootNotes(survey),
    ...laggingCopyNotes(survey),
  ];
}

/** A lag below the minimum age keeps nothing that would not be kept anyway. */
function laggingCopyNotes({ lagging, area }: NoteFacts): readonly string[] {
  return lagging.map(({ job, copy, original }) => {
    const [here, there] = [copy, original].map((root) => area.url(root.location, root.class.base));
    return `Job ${job}: ${here} looks like a copy of ${there}, because its checkpoints reference files there and none of their own. Its newest checkpoint is of ${isoTime(copy.completed)}. Garbage of the job that was written later is kept while these checkpoints exist, because a second cluster may use the same job id. If nobody needs the copy, delete it; to keep it without this effect, refresh it regularly.`;
  });
}

function parquetNote([first, ...others]: readonly string[]): readonly string[] {
  if (first === undefined) {
    return [];
  }
  const more = others.length === 0 ? '' : ` (and ${others.length} more of that name)`;
  return [
    `${first} is a Parquet file${more}: a Parquet dataset has a _metadata too. It is no checkpoint or savepoint, and it is kept as a name that Flink does not write.`,
  ];
}
