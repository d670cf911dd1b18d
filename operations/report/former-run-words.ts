import type { Area } from '#core/area/area.ts';
import type { Owner } from '#core/collect/owners.ts';
import { shellWord } from '#core/shell-word.ts';

/**
 * The way out for a job whose checkpoints are out of order because its id was used again: a sentence with a space before
 * it. Empty where the path contains no job id, since `retire --job` takes a job directory.
 */
export function retireFormerRun(area: Area, { job, location, base }: Pick<Owner, 'job' | 'location' | 'base'>): string {
  return job === null
    ? ''
    : ` If an earlier run under the same job id left some of them, retire those. In place of TIME, write when the later run began: steward retire --job ${shellWord(area.url(location, base))} --before TIME`;
}
