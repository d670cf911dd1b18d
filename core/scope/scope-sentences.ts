import { count, moment } from '../quantity.ts';

/** What people are told of the rest of a bucket: how far it is listed, and what to do where that is not possible. */

/** How much is known of the surroundings of a part of the area. */
export interface ScopeProgress {
  readonly kind: 'bucket' | 'directory';
  /** `s3://bucket`, or the path of a folder. */
  readonly name: string;
  /** When the last whole pass ended, as ISO time; null where none has. */
  readonly completed: string | null;
  /** The pass under way. */
  readonly pass: { readonly began: string; readonly listed: number; readonly cursor: string | null } | null;
}

/** The rest of a bucket, as sentences call it. */
export function restOf({ kind, name }: Pick<ScopeProgress, 'kind' | 'name'>): string {
  return kind === 'bucket' ? `The rest of ${name}, outside the area,` : `What is in ${name} outside the area`;
}

/** Why nothing is deleted before the first pass is through. */
export function notThrough(progress: ScopeProgress): string {
  const { pass } = progress;
  const far =
    pass === null || pass.cursor === null
      ? 'So far nothing has been listed'
      : `So far ${count(pass.listed, 'object')} have been listed, since ${moment(pass.began)}, up to ${pass.cursor}`;
  return `${restOf(progress)} has not been listed completely yet, so nothing is deleted: a checkpoint or savepoint there may reference files in the area. ${far}; each survey lists more. ${orNarrow()}`;
}

/** What is to be done where the rest can't be listed. @param failure the sentence of the store. */
export function cannotList(progress: ScopeProgress, failure: string, denied: boolean): string {
  const grant =
    denied && progress.kind === 'bucket'
      ? ` Grant it: ${JSON.stringify(statementsForRest(progress.name)).slice(1, -1)}.`
      : '';
  return `${restOf(progress)} can't be listed: ${failure.replace(/\.$/, '')}. A checkpoint or savepoint there may reference files in the area, so nothing is deleted.${grant} ${orNarrow()}`;
}

/** For a command that lists nothing outside the area. */
export function lastSeen(progress: ScopeProgress): string {
  return progress.completed === null
    ? `${restOf(progress)} has not been listed completely yet. Checkpoints there that reference files in the area are not known; a run that deletes waits for that.`
    : `${restOf(progress)} was last listed on ${moment(progress.completed)}.`;
}

/** For a run that acts although that is not known, in the first days of this check. */
export function goesOn(refusal: string, until: string): string {
  return `${refusal} Because an earlier version deleted in this area, runs continue without this check until ${moment(until)}.`;
}

/** For a run that acts with "scope": "area". */
export const AREA_ONLY =
  '"scope" is "area": nothing outside the area was searched for checkpoints that reference its files. You declare that the area is complete.';

function orNarrow(): string {
  return 'If the area is complete and the rest must not be listed or is too large, write "scope": "area" in steward.json.';
}

/**
 * The rights that listing the rest of a bucket takes, and reading the roots there, as statements of IAM.
 *
 * @param name `s3://bucket`.
 */
export function statementsForRest(name: string) {
  const arn = `arn:aws:s3:::${name.replace('s3://', '')}`;
  return [
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: arn },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: [`${arn}/_metadata`, `${arn}/*/_metadata`] },
  ] as const;
}
