import { BREAKERS, type Breaker } from '#core/collect/breakers.ts';
import type { FlinkPath } from '#core/flink/state-path.ts';
import type { MemoryBucket } from '#test/support/memory-bucket.ts';
import { LedgerContent } from '#test/support/memory-ledger.ts';
import { Chance } from './chance.ts';
import type { Charge, Site } from './charge.ts';
import type { Profile } from './profile.ts';
import type { Replica } from './replica.ts';
import { ModelViolation } from './violation.ts';

/** How people write down where their checkpoints are. They may be wrong. */
export type Naming =
  | 'right'
  /** By another name of the bucket, which is declared. */
  | 'alias'
  /** The same, not declared. */
  | 'undeclared alias'
  /** By both names. */
  | 'twice'
  /** Two people, each with a ledger: one names the bucket, the other the folder in it that holds all that is Flink's. */
  | 'two ledgers'
  /** Rightly, and now and then somebody names a folder of it, with the same ledger. */
  | 'part';

const NEVER_ACCEPTED: Breaker = 'deleted-is-named';
/** The breakers that nobody accepts, where people accept whatever can be accepted. */
export const ALL_BUT_ONE: ReadonlySet<Breaker> = new Set<Breaker>([NEVER_ACCEPTED]);
/** By what an access point is reached. */
const ALIAS = 's3://access-point-s3alias';

interface Places extends Pick<Site, 'lies' | 'deleting'> {
  readonly bucket: MemoryBucket;
  readonly replica: Replica | null;
  readonly deletingCopy: Site['deleting'];
}

/** Who looks after what. The first one is who cleans up at the end, unless {@link keeperOf} says otherwise. */
export function chargesOf({ seed, naming, copies, scope }: Profile, places: Places): readonly [Charge, ...Charge[]] {
  const chance = new Chance(seed ^ 0x4a3e);
  const { bucket, replica } = places;
  const site = (name: string, prefix: string): Site => siteOf(places, name, prefix);
  const whole: Charge = {
    sites: [site(bucket.name, ''), ...siteOfReplica(places)],
    aliases: [],
    copies: copies === 'declared' && replica !== null ? [copyOf(bucket, replica)] : [],
    heeds: ALL_BUT_ONE,
    ledger: new LedgerContent(),
    ledgerName: 'the ledger in memory',
  };
  const aliases = [{ from: pathOf(bucket.name, ''), to: pathOf(ALIAS, '') }];
  switch (naming) {
    case 'right':
      return scope.area.includes('')
        ? [whole]
        : [{ ...whole, sites: scope.area.map((prefix) => site(bucket.name, prefix)), checksScope: true }];
    case 'alias':
      return [{ ...whole, sites: [site(ALIAS, '')], aliases }];
    case 'undeclared alias':
      return [{ ...whole, sites: [site(ALIAS, '')] }];
    case 'twice':
      return [{ ...whole, sites: [...whole.sites, site(ALIAS, chance.pick(['', 'flink/', 'flink/cp/']))] }];
    case 'two ledgers': {
      const second = { ...whole, sites: [site(bucket.name, 'flink/')], ledger: new LedgerContent() };
      return [whole, { ...second, ledgerName: 'another ledger in memory' }];
    }
    case 'part': {
      const heeds = new Set(BREAKERS.filter((breaker) => breaker === NEVER_ACCEPTED || breaker === 'area-shrunk'));
      return [
        whole,
        { ...whole, sites: [site(bucket.name, chance.pick(['flink/', 'flink/cp/', 'flink/team2/']))], heeds },
      ];
    }
  }
}

function siteOf(places: Places, name: string, prefix: string): Site {
  const deleting: Site['deleting'] = (object, by) => {
    if (!object.key.startsWith(prefix)) {
      throw new ModelViolation(`${by.name} deletes ${object.key}, which is not in ${name}/${prefix}`);
    }
    places.deleting(object, by);
  };
  return { ...places, name, prefix, deleting };
}

/** Who cleans up at the end. Where the area was too small, people have taken in what is around it, as they were told. */
export function keeperOf({ scope }: Profile, [first]: readonly [Charge, ...Charge[]], places: Places): Charge {
  return scope.isTooSmall ? { ...first, sites: [siteOf(places, places.bucket.name, '')], checksScope: false } : first;
}

function siteOfReplica({ replica, deletingCopy }: Places): readonly Site[] {
  return replica === null || replica.prefix !== ''
    ? []
    : [{ bucket: replica.bucket, name: replica.bucket.name, prefix: '', lies: null, deleting: deletingCopy }];
}

function copyOf(bucket: MemoryBucket, replica: Replica): Charge['copies'][number] {
  return replica.prefix === ''
    ? { from: pathOf(bucket.name, ''), to: pathOf(replica.bucket.name, '') }
    : { from: pathOf(bucket.name, 'flink'), to: pathOf(bucket.name, `${replica.prefix}flink`) };
}

function pathOf(bucket: string, path: string): FlinkPath {
  return { scheme: 's3', authority: bucket.slice('s3://'.length), path: path === '' ? '' : `/${path}` };
}
