import type { Verdicts } from '#core/collect/judge.ts';
import { laggingCopies } from '#core/collect/lagging-copies.ts';
import { contradiction, livenessNotes } from '#core/collect/liveness-doubts.ts';
import { isNewer } from '#core/collect/root-order.ts';
import { stayingOf } from '#core/collect/staying.ts';
import { type Amount, amountOf, type Tally, type Totals } from '#core/collect/totals.ts';
import type { Verdict } from '#core/collect/verdicts.ts';
import type { MonthlyCost } from '#core/cost/monthly-costs.ts';
import { isoTime } from '#core/iso-time.ts';
import { type DamageMemory, damageFindings, NO_DAMAGE_MEMORY } from '#core/jobs/damage.ts';
import { type Job, jobsOf } from '#core/jobs/jobs.ts';
import type { Labels } from '#core/jobs/labels.ts';
import { judgeLifecycle } from '#core/lifecycle/judge.ts';
import type { LifecycleJudgement } from '#core/lifecycle/judgement.ts';
import type { LifecycleRule, TransitionMinimum } from '#core/lifecycle/rule.ts';
import { bytes, count } from '#core/quantity.ts';
import type { Outlook } from '#core/signals/outlook.ts';
import { type BucketRulesReport, hazardsOf } from '#operations/bucket-rules/check-rules.ts';
import { bucketPrefix } from '#operations/bucket-rules/judge-rules.ts';
import { type LedgerState, sayPaused } from '#operations/ledger/state.ts';
import { liveRootsOf } from '#operations/look/live-roots.ts';
import { type RootView, viewRoot } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import { archiveCostNote } from './archive-note.ts';
import { type Billing, type CostReport, type Costs, costsOf } from './cost.ts';
import { describeFinding } from './damage-words.ts';
import { retireFormerRun } from './former-run-words.ts';
import { jobOutlooks, type KnownOverTime } from './job-outlooks.ts';
import { type PinFinding, pinFindings } from './pin-findings.ts';
import { renamedRootNotes } from './renamed-root-notes.ts';
import { type StayingView, viewStaying } from './staying.ts';
import { type WithheldView, withheld } from './withheld.ts';

/** The honest picture of an area. */

/** How the verdicts are summed up for people. */
export const GROUPS = {
  live: ['keep-live', 'keep-pinned'],
  reclaimable: ['quarantined', 'delete'],
  young: ['keep-young'],
  inProgress: ['keep-in-progress'],
  protected: ['keep-protected'],
  unknown: ['keep-unknown'],
  undecided: ['keep-undecidable'],
} as const satisfies Record<string, readonly Verdict[]>;
/** A set of verdicts that people read as one. */
export type Group = keyof typeof GROUPS;
/** The groups in the order in which people read them. */
export const GROUP_NAMES: readonly Group[] = [
  'live',
  'reclaimable',
  'young',
  'inProgress',
  'protected',
  'unknown',
  'undecided',
];
/** Objects and bytes by group. */
export type Grouped = Readonly<Record<Group, Amount>>;

/** What an audit says of one job. Directories are URLs. */
export interface JobAudit {
  readonly label: string;
  readonly job: string | null;
  readonly directory: string;
  readonly total: Amount;
  readonly groups: Grouped;
  readonly checkpoints: number;
  readonly savepoints: number;
  readonly restorePoints: number;
  /** Checkpoints and savepoints that name files outside the area, so that nobody here can say whether they are whole. */
  readonly unverified: number;
  readonly newestRestorePoint: RootView | null;
  /** Roots newer than that which are whole, and from which Flink can't start as things are. */
  readonly withheld: readonly WithheldView[];
  readonly damaged: readonly RootView[];
  readonly declaredDead: boolean;
  /** In the currency of {@link AuditReport.cost}; null where no prices hold. */
  readonly costPerMonth: MonthlyCost | null;
  /** How all submissions of this label go over time. */
  readonly outlook: Outlook;
}

