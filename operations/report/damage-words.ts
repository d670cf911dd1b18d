import type { Root } from '#core/collect/roots.ts';
import type { Damage, DamageFinding, Lasting } from '#core/jobs/damage.ts';
import type { Job } from '#core/jobs/jobs.ts';
import type { Repair } from '#core/jobs/repair.ts';
import { count } from '#core/quantity.ts';
import { shellWord } from '#core/shell-word.ts';
import { nameOf } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';

/** Damaged roots in sentences: what is missing, whether that lasts, and what would mend it. */

/** A file to be copied to where a root expects it. */
export interface CopyCommand {
  /** URLs. */
  readonly from: string;
  readonly to: string;
  readonly command: string;
}

/** The area, and its objects with the names of missing files, at least. */
export type Described = Pick<Survey, 'area' | 'objects'>;

/** What is copied to make a root whole, file by file. */
export function copiesOf({ area, objects }: Described, repair: Repair | null): readonly CopyCommand[] {
  return (repair?.replacements ?? []).map(({ missing: { url: to }, object }) => {
    const from = area.url(objects.location(object), objects.key(object));
    return { from, to, command: copyCommand(from, to) };
  });
}

function copyCommand(from: string, to: string): string {
  const isLocal = from.startsWith('file://') && to.startsWith('file://');
  const [here, there] = isLocal ? [from.slice('file://'.length), to.slice('file://'.length)] : [from, to];
  return `${isLocal ? 'cp' : 'aws s3 cp'} ${shellWord(here)} ${shellWord(there)}`;
}

/**
 * A damage finding in one paragraph.
 *
 * @param jobs of which it is one: where several have its label, the job id tells them apart.
 */
export function describeFinding(survey: Described, finding: DamageFinding, jobs: readonly Job[] = []): string {
  const { job, root, missing, lasting, fallback } = finding;
  const files = missing === 1 ? '1 file that it references is' : `${missing} files that it references are`;
  const next =
    fallback === null
      ? 'This job has no restore point.'
      : `The newest restore point is ${nameOf(fallback.directory)}. To list all: steward restore-points`;
  return `The newest checkpoint of ${nameAmong(job, jobs)}, ${nameOf(root.directory)}, can't be restored: ${files} missing or of another size (the first: ${root.missing[0]?.resolved}). ${LASTING[lasting]} ${mending(survey, finding)}${next}`;
}

function nameAmong({ label, job, directory }: Job, jobs: readonly Job[]): string {
  const isShared = jobs.some((other) => other.label === label && other.directory !== directory);
  return job !== null && isShared ? `${label} (job ${job})` : label;
}

const LASTING: Readonly<Record<Lasting, string>> = {
  'seen-twice': 'The last run saw the same damage.',
  old: 'The checkpoint is older than twice its timeout, so Flink no longer writes these files.',
  'old-and-new-to-us':
    'The last run did not see this damage, and the checkpoint is older than twice its timeout: something has deleted its files since (a lifecycle rule, a person, a tool).',
};

/** With a space at its end, or empty. */
function mending(survey: Described, { repair, foundElsewhere }: DamageFinding): string {
  const copies = copiesOf(survey, repair);
  const [first, ...others] = copies;
  if (repair === null || first === undefined) {
    return foundElsewhere === null
      ? ''
      : `But a file with the name of a missing one is at ${foundElsewhere}: ${whetherMoved(survey)} `;
  }
  const more =
    others.length === 0 ? '' : ` (and ${count(others.length, 'more file')}: restore-points --json lists all)`;
  const works = repair.isWhole ? 'Then it can be restored.' : 'The other missing files are not in this area.';
  const why = repair.isMisplacedClaim
    ? 'This is FLINK-39964: after CLAIM of a native savepoint, Flink looks for files of the savepoint in the directory of a checkpoint. The files are still in the savepoint. Copy them to where the checkpoint expects them'
    : `But ${count(copies.length, 'missing file')} ${copies.length === 1 ? 'is' : 'are'} elsewhere in the area under the same name: ${whetherMoved(survey)} If not, copy`;
  return `${why}: ${first.command}${more}. ${works} `;
}

/** Only a directory stands for another place, so only of one may that be wrong. */
function whetherMoved({ area }: Described): string {
  const standsForOther = area.locations.some(({ name }) => !/^s3[anp]?:/.test(name));
  return standsForOther
    ? 'was the directory moved, or is the URL that it stands for ("as") wrong?'
    : 'was the directory moved?';
}

/** What is to be thought of damaged roots that are no finding, in a sentence about the newest of them. */
export function sayDamage(root: Root, damage: Damage, damaged: number): string {
  const name = nameOf(root.directory);
  const more = damaged === 1 ? '' : ` ${damaged - 1} more ${damaged === 2 ? 'is' : 'are'} damaged.`;
  const files = `${count(root.missing.length, 'file')} of it ${root.missing.length === 1 ? 'is' : 'are'} missing or of another size`;
  switch (damage.standing) {
    case 'alone':
      return `${name} is a _metadata that was copied alone: none of the ${count(root.missing.length, 'file')} that it references exists, and no state is beside it. Nothing can be restored from it.${more}`;
    case 'continued':
      return `${name} is damaged, but its job continues elsewhere: a later checkpoint of another job references its files. ${files}.${more}`;
    case 'open-files':
      return `${name} is incomplete so far: ${files}. They are parts of merged files that Flink may still be writing.${more}`;
    case 'first-seen':
      return `${name} is damaged: ${files}. No earlier run saw this, and Flink may still be writing. The next run shows whether it lasts.${more}`;
    case 'lasting':
      return `${name} is damaged: ${files}. ${LASTING[damage.lasting]}${more}`;
    default:
      return damage satisfies never;
  }
}
