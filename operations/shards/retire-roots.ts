import type { Place } from '#core/flink/state-path.ts';
import { decideRetention, type RetentionDecision } from '#core/retention/decide.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { AuditLog } from '#operations/ledger/audit-log.ts';
import { readState } from '#operations/ledger/state.ts';
import { emptiedDirectories, GONE, retire } from '#operations/run/retire.ts';
import { rootsToRetire } from '#operations/run/roots-to-retire.ts';
import { AreaLook } from './area-look.ts';
import { plannedRun, type ShardContext } from './context.ts';
import { LateFindings } from './late-findings.ts';
import { LateRoots } from './late-roots.ts';
import { ledgerOf } from './remember-shard.ts';
import { type RetentionOfShards, retentionEvidence } from './retention-evidence.ts';
import type { ItemOutput } from './shard-files.ts';
import type { ShardSweep } from './sweep-shard.ts';

/** How many roots the policy retires. */
export interface RetentionDecided {
  readonly retire: number;
}

/** What a run in shards has retired. */
export interface RootsRetired {
  /** URLs, of all attempts. */
  readonly retired: readonly string[];
  /** Directories of which no root is left. */
  readonly directories: readonly Place[];
  readonly refused: number;
  readonly refusal: string | null;
  readonly stopped: string | null;
}

/** The names of retired files of an attempt begin behind those of the one before. */
const FILES_OF_ATTEMPT = 10_000_000;

/** Decides which roots are retired by policy, and changes nothing. @throws LostPartError, StoreError */
export async function decideRoots(_item: string, context: ShardContext): Promise<ItemOutput> {
  const decisions = decisionsOn(await retentionEvidence(context), context);
  const facts: RetentionDecided = { retire: decisions.filter(({ action }) => action === 'retire').length };
  return { facts, lists: {} };
}

/**
 * Retires them, after a last look at the roots of the whole area. An attempt before may have retired some: they are gone, and
 * on record.
 *
 * @throws LostPartError, StoreError, LedgerError
 */
export async function retireRoots(
  context: ShardContext,
  { run, soft, deleters, lease }: Pick<ShardSweep, 'run' | 'soft' | 'deleters' | 'lease'>,
): Promise<ItemOutput> {
  const { area, input } = context;
  const ledger = ledgerOf(context);
  const { shards } = await plannedRun(context);
  const evidence = await retentionEvidence(context);
  const { start, table } = evidence;
  const findings = await LateFindings.of(context);
  const shared = { look: new AreaLook(context), findings };
  const late = await LateRoots.of(context, { objects: table, start }, shared);
  const survey = {
    ...evidence,
    reachability: {
      get roots() {
        return [...evidence.reachability.roots, ...late.reachability.roots];
      },
      isKeptByName: (object: number) =>
        evidence.reachability.isKeptByName(object) || late.reachability.isKeptByName(object),
    },
    readAgain: async () => await late.readAgain(),
  };
  const roots = await rootsToRetire({
    survey,
    decisions: decisionsOn(evidence, context),
    retention: (surveyed) => retentionOf(surveyed, context),
    running: input.running ?? [],
    signal: soft,
  });
  // Behind those of the shards.
  const { log, attempt } = await AuditLog.ofShard(ledger, run, shards.length);
  const result = await retire({
    survey,
    roots,
    stores: input.locations.map(({ store }) => store),
    deleters,
    ledger,
    lease,
    run,
    log,
    filesBefore: attempt * FILES_OF_ATTEMPT,
    signal: soft,
  });
  const state = await readState(ledger);
  // What an attempt has left "retiring" was refused, unless this one has found it gone.
  const absent = new Set(
    result.kept.filter(({ why }) => why === GONE).map(({ root }) => area.url(root.location, root.key)),
  );
  const urls = new Set(
    state.retired
      .filter((entry) => entry.run === run && (entry.state === 'retired' || absent.has(area.ownUrl(entry.url))))
      .map(({ url }) => area.ownUrl(url)),
  );
  const gone = evidence.reachability.roots.filter(({ location, key }) => urls.has(area.url(location, key)));
  const { refused, refusal, stopped } = result;
  const directories = emptiedDirectories(survey, gone);
  const facts: RootsRetired = { retired: [...urls], directories, refused, refusal, stopped };
  return { facts, lists: findings.lists() };
}

function decisionsOn(evidence: RetentionOfShards, context: ShardContext): readonly RetentionDecision[] {
  return decideRetention(evidence, retentionOf(evidence, context));
}

function retentionOf(evidence: RetentionOfShards, { retention }: ShardContext): RetentionInput {
  /* v8 ignore next -- without a policy there is no such phase */
  if (retention === undefined) throw new RangeError('The run has no policy.');
  return retention(evidence);
}
