import type { Published } from '#core/bill/monthly-bill.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import type { Owner } from '#core/collect/owners.ts';
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
import type { RetentionInput } from '#core/retention/policy.ts';
import { lastSignOf, standingOf } from '#core/signals/job-state.ts';
import type { JobState } from '#core/signals/job-states.ts';
import type { Outlook } from '#core/signals/outlook.ts';
import { type BucketRulesReport, hazardsOf } from '#operations/bucket-rules/check-rules.ts';
import { bucketPrefix } from '#operations/bucket-rules/judge-rules.ts';
import { type LedgerState, sayPaused } from '#operations/ledger/state.ts';
import { liveRootsOf } from '#operations/look/live-roots.ts';
import { type RootView, viewRoot } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { RootStateView } from '../states/root-state-view.ts';
import { copyNotes, notes, outsideNotes, withheldNote } from './audit-notes.ts';
import { classNotes } from './class-notes.ts';
import { type Billing, type CostReport, type Costs, costsOf, wholeCost } from './cost.ts';
import { describeFinding } from './damage-words.ts';
import { jobOutlooks, type KnownOverTime } from './job-outlooks.ts';
import { type PinFinding, pinFindings } from './pin-findings.ts';
import { type SavingsView, savingsOf } from './savings.ts';
import { type StayingView, viewStaying } from './staying.ts';
import { unlistedCost } from './unlisted-cost.ts';
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
  /** Whether it runs, as far as it is known. */
  readonly state: JobState;
  /** A clause: what shows the state. */
  readonly stateWhy: string;
  /** When the job last wrote; null where nothing is known of that. */
  readonly lastWrite: string | null;
  /** In the currency of {@link AuditReport.cost}; null where no prices hold. */
  readonly costPerMonth: MonthlyCost | null;
  /** How all submissions of this label go over time. */
  readonly outlook: Outlook;
  /** The state of its newest restore point by operator; null where there is none. Absent where nobody asked for one job. */
  readonly operators?: RootStateView | null | undefined;
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
  /** What can be saved, and how. */
  readonly savings: SavingsView;
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
  /** What is wanted of retention. @default that is not asked, so nothing is told of what it would free */
  readonly retention?: RetentionInput | null;
  /** What a deployment would publish of jobs. @default nothing */
  readonly published?: Published;
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
  retention = null,
  published = NOTHING_PUBLISHED,
  quarantineBegins = null,
  bucketRules = null,
  billing = null,
  buckets = [],
  known = NOTHING_KNOWN,
}: AuditInput): AuditReport {
  const costs = billing === null ? null : costsOf(totals, GROUPS, billing);
  const jobs = jobsOf(survey, totals, labels);
  const outlooks = jobOutlooks(survey, jobs, known.overTime);
  const isSilent = silentOwners(survey, jobs, outlooks);
  const [onlyBucket, ...otherBuckets] = buckets;
  const lifecycle =
    bucketRules === null
      ? (otherBuckets.length === 0 && onlyBucket?.judgement) || null
      : judgeLifecycle(bucketRules.rules, liveRootsOf(survey, jobs), survey.start, {
          transitionMinimum: bucketRules.transitionMinimum,
          prefixes: survey.area.locations.map((_, location) => bucketPrefix(survey, location)),
        });
  const audited = jobs.map((job) => auditJob(survey, job, costs, outlooks));
  return {
    area: survey.area.locations.map(({ name }) => name),
    start: isoTime(survey.start),
    total: amountOf(totals.area),
    groups: group(totals.area),
    roots: survey.reachability.roots.filter(({ state }) => state !== 'vanished').length,
    jobs: audited,
    staying: viewStaying(stayingOf(survey, verdicts, quarantineBegins), survey, {
      retains: (retention?.policies.length ?? 0) > 0,
    }),
    undecidable: survey.undecidable,
    findings: [
      ...damageFindings(survey, jobs, known.damage).map((finding) => ({
        kind: 'damaged-checkpoint' as const,
        sentence: describeFinding(survey, finding, jobs),
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
      ...classNotes(costs?.area?.storageClasses ?? []),
      ...jobs.flatMap((job) => withheldNote(survey, job)),
      ...(survey.undecidable.length > 0 ? [] : jobs.flatMap(outsideNotes)),
    ],
    lifecycle,
    buckets,
    cost: costs === null ? null : costOf(survey, costs, { audited, buckets, published }),
    savings: savingsOf({ survey, verdicts, monthly: costs?.monthly ?? null, retention, isSilent }),
  };
}

/** A deployment that publishes no metric of single jobs. */
const NOTHING_PUBLISHED: Published = { metrics: [], maxJobs: 1 };

function costOf(
  survey: Survey,
  { area, monthly }: Costs,
  {
    audited,
    buckets,
    published,
  }: {
    readonly audited: readonly JobAudit[];
    readonly buckets: readonly BucketRulesReport[];
    readonly published: Published;
  },
): CostReport | null {
  if (area === null) return null;
  const running = new Set(audited.flatMap(({ state, label }) => (state === 'ended' ? [] : [label])));
  const jobs = Math.max(1, running.size);
  return wholeCost(area, unlistedCost(survey, monthly, buckets), { monthly, jobs, published });
}

/** Whether the job of an owner is neither running nor ended. */
function silentOwners(
  survey: Survey,
  jobs: readonly Job[],
  outlooks: ReadonlyMap<string, Outlook>,
): (owner: Owner) => boolean {
  const silent = new Set(
    jobs.flatMap(({ owner, label }) =>
      standingOf(owner, outlooks.get(label)?.cadence ?? null, survey).state === 'silent' ? [owner] : [],
    ),
  );
  return (owner) => silent.has(owner);
}

function auditJob(survey: Survey, job: Job, costs: Costs | null, outlooks: ReadonlyMap<string, Outlook>): JobAudit {
  const [newest] = job.restorePoints;
  const outlook = outlooks.get(job.label);
  if (outlook === undefined) throw new RangeError(`${job.label} is not a job of this survey.`);
  const { state, why } = standingOf(job.owner, outlook.cadence, survey);
  const lastSign = lastSignOf(job.owner);
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
    state,
    stateWhy: why,
    lastWrite: Number.isFinite(lastSign) ? isoTime(lastSign) : null,
    costPerMonth: costs?.ofJob(job) ?? null,
    outlook,
  };
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