/** What an audit says of an area: the document of `steward audit --json`. */
export interface AuditReport {
  readonly area: readonly string[];
  readonly start: string;
  readonly total: Amount;
  readonly groups: Grouped;
  readonly roots: number;
  readonly jobs: readonly JobAudit[];
  /** What waits or stays, and what would free it. */
  readonly staying: readonly StayingView[];
  readonly undecidable: readonly { readonly code: string; readonly object: string; readonly sentence: string }[];
  readonly findings: readonly (
    | { readonly kind: 'damaged-checkpoint' | 'lifecycle-rule'; readonly sentence: string }
    | PinFinding
  )[];
  /** What is worth knowing and no finding. */
  readonly notes: readonly string[];
  /** Of the rules that were given, or else of the one bucket of the area. Null where that leaves none. */
  readonly lifecycle: LifecycleJudgement | null;
  /** What the buckets of the area say of themselves; empty where rules were given. */
  readonly buckets: readonly BucketRulesReport[];
  /** Null where no prices are known: a directory without a bucket name, and no prices in the configuration. */
  readonly cost: CostReport | null;
}

/** What the ledger knows, where there is one. */
export interface LedgerKnowledge {
  readonly damage: DamageMemory;
  /** Null without a ledger. */
  readonly state: LedgerState | null;
  /** What people have said that holds now, in sentences. */
  readonly notes: readonly string[];
  readonly overTime: KnownOverTime;
}

const NOTHING_KNOWN: LedgerKnowledge = {
  damage: NO_DAMAGE_MEMORY,
  state: null,
  notes: [],
  overTime: { histories: [], budgets: {} },
};

/** What of the ledger's state bears on every run. */
export function stateNotes({ paused, pins }: Pick<LedgerState, 'paused' | 'pins'>): readonly string[] {
  return [
    ...(paused === null ? [] : [`${sayPaused(paused)} To resume: steward resume --execute`]),
    ...(pins.length === 0
      ? []
      : [
          `${pins.length} ${pins.length === 1 ? 'checkpoint or savepoint is' : 'checkpoints and savepoints are'} pinned.`,
        ]),
  ];
}

/** The lifecycle rules of the bucket of the area. */
export interface BucketRules {
  readonly rules: readonly LifecycleRule[];
  readonly transitionMinimum: TransitionMinimum | null;
}

/** A survey, and what else is known of its area. */
export interface AuditInput {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly labels: Labels;
  /** Whether there is a policy for checkpoints (`retain`). @default false */
  readonly retains?: boolean;
  /** When the quarantine of new garbage begins; null where this survey is no run. @default null */
  readonly quarantineBegins?: number | null;
  /** Lifecycle rules to judge in place of those that the buckets have. @default those of the buckets */
  readonly bucketRules?: BucketRules | null;
  /** @default nothing is known of prices */
  readonly billing?: Billing | null;
  /** What the buckets of the area say of themselves. @default none was asked */
  readonly buckets?: readonly BucketRulesReport[];
  /** @default nothing, as without a ledger */
  readonly known?: LedgerKnowledge;
}

