import type { PlaceMapping } from '#core/area/area.ts';
import type { Breaker } from '#core/collect/breakers.ts';
import type { SurveyLocation } from '#operations/look/survey.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import type { Gate } from '#test/support/gate.ts';
import { MemoryDeleter, type MemoryDeleterOptions, MemoryStore, MemoryWriter } from '#test/support/memory-area.ts';
import type { MemoryBucket, StoredObject } from '#test/support/memory-bucket.ts';
import type { LedgerContent } from '#test/support/memory-ledger.ts';
import { ConsistentLiar, type Liar, LyingStore } from './lying-store.ts';
import type { Deleter } from './overseer.ts';
import type { Mutation } from './steward.ts';
import { OwnMarkers, OwnMarkersWriter } from './store-mutants.ts';
import type { Participant } from './turnstile.ts';

/** A place of an area: what lies there, and what the people call it who wrote the area down. */
export interface Site {
  readonly bucket: MemoryBucket;
  /** As `s3://bucket`. */
  readonly name: string;
  readonly prefix: string;
  /** Of its store, if that contradicts itself. */
  readonly lies: Liar | null;
  /** Whether it overwrites what is there, whatever the condition. @default false */
  readonly ignoresIfNoneMatch?: boolean;
  /** Told just before a steward deletes something there. */
  readonly deleting: (object: StoredObject, by: Deleter) => void;
  /** Why its store does not delete a key, in its words; null where it does. @default it deletes all */
  readonly refuses?: (key: string, by: Deleter) => string | null;
  /** @default those in memory */
  readonly adapters?: Adapters;
}

/** What reads and deletes in a store. */
export interface Adapters {
  store(gate: Gate): ObjectStore;
  deleter(gate: Gate, options: Pick<MemoryDeleterOptions, 'deleting' | 'refuses'>): GuardedDeleter;
}

/** An area as somebody wrote it down, with the ledger that was named for it. */
export interface Charge {
  readonly sites: readonly Site[];
  readonly aliases: readonly PlaceMapping[];
  readonly copies: readonly PlaceMapping[];
  /** Breakers that nobody accepts. */
  readonly heeds: ReadonlySet<Breaker>;
  readonly ledger: LedgerContent;
  readonly ledgerName: string;
  /** Whether its runs look for roots in the rest of the bucket. @default false */
  readonly checksScope?: boolean;
}

/** The places of an area as the process of one steward reaches them. */
export function locationsOf(
  { sites, ledgerName }: Charge,
  who: Participant,
  mutation: Mutation,
): readonly SurveyLocation[] {
  return sites.map((site, at) => {
    const plain = storeOf(site, who, mutation);
    const mutated = mutation.store?.(plain) ?? plain;
    return {
      area: { name: `${site.name}/${site.prefix}`, store: site.name, prefix: site.prefix, hidden: 0 },
      store: mutation.hidesMarkers ? new OwnMarkers(mutated, `${ledgerName} ${at}`) : mutated,
    };
  });
}

/** The store behind a place, as one steward reaches it. */
export function storeOf({ bucket, name, lies, adapters }: Site, who: Participant, mutation: Mutation): ObjectStore {
  const truthful = adapters?.store(who) ?? new MemoryStore(bucket, who, name);
  return lies === null ? truthful : liar(truthful, lies, mutation);
}

function liar(store: ObjectStore, lies: Liar, { believesLies }: Mutation): LyingStore {
  return believesLies ? new ConsistentLiar(store, lies) : new LyingStore(store, lies);
}

export function writersOf({ sites, ledgerName }: Charge, who: Participant, mutation: Mutation): readonly AreaWriter[] {
  return sites.map(({ bucket, ignoresIfNoneMatch = false }, at) => {
    const writer = new MemoryWriter(bucket, who, { ignoresIfNoneMatch });
    return mutation.hidesMarkers ? new OwnMarkersWriter(writer, `${ledgerName} ${at}`) : writer;
  });
}

export function deletersOf(
  { sites, ledger }: Charge,
  who: Participant,
  { ignoresEtags = false }: Mutation,
): readonly GuardedDeleter[] {
  const by = { name: who.name, began: who.began, ledger };
  return sites.map(({ bucket, deleting, refuses, adapters }) => {
    const told = {
      deleting: (object: StoredObject) => deleting(object, by),
      refuses: (key: string) => refuses?.(key, by) ?? null,
    };
    return adapters?.deleter(who, told) ?? new MemoryDeleter(bucket, who, { ...told, ignoresEtags });
  });
}
