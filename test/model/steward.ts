import { BREAKERS } from '#core/collect/breakers.ts';
import type { Judgement } from '#core/collect/judge.ts';
import type { CollectSettings } from '#core/collect/settings.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { declareJobDead, pause, pin, resume, unpin } from '#operations/ledger/declarations.ts';
import { openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { newestRuns, type RunRecord } from '#operations/ledger/run-records.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { Survey, SurveyInput } from '#operations/look/survey.ts';
import { AreaMarkers } from '#operations/run/area-markers.ts';
import { type AreaLease, leaseArea } from '#operations/run/lease-area.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import { planUndo } from '#operations/run/plan-undo.ts';
import { settleRetiring } from '#operations/run/retire.ts';
import { type RunInput, type RunReport, runOverArea } from '#operations/run/run.ts';
import { type UndoResult, undo } from '#operations/run/undo.ts';
import type { Holders } from '#ports/holder.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import { OPEN } from '#test/support/gate.ts';
import { MemoryLedger } from '#test/support/memory-ledger.ts';
import { verified } from '#test/support/verified.ts';
import { type Charge, deletersOf, locationsOf, writersOf } from './charge.ts';
import { type CollectionInShards, collectInShards } from './collect-in-shards.ts';
import type { Flink } from './flink/flink.ts';
import { ALL_BUT_ONE } from './naming.ts';
import { surroundingsOf } from './surroundings.ts';
import type { Participant } from './turnstile.ts';

/** What a steward is told to do. */
export type Errand =
  | { readonly does: 'collect' | 'observe' | 'retire' | 'undo' | 'pause' | 'resume' | 'take-over' }
  | { readonly does: 'collect-in-shards'; readonly shards: number }
  | { readonly does: 'pin' | 'unpin'; readonly url: string }
  | { readonly does: 'declare-dead'; readonly job: string };

/** What can be switched off, to see that the model notices. */
export interface Mutation {
  readonly judgements?: readonly Judgement[];
  /** Puts something else between the steward and the bucket. */
  readonly store?: (store: ObjectStore) => ObjectStore;
  readonly ignoresEtags?: boolean;
  /** Nobody sees a marker but by the name and for the ledger for which it was written. */
  readonly hidesMarkers?: boolean;
  /** Every breaker is accepted, but for the one that must never trip. */
  readonly acceptsBreakers?: boolean;
  /** Stewards believe a store that contradicts itself. */
  readonly believesLies?: boolean;
  /** Every steward takes the lease from whoever holds it. */
  readonly stealsLeases?: boolean;
  /** No run looks at what is around its area. */
  readonly ignoresSurroundings?: boolean;
}

/** How many roots are kept. */
export interface Policy {
  /** Of each ended job, and of the savepoints of each. */
  readonly keepLast: number;
  readonly minRestorePoints: number;
}

const ONE_IS_KEPT: Policy = { keepLast: 1, minRestorePoints: 1 };

export interface Office {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly flink: Pick<Flink, 'bucket' | 'rest'>;
  /** Which keys the configuration protects. @default none */
  readonly protects?: (key: string) => boolean;
  /** Which of several runs is undone. */
  readonly pick: (runs: readonly string[]) => string;
  readonly settings: CollectSettings;
  /** Whether the clusters are asked which jobs run. */
  readonly rest: boolean;
  /** Whether `collect` retires as well. */
  readonly retains: boolean;
  /** How many roots a policy keeps. @default one */
  readonly policy?: Policy;
  /** Which roots the policy is for, by their keys. @default all */
  readonly retainsRoot?: (key: string) => boolean;
  readonly mutation: Mutation;
  /** Hears what became of an undo. */
  readonly undone?: (result: UndoResult) => void;
  readonly hasEnded: Holders['hasEnded'];
}

/** One process that runs one errand, through ports on which anything may happen. */
export async function runErrand(
  office: Office,
  charge: Charge,
  who: Participant,
  errand: Errand,
): Promise<RunReport | null> {
  switch (errand.does) {
    case 'collect':
    case 'observe':
    case 'retire': {
      const report = await runOverArea(orderOf(office, charge, who, errand.does));
      await prove(office, charge, report.record);
      return report;
    }
    case 'collect-in-shards':
      await prove(office, charge, await collectInShards(shardedOrderOf(office, charge, who, errand.shards)));
      return null;
    case 'undo':
      await underLease(office, charge, who, (lease, ledger) => undoOne(office, charge, who, lease, ledger));
      return null;
    case 'pause':
      // Without the lease, as the command does: it is to reach a run that holds it.
      await updateState(ledgerOf(charge, who), (state) => pause(state, 'the model wants it', office.now()));
      return null;
    case 'resume':
      await updateState(ledgerOf(charge, who), resume);
      return null;
    case 'take-over':
      await takeOver(office, charge, who);
      return null;
    case 'pin':
      // Without the lease, as the command does: it is to reach a run that holds it.
      await updateState(ledgerOf(charge, who), (state) => pin(state, errand.url, null, office.now()));
      return null;
    case 'unpin':
      await underLease(office, charge, who, (_, ledger) => updateState(ledger, (state) => unpin(state, errand.url)));
      return null;
    case 'declare-dead':
      await underLease(office, charge, who, (_, ledger) =>
        updateState(ledger, (state) => declareJobDead(state, errand.job, office.now())),
      );
      return null;
  }
}

/** The second judge must find the same of what a whole steward deletes; it looks at the ledger, and at nothing that moves. */
async function prove({ mutation }: Office, charge: Charge, { run, certificate }: RunRecord): Promise<void> {
  if (typeof certificate !== 'string' || Object.keys(mutation).length > 0) return;
  const { findings } = await verified(new MemoryLedger(charge.ledger, OPEN), run);
  const [first] = findings;
  if (first !== undefined) throw new Error(`The second judge: ${first.sentence}`);
}

function ledgerOf({ ledger, ledgerName }: Charge, who: Participant): MemoryLedger {
  return new MemoryLedger(ledger, who, ledgerName);
}

function surveyOf(office: Office, charge: Charge, who: Participant): SurveyInput {
  const { flink, settings, rest, mutation } = office;
  return {
    locations: locationsOf(charge, who, mutation),
    outside: [],
    aliases: charge.aliases,
    copies: charge.copies,
    settings,
    deadJobs: [],
    protects: office.protects ?? (() => false),
    clock: office.now,
    wait: async () => {},
    running: rest ? [flink.rest(who)] : [],
  };
}

function holdersOf({ hasEnded }: Office, who: Participant): Holders {
  return { self: { host: 'here', process: who.name }, hasEnded };
}

function shardedOrderOf(office: Office, charge: Charge, who: Participant, shards: number): CollectionInShards {
  const { survey, writers, deleters, ledger, run, holders, accept, now } = orderOf(office, charge, who, 'collect');
  const retention = office.retains ? policyOf(office) : null;
  return { input: survey, writers, deleters, ledger, run, holders, accept, retention, now, shards };
}

function policyOf({
  policy: { keepLast, minRestorePoints } = ONE_IS_KEPT,
  retainsRoot = () => true,
}: Office): (known: Pick<Survey, 'liveness'>) => RetentionInput {
  return ({ liveness }) => ({
    policies: [{ matches: ({ key }) => retainsRoot(key), endedJobs: { keepLast }, savepoints: { keepLast } }],
    minRestorePoints,
    groupBy: 'job',
    labelOf: ({ id }) => id,
    isLabelledByPath: () => false,
    running: new Set(liveness.jobs.map(({ jobId }) => jobId)),
    restoredFrom: liveness.restoredFrom,
  });
}

function orderOf(office: Office, charge: Charge, who: Participant, does: 'collect' | 'observe' | 'retire'): RunInput {
  const { mutation, now } = office;
  return {
    survey: surveyOf(office, charge, who),
    writers: writersOf(charge, who, office.mutation),
    deleters: deletersOf(charge, who, office.mutation),
    ledger: ledgerOf(charge, who),
    newLedgerId: `ledger of ${who.name}`,
    run: who.name,
    command: does === 'observe' ? 'plan' : does,
    holders: holdersOf(office, who),
    now,
    execute: does !== 'observe',
    accept: new Set(
      BREAKERS.filter((breaker) => !(mutation.acceptsBreakers ? ALL_BUT_ONE : charge.heeds).has(breaker)),
    ),
    retention: does === 'retire' || (does === 'collect' && office.retains) ? policyOf(office) : null,
    sweep: does === 'retire' ? null : async () => () => true,
    ...(charge.checksScope && !mutation.ignoresSurroundings
      ? { scope: surroundingsOf(office, charge, who, does !== 'observe') }
      : {}),
    deletesPerSecond: Number.POSITIVE_INFINITY,
    ...(mutation.judgements === undefined ? {} : { judgements: mutation.judgements }),
  };
}

/** As `resume --take-over`. What it says of markers above the area, people do at once. */
async function takeOver(office: Office, charge: Charge, who: Participant): Promise<void> {
  const ledger = await openOrCreateLedger(ledgerOf(charge, who), `ledger of ${who.name}`, office.now());
  const locations = markedLocations(locationsOf(charge, who, office.mutation), writersOf(charge, who, office.mutation));
  const markers = new AreaMarkers(locations, { ledger, run: who.name, lease: null, now: office.now });
  const above = await markers.takeOver(true);
  await updateState(ledger.store, resume);
  for (const { spot } of above) {
    office.flink.bucket.delete(spot.key);
  }
}

async function underLease(
  office: Office,
  charge: Charge,
  who: Participant,
  action: (lease: AreaLease['lease'], ledger: MemoryLedger) => Promise<unknown>,
): Promise<void> {
  const ledger = ledgerOf(charge, who);
  const { lease } = await leaseArea({
    ledger,
    run: who.name,
    command: 'steward',
    holders: holdersOf(office, who),
    now: office.now,
    newLedgerId: `ledger of ${who.name}`,
    locations: markedLocations(surveyOf(office, charge, who).locations, writersOf(charge, who, office.mutation)),
    execute: true,
  });
  try {
    await action(lease, ledger);
  } finally {
    await lease.release();
  }
}

/** Takes back one of the runs that have retired something. */
async function undoOne(
  office: Office,
  charge: Charge,
  who: Participant,
  lease: AreaLease['lease'],
  ledger: MemoryLedger,
): Promise<void> {
  const scan = surveyOf(office, charge, who);
  const { survey, putBack } = await rememberedSurvey(ledger, scan, { mayWrite: true });
  await updateState(ledger, (state) => settleRetiring(state, survey, putBack));
  const { retired } = await readState(ledger);
  const runs = [...new Set(retired.filter(({ state }) => state === 'retired').map(({ run }) => run))];
  const others = (await newestRuns(ledger, 3)).map(({ run }) => run);
  const candidates = [...runs, ...runs, ...(office.flink.bucket.versions ? others : [])];
  if (candidates.length > 0) {
    const input = {
      survey,
      ledger,
      stores: scan.locations.map(({ store }) => store),
      writers: writersOf(charge, who, office.mutation),
      undone: office.pick(candidates),
    };
    const plan = await planUndo(input);
    const result = await undo({ ...input, lease }, plan);
    office.undone?.(result);
  }
}

/** Whether an errand may end so: without its lease, or with a failure that the model has caused. */
export function isExpected(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const isOfLease =
    error instanceof LedgerError &&
    /Another run holds|has lost its lease|was changed by others|could not be created/.test(error.message);
  const isOfOtherLedger =
    error instanceof LedgerError && /Another ledger|Another steward|was moved or copied to/.test(error.message);
  // Somebody copied a marker while a run tried by it whether two locations are one. The next run sees that they are not.
  const isOfCopiedMarker = error instanceof LedgerError && /are one place under two names/.test(error.message);
  return (
    isOfLease || isOfOtherLedger || isOfCopiedMarker || error.name === 'StoreError' || error.name === 'RunningJobsError'
  );
}
