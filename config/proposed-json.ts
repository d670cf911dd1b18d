import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { Proposal, Reasoned } from '#core/discovery/proposed.ts';
import type { Commented, CommentedKey } from './commented-json.ts';
import { formatDuration } from './units.ts';

/** The keys of a `steward.json` that was proposed, with comments that say why. */

/** What is to be written, beside what was found. */
export interface ProposedFile {
  readonly proposal: Proposal;
  /** The entries of `area` as they are written, in the order of the proposal. */
  readonly area: readonly unknown[];
  /** Where the command line keeps its records; null for none. */
  readonly ledger: string | null;
  readonly flinkRest: readonly string[];
  /** Names of jobs that run now. */
  readonly jobs: readonly { readonly id: string; readonly name: string }[];
  /** The longest checkpoint timeout that a cluster reported, in milliseconds; null where none did. */
  readonly checkpointTimeout: number | null;
}

/** The comment at the top. @param day as in `2026-11-30`. */
export function proposedHeading(day: string): string {
  return `Configuration of Flink Steward, proposed by "steward init" on ${day}.\nCheck the entries that are marked GUESS. All keys: docs/configuration.md`;
}

/** The keys, in the order in which people read them. */
export function proposedKeys(file: ProposedFile): readonly CommentedKey[] {
  const { proposal } = file;
  return [
    {
      key: 'area',
      comment:
        "Everything that is scanned together. List every bucket and folder whose checkpoints or savepoints share files. The steward can't know that a file is needed if only checkpoints outside the area reference it.",
      value: { list: proposal.area.map((reasoned, at) => commented(reasoned, file.area[at])) },
    },
    ...mapKey('aliases', 'Other names of the same objects.', proposal.aliases),
    ...mapKey('copies', 'Replicas and backups: each original, and its copy.', proposal.copies),
    ...(proposal.outside.length === 0
      ? []
      : [
          {
            key: 'outside',
            comment: 'Buckets and directories that checkpoints reference, but that are not scanned.',
            value: { list: proposal.outside.map((each) => commented(each, each.url)) },
          },
        ]),
    ledgerKey(file.ledger),
    {
      key: 'mode',
      comment:
        'For a deployment: "observe" deletes nothing, "collect" deletes what the nightly plan lists. The command line deletes only with --execute.',
      value: { plain: 'observe' },
    },
    ...labelsKey(file),
    ...(proposal.protect.length === 0
      ? []
      : [
          {
            key: 'protect',
            comment: 'Files that match are never deleted.',
            value: { list: proposal.protect.map((each) => commented(each, each.pattern)) },
          },
        ]),
    ...collectKey(file.checkpointTimeout),
    ...restKey(file.flinkRest),
  ].filter((key) => key !== null);
}

function commented({ why, unsure }: Reasoned, value: unknown): Commented {
  return { comment: unsure ? `GUESS: ${why}` : why, value };
}

function mapKey(key: string, comment: string, mappings: Proposal['copies']): readonly CommentedKey[] {
  if (mappings.length === 0) return [];
  const map = mappings.map((each) => ({ key: each.from, ...commented(each, each.to) }));
  return [{ key, comment, value: { map } }];
}

function ledgerKey(ledger: string | null): CommentedKey | null {
  if (ledger === null) return null;
  const isBucket = /^s3:\/\//.test(ledger);
  const comment = isBucket
    ? 'Where the command line keeps its records between runs: what is in quarantine, what was deleted, pins and pauses. A deployment has its own ledger.'
    : 'Where the command line keeps its records between runs: what is in quarantine, what was deleted, pins and pauses. Keep this folder. If several machines run the steward, use a bucket outside the area: "s3://another-bucket/flink-steward". A deployment has its own ledger.';
  return { key: 'ledger', comment, value: { plain: ledger } };
}

function labelsKey({ proposal, jobs, flinkRest }: ProposedFile): readonly CommentedKey[] {
  const byId = jobs.map(({ id, name }) => ({ comment: '', value: { jobId: id, job: name } }));
  const [first, ...others] = byId;
  const named = first === undefined ? [] : [{ ...first, comment: `The names that Flink reports now.` }, ...others];
  const patterns = proposal.labels.map(({ path, job, unsure, example }) => {
    const comment = unsure
      ? `GUESS: the folder (such as "${example}") distinguishes jobs. If each folder is one job, whose id changes with each submission, write "job": "{folder}" and "groupBy": "label".`
      : `The folder above the job directories, such as "${example}", and the job id.`;
    return { comment, value: { path, job } };
  });
  if (named.length + patterns.length === 0) return [];
  const dynamic =
    flinkRest.length > 0
      ? ' Names that "flinkRest" reports replace the job ids.'
      : ' For your own names, add {"jobId": "…", "job": "orders"}.';
  const comment = `Names of jobs in reports, metrics and alarms. The first entry that matches applies.${dynamic}`;
  return [{ key: 'labels', comment, value: { list: [...named, ...patterns] } }];
}

function collectKey(timeout: number | null): readonly CommentedKey[] {
  if (timeout === null || timeout <= DEFAULT_COLLECT_SETTINGS.checkpointTimeout) return [];
  const rounded = Math.ceil(timeout / 1000) * 1000;
  const longer = (['minAge', 'quarantine'] as const).filter((key) => DEFAULT_COLLECT_SETTINGS[key] < 2 * rounded);
  const value = Object.fromEntries([
    ['checkpointTimeout', formatDuration(rounded)],
    ...longer.map((key) => [key, formatDuration(2 * rounded)]),
  ]);
  const comment = 'The longest execution.checkpointing.timeout of the jobs that run now.';
  return [{ key: 'collect', comment, value: { plain: value } }];
}

function restKey(flinkRest: readonly string[]): readonly CommentedKey[] {
  if (flinkRest.length === 0) return [];
  const comment =
    'Jobs that run in these clusters never count as ended. While one of the clusters does not answer, nothing is deleted. So a deployment must be able to reach them too ("deploy.vpc").';
  return [{ key: 'flinkRest', comment, value: { plain: flinkRest } }];
}