/** Sums up an area for people: what is live, what could be deleted, what each job holds, costs and needs. */
export function audit({
  survey,
  verdicts,
  totals,
  labels,
  retains = false,
  quarantineBegins = null,
  bucketRules = null,
  billing = null,
  buckets = [],
  known = NOTHING_KNOWN,
}: AuditInput): AuditReport {
  const costs = billing === null ? null : costsOf(totals, GROUPS, billing);
  const jobs = jobsOf(survey, totals, labels);
  const outlooks = jobOutlooks(survey, jobs, known.overTime);
  const [onlyBucket, ...otherBuckets] = buckets;
  const lifecycle =
    bucketRules === null
      ? (otherBuckets.length === 0 && onlyBucket?.judgement) || null
      : judgeLifecycle(bucketRules.rules, liveRootsOf(survey, jobs), survey.start, {
          transitionMinimum: bucketRules.transitionMinimum,
          prefixes: survey.area.locations.map((_, location) => bucketPrefix(survey, location)),
        });
  return {
    area: survey.area.locations.map(({ name }) => name),
    start: isoTime(survey.start),
    total: amountOf(totals.area),
    groups: group(totals.area),
    roots: survey.reachability.roots.filter(({ state }) => state !== 'vanished').length,
    jobs: jobs.map((job) => auditJob(survey, job, costs, outlooks)),
    staying: viewStaying(stayingOf(survey, verdicts, quarantineBegins), survey, { retains }),
    undecidable: survey.undecidable,
    findings: [
      ...damageFindings(survey, jobs, known.damage).map((finding) => ({
        kind: 'damaged-checkpoint' as const,
        sentence: describeFinding(survey, finding),
      })),
      ...pinFindings(survey, known.state),
      ...(buckets.length > 0 ? buckets : [{ judgement: lifecycle, unnamed: [] }]).flatMap(hazardsOf),
    ],
    // Where the area is undecidable, its reasons say already what points out of it.
    notes: [
      ...known.notes,
      ...notes(survey),
      ...copyNotes(survey),
      ...survey.archives,
      ...archiveCostNote(survey, costs !== null),
      ...jobs.flatMap((job) => withheldNote(survey, job)),
      ...(survey.undecidable.length > 0 ? [] : jobs.flatMap(outsideNotes)),
    ],
    lifecycle,
    buckets,
    cost: costs?.area ?? null,
  };
}

function auditJob(survey: Survey, job: Job, costs: Costs | null, outlooks: ReadonlyMap<string, Outlook>): JobAudit {
  const [newest] = job.restorePoints;
  const outlook = outlooks.get(job.label);
  if (outlook === undefined) throw new RangeError(`${job.label} is not a job of this survey.`);
  const checkpoints = job.roots.filter(({ class: itsClass }) => itsClass.role === 'checkpoint').length;
  return {
    label: job.label,
    job: job.job,
    directory: job.directory,
    total: amountOf(job.tally),
    groups: group(job.tally),
    checkpoints,
    savepoints: job.roots.length - checkpoints,
    restorePoints: job.restorePoints.length,
    unverified: job.unverified.length,
    newestRestorePoint: newest === undefined ? null : viewRoot(survey, newest, job.roots),
    withheld: job.roots
      .filter((root) => newest === undefined || isNewer(root, newest))
      .flatMap((root) => withheld(survey, root, job.roots) ?? []),
    damaged: job.damaged.map((root) => viewRoot(survey, root, job.roots)),
    declaredDead: job.owner.declaredDead,
    costPerMonth: costs?.ofJob(job) ?? null,
    outlook,
  };
}

/** About the newest such root of a job; `restore-points` tells of all, with the commands. */
function withheldNote(survey: Survey, job: Job): readonly string[] {
  const [newest] = job.restorePoints;
  const [first] = job.roots
    .filter((root) => newest === undefined || isNewer(root, newest))
    .flatMap((root) => withheld(survey, root, job.roots) ?? []);
  return first === undefined ? [] : [`${job.label}: ${first.sentence} To see what to do: steward restore-points`];
}

/** What copies cost: the groups count them as protected, together with savepoints and the like. */
function copyNotes({ objects, reachability }: Survey): readonly string[] {
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
function outsideNotes(job: Job): readonly string[] {
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

function group(tally: Tally): Grouped {
  return {
    live: amountOf(tally, GROUPS.live),
    reclaimable: amountOf(tally, GROUPS.reclaimable),
    young: amountOf(tally, GROUPS.young),
    inProgress: amountOf(tally, GROUPS.inProgress),
    protected: amountOf(tally, GROUPS.protected),
    unknown: amountOf(tally, GROUPS.unknown),
    undecided: amountOf(tally, GROUPS.undecided),
  };
}

/** What the operator said or set that does not work as meant, and jobs whose times can't be trusted. */
export function notes(survey: Survey): readonly string[] {
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
function laggingCopyNotes({ owners, objects, area, settings }: Survey): readonly string[] {
  return laggingCopies(owners.all, objects, settings.minAge).map(({ job, copy, original }) => {
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
