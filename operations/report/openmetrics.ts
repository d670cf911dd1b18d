import { exposition, type Gauge, type Sample } from '#core/exposition.ts';
import { JOB_STATES } from '#core/signals/job-states.ts';
import type { AuditReport, Group, JobAudit } from './audit.ts';

/** What an audit found, for Prometheus. A job is known by its label, across all its submissions. */

const MILLISECONDS = 1_000;
const SECONDS_PER_DAY = 86_400;

const GROUP_GAUGES: readonly (readonly [Group, string, string])[] = [
  ['live', 'live_bytes', 'Bytes that a checkpoint or savepoint references.'],
  ['reclaimable', 'reclaimable_bytes', 'Garbage, in quarantine or not.'],
  ['young', 'young_bytes', 'Bytes of objects that are younger than collect.minAge.'],
  ['inProgress', 'in_progress_bytes', 'Bytes that no later checkpoint proves unused yet.'],
  ['protected', 'protected_bytes', 'Bytes that a rule keeps at any age.'],
  ['unknown', 'unknown_bytes', "Bytes of files whose names Flink's state code does not write."],
  ['undecided', 'undecided_bytes', 'Bytes that could not be judged.'],
];
const FINDINGS = ['damaged-checkpoint', 'pinned-root-missing', 'lifecycle-rule'] as const;

/** @returns the content of a file for the textfile collector of node_exporter. */
export function openMetrics(report: AuditReport): string {
  return exposition(gaugesOf(report));
}

/** In the order in which they are written, with those that have no values. */
export function gaugesOf(report: AuditReport): readonly Gauge[] {
  const area = report.area.join(', ');
  return [...areaGauges(report, area), ...costGauges(report, area), ...jobGauges(report, area)];
}

function areaGauges(report: AuditReport, area: string): readonly Gauge[] {
  const of = (name: string, help: string, value: number | null, unit: string | null = unitOf(name)): Gauge => ({
    name: `flink_steward_${name}`,
    unit,
    help,
    samples: value === null ? [] : [{ labels: { area }, value }],
  });
  return [
    of('look_timestamp_seconds', 'When this audit began, by the clock of the store.', secondsOf(report.start)),
    of(
      'area_undecidable',
      '1 if nothing in the area may be deleted, because something could not be read; else 0.',
      report.undecidable.length > 0 ? 1 : 0,
    ),
    of('area_objects', 'Objects in the area.', report.total.objects),
    of('area_total_bytes', 'Bytes of all objects in the area.', report.total.bytes),
    ...GROUP_GAUGES.map(([group, name, help]) => of(`area_${name}`, help, report.groups[group].bytes)),
    of(
      'area_ended_jobs_bytes',
      'Bytes that only checkpoints of ended jobs reference.',
      report.savings.endedJobs?.bytes ?? 0,
    ),
    of(
      'area_retain_frees_bytes',
      'Bytes that retain turns into garbage by retiring checkpoints; without a policy, those that keepLast 1 for ended jobs would.',
      report.savings.retain?.bytes ?? 0,
    ),
    {
      name: 'flink_steward_area_findings',
      unit: null,
      help: 'Findings of this audit, by kind.',
      samples: FINDINGS.map((kind) => ({
        labels: { area, kind },
        value: report.findings.filter((finding) => finding.kind === kind).length,
      })),
    },
  ];
}

function costGauges({ cost }: AuditReport, area: string): readonly Gauge[] {
  if (cost === null) return [];
  const { currency, perMonth, unlisted } = cost;
  const of = (name: string, help: string, samples: readonly Sample[]): Gauge => ({
    name: `flink_steward_area_${name}`,
    unit: unitOf(name),
    help,
    samples,
  });
  const parts: readonly (readonly [string, { readonly bytes: number; readonly perMonth: number } | null])[] = [
    ['noncurrent_versions', unlisted.versions],
    ['incomplete_uploads', unlisted.uploads],
  ];
  return [
    of('monthly_cost', 'What the area costs a month, by part; the sum of the parts is the whole cost.', [
      { labels: { area, currency, part: 'objects' }, value: perMonth.total },
      ...parts.flatMap(([part, found]) =>
        found === null ? [] : [{ labels: { area, currency, part }, value: found.perMonth }],
      ),
    ]),
    of('reclaimable_monthly_cost', 'What the garbage among the objects costs a month.', [
      { labels: { area, currency }, value: perMonth.reclaimable },
    ]),
    ...parts.map(([part, found]) =>
      of(
        `${part}_bytes`,
        'Bytes that are billed but do not appear in a listing of objects.',
        found === null ? [] : [{ labels: { area }, value: found.bytes }],
      ),
    ),
  ];
}

/** A gauge of each job, and how its value follows from the submissions of the job; null where there is none. */
type JobGauge = readonly [name: string, help: string, value: (submissions: readonly JobAudit[]) => number | null];

