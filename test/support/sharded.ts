import { NO_BREAKER_MEMORY, trippedBreakers } from '#core/collect/breakers.ts';
import { judgeAll } from '#core/collect/judge.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { tally } from '#core/collect/totals.ts';
import { NO_DAMAGE_MEMORY } from '#core/jobs/damage.ts';
import { NO_NAMES } from '#core/jobs/job-names.ts';
import { decideRetention } from '#core/retention/decide.ts';
import type { RetentionEvidence } from '#core/retention/evidence.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import type { ShardCut } from '#core/shards/key-ranges.ts';
import { damageMemory } from '#operations/ledger/run-memory.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import { type Survey, type SurveyInput, survey } from '#operations/look/survey.ts';
import { type PlanReport, plan } from '#operations/plan/plan.ts';
import { emptiness } from '#operations/report/emptiness.ts';
import { type VerdictLine, verdictLine } from '#operations/report/verdict-line.ts';
import { breakerMemory } from '#operations/run/breaker-memory.ts';
import { readBatches } from '#operations/shards/answer-shard.ts';
import { concluded } from '#operations/shards/conclude.ts';
import { shardContext } from '#operations/shards/context.ts';
import { planOfShards } from '#operations/shards/plan-report.ts';
import { retentionEvidence } from '#operations/shards/retention-evidence.ts';
import { rootFiles } from '#operations/shards/root-files.ts';
import { runPhases } from '#operations/shards/run-phases.ts';
import { ShardFiles } from '#operations/shards/shard-files.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { NOW } from '#test/support/played-job.ts';

/** Which of more than a few are told first depends on the order of reading. */
function tellsRoots({ roots }: Pick<VerdictLine, 'roots'>): string {
  return roots.length < 5 ? roots.toSorted().join() : 'many';
}

/** What a run decides, as far as shards must not change it. */
export interface Decision {
  /** Of each object `location key [roots] verdict rule`, in no order that matters. */
  readonly verdicts: readonly string[];
  readonly undecidable: readonly string[];
  readonly breakers: readonly string[];
  readonly objects: number;
  /** Of each root what a policy decides, with all reasons. */
  readonly retention: readonly string[];
  /** The plan without what is told above. */
  readonly plan: unknown;
}

/** Retires what it can, so that each reason to keep a root counts. */
function policyFor({ liveness }: Pick<Survey, 'liveness'>): RetentionInput {
  return {
    policies: [{ matches: () => true, endedJobs: { keepLast: 1 }, savepoints: { keepLast: 1 } }],
    minRestorePoints: 1,
    groupBy: 'job',
    labelOf: ({ id }) => id,
    isLabelledByPath: () => false,
    running: new Set(liveness.jobs.map(({ jobId }) => jobId)),
    restoredFrom: liveness.needed.map(({ path }) => path),
  };
}

function decidedOnRoots(evidence: RetentionEvidence & Pick<Survey, 'liveness'>): readonly string[] {
  return decideRetention(evidence, policyFor(evidence))
    .map(({ root, group, action, reasons }) => {
      const why = reasons.map(({ rule }) => rule).join();
      return `${root.location} ${root.key} in ${group.label}: ${action} ${why}`;
    })
    .sort();
}

export const SURVEYED: Omit<SurveyInput, 'locations'> = {
  outside: [],
  aliases: [],
  settings: DEFAULT_COLLECT_SETTINGS,
  deadJobs: [],
  protects: null,
  clock: () => NOW,
  wait: async () => {},
};

/** By one process. */
export async function decideAtOnce(input: SurveyInput, ledger: LedgerStore | null = null): Promise<Decision> {
  const remembered = ledger === null ? null : await rememberedSurvey(ledger, input, { mayWrite: false });
  const surveyed = remembered?.survey ?? (await survey(input));
  const { area, objects } = surveyed;
  const verdicts = judgeAll(surveyed);
  const totals = tally(surveyed, verdicts);
  const memory =
    ledger === null || remembered === null
      ? NO_BREAKER_MEMORY
      : await breakerMemory(ledger, remembered.recollection, surveyed);
  return {
    verdicts: Array.from({ length: objects.size }, (_, object) => {
      const line = verdictLine(surveyed, verdicts, object);
      return `${line.location} ${line.key} [${tellsRoots(line)}] ${line.verdict} ${line.rule}`;
    }).sort(),
    undecidable: surveyed.undecidable.map(({ code, object }) => `${code} ${object}`).sort(),
    breakers: trippedBreakers(surveyed, totals, memory).map(({ sentence }) => sentence),
    objects: objects.size,
    retention: decidedOnRoots(surveyed),
    plan: inNoOrder(
      plan({
        survey: surveyed,
        verdicts,
        totals,
        labels: [],
        memory: {
          state: remembered?.state ?? null,
          breakers: memory,
          damage: remembered === null ? NO_DAMAGE_MEMORY : damageMemory(remembered.recollection, area),
        },
      }),
      emptiness(surveyed),
    ),
  };
}

export interface InShards {
  readonly shards?: number;
  readonly cuts?: readonly ShardCut[];
  readonly ledger?: LedgerStore | null;
  readonly scratch?: LedgerStore;
  readonly run?: string;
}

/** Rules of as many bytes may be told in any order, and so may owners and roots. */
function inNoOrder({ reasons, findings, notes, undecidable, ...rest }: PlanReport, empty: string | null): unknown {
  return {
    ...rest,
    reasons: reasons.toSorted((a, b) => a.rule.localeCompare(b.rule)),
    findings: findings.map(({ sentence }) => sentence).sort(),
    // Which of several roots and directories is told of depends on the order of reading.
    notes: notes.map((note) => note.replace(/: [^:]+, so the times of the objects .*/, ': distrusted')).sort(),
    empty,
  };
}

/** By shards. */
export async function decideInShards(
  input: SurveyInput,
  {
    shards = 1,
    cuts,
    ledger = null,
    scratch = new MemoryLedger(new LedgerContent(), OPEN),
    run = 'run',
  }: InShards = {},
): Promise<Decision> {
  const files = new ShardFiles(scratch, run);
  const context = shardContext({
    input,
    ledger,
    files,
    shards,
    ...(cuts === undefined ? {} : { cuts }),
    // So that a few shards have several.
    limits: { shardsOfPart: 2 },
    verdicts: true,
  });
  await runPhases(context, { atOnce: 2 });
  const { undecidable, breakers, objects } = await concluded(context);
  const { report, empty } = await planOfShards(context, [], NO_NAMES);
  const batches = await readBatches(context);
  for (const batch of batches) await files.write('root-files', batch, await rootFiles(batch, context));
  await files.close('root-files', batches);
  const verdicts: string[] = [];
  for await (const { lines } of files.readAll('judge')) {
    for await (const line of lines('verdicts')) {
      const { location, key, verdict, rule, roots } = line as VerdictLine;
      verdicts.push(`${location} ${key} [${tellsRoots({ roots })}] ${verdict} ${rule}`);
    }
  }
  return {
    verdicts: verdicts.sort(),
    undecidable: undecidable.map(({ code, object }) => `${code} ${object}`).sort(),
    breakers: breakers.map(({ sentence }) => sentence),
    objects,
    retention: decidedOnRoots(await retentionEvidence(context)),
    plan: inNoOrder(report, empty),
  };
}
