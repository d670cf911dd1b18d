import { BREAKERS } from '#core/collect/breakers.ts';
import type { Judgement } from '#core/collect/judge.ts';
import type { CollectSettings } from '#core/collect/settings.ts';
import type { FlinkPath } from '#core/flink/state-path.ts';
import { declareJobDead, pause, pin, resume, unpin } from '#operations/ledger/declarations.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { newestRuns } from '#operations/ledger/run-records.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { type AreaLease, leaseArea } from '#operations/run/lease-area.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import { settleRetiring } from '#operations/run/retire.ts';
import { type RunInput, type RunReport, runOverArea } from '#operations/run/run.ts';
import { planUndo, undo } from '#operations/run/undo.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import type { Holders } from '#ports/holder.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import { MemoryDeleter, MemoryStore, MemoryWriter } from '#test/support/memory-area.ts';
import type { MemoryBucket, StoredObject } from '#test/support/memory-bucket.ts';
import { type LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import type { Flink } from './flink/flink.ts';
import { ConsistentLiar, type Lies, LyingStore } from './lying-store.ts';
import type { Replica } from './replica.ts';
import type { Participant } from './turnstile.ts';

/** What a steward is told to do. */
export type Errand =
  | { readonly does: 'collect' | 'observe' | 'retire' | 'undo' | 'pause' | 'resume' }
  | { readonly does: 'pin' | 'unpin'; readonly url: string }
  | { readonly does: 'declare-dead'; readonly job: string };

/** What can be switched off, to see that the model notices. */
export interface Mutation {
  readonly judgements?: readonly Judgement[];
  /** Puts something else between the steward and the bucket. */
  readonly store?: (store: ObjectStore) => ObjectStore;
  readonly ignoresEtags?: boolean;
  /** Stewards believe a store that contradicts itself. */
  readonly believesLies?: boolean;
  /** Every steward takes the lease from whoever holds it. */
  readonly stealsLeases?: boolean;
}

export interface Office {
  readonly bucket: MemoryBucket;
  readonly ledger: LedgerContent;
  readonly flink: Flink;
  readonly settings: CollectSettings;
  /** Whether the clusters are asked which jobs run. */
  readonly rest: boolean;
  /** Whether `collect` retires as well. */
  readonly retains: boolean;
  readonly lies: Lies;
  /** A copy of the bucket that is a part of the area; null where there is none. */
  readonly replica: Replica | null;
  /** Whether that is declared. */
  readonly declaresCopy: boolean;
  readonly mutation: Mutation;
  readonly hasEnded: Holders['hasEnded'];
  readonly deleting: (object: StoredObject, by: string) => void;
  readonly deletingCopy: (object: StoredObject, by: string) => void;
}

/** One process that runs one errand, through ports on which anything may happen. */
export async function runErrand(office: Office, who: Participant, errand: Errand): Promise<RunReport | null> {
  switch (errand.does) {
    case 'collect':
    case 'observe':
    case 'retire':
      return await runOverArea(orderOf(office, who, errand.does));
    case 'undo':
      await underLease(office, who, (lease, ledger) => undoOne(office, who, lease, ledger));
      return null;
    case 'pause':
      // Without the lease, as the command does: it is to reach a run that holds it.
      await updateState(ledgerOf(office, who), (state) => pause(state, 'the model wants it', office.bucket.now()));
      return null;
    case 'resume':
      await updateState(ledgerOf(office, who), resume);
      return null;
    case 'pin':
      // Without the lease, as the command does: it is to reach a run that holds it.
      await updateState(ledgerOf(office, who), (state) => pin(state, errand.url, null, office.bucket.now()));
      return null;
    case 'unpin':
      await underLease(office, who, (_, ledger) => updateState(ledger, (state) => unpin(state, errand.url)));
      return null;
    case 'declare-dead':
      await underLease(office, who, (_, ledger) =>
        updateState(ledger, (state) => declareJobDead(state, errand.job, office.bucket.now())),
      );
      return null;
  }
}

function ledgerOf({ ledger }: Office, who: Participant): MemoryLedger {
  return new MemoryLedger(ledger, who);
}

function surveyOf(office: Office, who: Participant): SurveyInput {
  const { bucket, flink, lies, settings, rest, mutation, replica, declaresCopy } = office;
  const truthful = new MemoryStore(bucket, who);
  const plain = mutation.believesLies ? new ConsistentLiar(truthful, lies) : new LyingStore(truthful, lies);
  return {
    locations: [
      {
        area: { name: `${bucket.name}/`, store: bucket.name, prefix: '', hidden: 0 },
        store: mutation.store?.(plain) ?? plain,
      },
      ...(replica === null
        ? []
        : [
            {
              area: { name: `${replica.bucket.name}/`, store: replica.bucket.name, prefix: '', hidden: 0 },
              store: new MemoryStore(replica.bucket, who),
            },
          ]),
    ],
    outside: [],
    aliases: [],
    copies: declaresCopy && replica !== null ? [{ from: place(bucket), to: place(replica.bucket) }] : [],
    settings,
    deadJobs: [],
    protects: () => false,
    clock: bucket.now,
    wait: async () => {},
    running: rest ? [flink.rest(who)] : [],
  };
}

function place({ name }: MemoryBucket): FlinkPath {
  return { scheme: 's3', authority: name.slice('s3://'.length), path: '' };
}

function writersOf({ bucket, replica }: Office, who: Participant): readonly MemoryWriter[] {
  return [bucket, ...(replica === null ? [] : [replica.bucket])].map((each) => new MemoryWriter(each, who));
}

function deletersOf(office: Office, who: Participant): readonly GuardedDeleter[] {
  const { bucket, replica, mutation, deleting, deletingCopy } = office;
  const ignoresEtags = mutation.ignoresEtags ?? false;
  return [
    new MemoryDeleter(bucket, who, { deleting: (object) => deleting(object, who.name), ignoresEtags }),
    ...(replica === null
      ? []
      : [
          new MemoryDeleter(replica.bucket, who, {
            deleting: (object) => deletingCopy(object, who.name),
            ignoresEtags,
          }),
        ]),
  ];
}

function holdersOf({ hasEnded }: Office, who: Participant): Holders {
  return { self: { host: 'here', process: who.name }, hasEnded };
}

function orderOf(office: Office, who: Participant, does: 'collect' | 'observe' | 'retire'): RunInput {
  const { bucket, mutation, rest } = office;
  return {
    survey: surveyOf(office, who),
    writers: writersOf(office, who),
    deleters: deletersOf(office, who),
    ledger: ledgerOf(office, who),
    newLedgerId: `ledger of ${who.name}`,
    run: who.name,
    command: does === 'observe' ? 'plan' : does,
    holders: holdersOf(office, who),
    now: bucket.now,
    execute: does !== 'observe',
    accept: new Set(BREAKERS.filter((breaker) => breaker !== 'deleted-is-named')),
    retention:
      does === 'retire' || (does === 'collect' && office.retains)
        ? ({ liveness }) => ({
            policies: [{ matches: () => true, endedJobs: { keepLast: 1 }, savepoints: rest ? { keepLast: 1 } : 'all' }],
            minRestorePoints: 1,
            groupBy: 'job',
            labelOf: ({ id }) => id,
            isLabelledByPath: () => false,
            running: new Set(liveness.jobs.map(({ jobId }) => jobId)),
            restoredFrom: liveness.restoredFrom,
          })
        : null,
    sweep: does === 'retire' ? null : async () => () => true,
    deletesPerSecond: Number.POSITIVE_INFINITY,
    ...(mutation.judgements === undefined ? {} : { judgements: mutation.judgements }),
  };
}

async function underLease(
  office: Office,
  who: Participant,
  action: (lease: AreaLease['lease'], ledger: MemoryLedger) => Promise<unknown>,
): Promise<void> {
  const { bucket } = office;
  const ledger = ledgerOf(office, who);
  const { lease } = await leaseArea({
    ledger,
    run: who.name,
    command: 'steward',
    holders: holdersOf(office, who),
    now: bucket.now,
    newLedgerId: `ledger of ${who.name}`,
    locations: markedLocations(surveyOf(office, who).locations, writersOf(office, who)),
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
  who: Participant,
  lease: AreaLease['lease'],
  ledger: MemoryLedger,
): Promise<void> {
  const scan = surveyOf(office, who);
  const { survey, putBack } = await rememberedSurvey(ledger, scan, { mayWrite: true });
  await updateState(ledger, (state) => settleRetiring(state, survey, putBack));
  const { retired } = await readState(ledger);
  const runs = [...new Set(retired.filter(({ state }) => state === 'retired').map(({ run }) => run))];
  const others = (await newestRuns(ledger, 3)).map(({ run }) => run);
  const candidates = [...runs, ...runs, ...(office.bucket.versions ? others : [])];
  if (candidates.length > 0) {
    const input = {
      survey,
      ledger,
      stores: scan.locations.map(({ store }) => store),
      writers: writersOf(office, who),
      undone: office.flink.chance.pick(candidates),
    };
    const plan = await planUndo(input);
    await undo({ ...input, lease }, plan);
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
  // Somebody copied a marker while a run tried by it whether two locations are one. The next run sees that they are not.
  const isOfCopiedMarker = error instanceof LedgerError && /are one place under two names/.test(error.message);
  return isOfLease || isOfCopiedMarker || error.name === 'StoreError' || error.name === 'RunningJobsError';
}