const OF_JOBS: readonly JobGauge[] = [
  ['objects', 'Objects of the job.', sumOf(({ total }) => total.objects)],
  ['total_bytes', 'Bytes of all objects of the job.', sumOf(({ total }) => total.bytes)],
  ...GROUP_GAUGES.map(([group, name, help]): JobGauge => [name, help, sumOf(({ groups }) => groups[group].bytes)]),
  [
    'checkpoint_bytes',
    'Full size of the newest checkpoint, which a restore reads.',
    outlook(({ checkpointBytes }) => checkpointBytes),
  ],
  [
    'growth_bytes_per_second',
    'Growth of all bytes of the job; needs a ledger with a history of some days.',
    outlook(({ growthBytesPerDay }) => (growthBytesPerDay === null ? null : growthBytesPerDay / SECONDS_PER_DAY)),
  ],
  ['budget_bytes', 'The budget of the job, configured or assumed.', outlook(({ budget }) => budget?.bytes ?? null)],
  [
    'checkpoint_interval_seconds',
    'The usual time between two checkpoints.',
    outlook(({ cadence }) => (cadence === null ? null : cadence / MILLISECONDS)),
  ],
  [
    'checkpoints',
    'Checkpoints and savepoints of the job.',
    sumOf(({ checkpoints, savepoints }) => checkpoints + savepoints),
  ],
  [
    'restore_points',
    'Checkpoints and savepoints that Flink can start from now.',
    sumOf(({ restorePoints }) => restorePoints),
  ],
  [
    'damaged_checkpoints',
    'Checkpoints and savepoints that reference a file which is missing or has another size.',
    sumOf(({ damaged }) => damaged.length),
  ],
  [
    'unverified_checkpoints',
    'Checkpoints and savepoints that reference files outside the area.',
    sumOf(({ unverified }) => unverified),
  ],
  [
    'newest_restore_point_timestamp_seconds',
    'When the newest restore point was completed; absent if there is none.',
    newest(({ newestRestorePoint }) => newestRestorePoint?.completed ?? null),
  ],
  ['last_write_timestamp_seconds', 'When something of the job was last written.', newest(({ lastWrite }) => lastWrite)],
];

function jobGauges({ jobs, cost }: AuditReport, area: string): readonly Gauge[] {
  const byLabel = new Map<string, JobAudit[]>();
  for (const job of jobs) byLabel.set(job.label, [...(byLabel.get(job.label) ?? []), job]);
  const labelled = [...byLabel].sort(([a], [b]) => (a < b ? -1 : 1));
  const of = (
    name: string,
    help: string,
    samples: (submissions: readonly JobAudit[], labels: Sample['labels']) => readonly Sample[],
  ): Gauge => ({
    name: `flink_steward_job_${name}`,
    unit: unitOf(name),
    help,
    samples: labelled.flatMap(([label, submissions]) => samples(submissions, { area, job_name: label })),
  });
  return [
    ...OF_JOBS.map(([name, help, measure]) =>
      of(name, help, (submissions, labels) => {
        const value = measure(submissions);
        return value === null ? [] : [{ labels, value }];
      }),
    ),
    of(
      'state',
      '1 for the state that the job is in, else 0: running, silent (not known) or ended.',
      (submissions, labels) => {
        const now = JOB_STATES.find((state) => submissions.some((one) => one.state === state));
        return JOB_STATES.map((state) => ({ labels: { ...labels, state }, value: state === now ? 1 : 0 }));
      },
    ),
    of('monthly_cost', 'What the objects of the job cost a month.', (submissions, labels) => {
      const costs = submissions.flatMap(({ costPerMonth }) => costPerMonth ?? []);
      if (cost === null || costs.length === 0) return [];
      return [
        { labels: { ...labels, currency: cost.currency }, value: costs.reduce((sum, { total }) => sum + total, 0) },
      ];
    }),
  ];
}

function sumOf(value: (job: JobAudit) => number): JobGauge[2] {
  return (submissions) => submissions.reduce((sum, job) => sum + value(job), 0);
}

/** It is that of the label already. */
function outlook(value: (outlook: JobAudit['outlook']) => number | null): JobGauge[2] {
  return ([first]) => (first === undefined ? null : value(first.outlook));
}

function newest(time: (job: JobAudit) => string | null): JobGauge[2] {
  return (submissions) => {
    const times = submissions.flatMap((job) => time(job) ?? []).map(secondsOf);
    return times.length === 0 ? null : Math.max(...times);
  };
}

function secondsOf(time: string): number {
  return Date.parse(time) / MILLISECONDS;
}

/** The unit that a name ends with, as OpenMetrics wants it declared. */
function unitOf(name: string): string | null {
  if (name.endsWith('_bytes')) return 'bytes';
  return name.endsWith('_seconds') ? 'seconds' : null;
}
