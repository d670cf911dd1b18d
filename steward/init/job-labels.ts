import type { DraftedPlace } from '#core/discovery/draft.ts';
import { NO_NAMES, namesOf } from '#core/jobs/job-names.ts';

/** Names of jobs that run, for `labels` by job id. */

export interface ReportedJob {
  readonly jobId: string;
  readonly name: string;
}

/**
 * The jobs whose id is that of one folder's job alone. Retention may count by labels (`groupBy`), so different jobs never get
 * one: with high availability, clusters of one name give their jobs one id, and jobs of one name may run side by side.
 */
export function jobLabels(
  places: readonly DraftedPlace[],
  reported: readonly ReportedJob[],
): readonly { readonly id: string; readonly name: string }[] {
  return [...namesOf(reported, NO_NAMES)]
    .filter(([id]) => foldersOf(id, places) === 1)
    .map(([id, { label }]) => ({ id, name: label }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** In how many folders there are checkpoints of a job id. Folders of random names are not told apart. */
function foldersOf(id: string, places: readonly DraftedPlace[]): number {
  return places
    .map(({ sites, entropy }) => {
      const holding = sites.filter(({ kind, names }) => kind === 'checkpoints' && names.includes(id));
      const above = (path: string): string => [...entropy.keys()].find((each) => path.startsWith(each)) ?? path;
      return new Set(holding.map(({ path }) => above(path))).size;
    })
    .reduce((sum, folders) => sum + folders, 0);
}
