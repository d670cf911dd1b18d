import { isDamaged, isRestorePoint, isUnverified, lacksProperties, type Root } from '#core/collect/roots.ts';
import { restoreCommand } from '#core/flink/restore-command.ts';
import { forEachBorrowed } from '#core/jobs/borrowed-files.ts';
import type { Job } from '#core/jobs/jobs.ts';
import { agesOf } from '#core/jobs/state-ages.ts';
import { viewRoot } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import { withheld } from '#operations/report/withheld.ts';
import type { FirstBreaks } from './buckets.ts';
import type { ReportRoot, RootCondition } from './document.ts';

/** One checkpoint or savepoint, as the report shows it. */
export function rootOf(
  { survey, breaks }: { readonly survey: Survey; readonly breaks: FirstBreaks },
  job: Job,
  submission: number,
  root: Root,
): ReportRoot {
  const { area, objects } = survey;
  const view = viewRoot(survey, root, job.roots);
  const condition = conditionOf(root);
  const why = withheld(survey, root, job.roots);
  const { oldest, median, newest } = agesOf(survey, root);
  let borrowed = 0;
  let borrowedOldest: number | null = null;
  forEachBorrowed(survey, job, root, (object) => {
    const modified = objects.modified(object);
    borrowed++;
    borrowedOldest = Math.min(borrowedOldest ?? modified, modified);
  });
  return {
    name: view.path.split('/').at(-1) ?? view.path,
    path: view.path,
    submission,
    savepoint: root.class.role !== 'checkpoint',
    kind: view.kind,
    condition,
    completed: root.completed,
    bytes: view.bytes,
    command: condition === 'whole' ? restoreCommand(view.path, view.formatVersion ?? 0) : null,
    problem: why?.sentence ?? problemOf(root, condition),
    oldest,
    median,
    newest,
    borrowed,
    borrowedOldest,
    breaksAt: breaks(area.url(root.location, root.key), root.key, area.storeKey(root.location, root.key)),
  };
}

function conditionOf(root: Root): RootCondition {
  if (root.state === 'unreadable' || (lacksProperties(root) && !isDamaged(root))) return 'unreadable';
  if (isDamaged(root)) return 'damaged';
  if (root.archived > 0) return 'archived';
  if (isUnverified(root)) return 'unverified';
  return isRestorePoint(root) ? 'whole' : 'unsettled';
}

function problemOf(root: Root, condition: RootCondition): string | null {
  switch (condition) {
    case 'whole':
      return null;
    case 'unreadable':
      return `It can't be read: ${root.failure?.sentence ?? 'nothing is known of it'}.`;
    case 'damaged': {
      const files =
        root.missing.length === 1
          ? '1 file that it references is'
          : `${root.missing.length} files that it references are`;
      return `${files} missing or of another size, the first ${root.missing[0]?.resolved}.`;
    }
    case 'archived':
      return 'Files that it needs are in an archive storage class.';
    case 'unverified':
      return 'It references files outside the area, which were not checked.';
    case 'unsettled':
      return 'It was completed while the area was listed. The next run will check it.';
    default:
      return condition satisfies never;
  }
}
