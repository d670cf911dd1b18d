import { SERVICE_PRICES } from '#core/bill/monthly-prices.ts';
import { pricesOfRegion } from '#core/cost/prices.ts';

/** Reckons what a collection in shards takes, from what `measure-phases.ts` measured of a shard of a million objects. */

/** Measured on one core, with 400 roots that name 600,000 of the million objects: docs/scale.md has the table. */
const MEASURED = {
  /** Seconds of a processor for an item. */
  seconds: { list: 6.5, look: 2.3, answer: 4.6, mark: 5.4, judge: 2.3, remember: 3.6 },
  /** Of the names of a million objects. */
  copySeconds: 3.5,
  /** Of a million references, to read a root and to resolve it. */
  readSeconds: 5.9,
  resolveSeconds: 6.1,
  /** Files that an item writes, beside those for each other item. */
  writes: { list: 29, look: 2, answer: 17, mark: 22, judge: 1, remember: 11 },
  reads: { list: 1, look: 31, answer: 43, mark: 44, judge: 39, remember: 38 },
  /** LIST requests of an item, and for each job directory with roots: to look twice, and to read its roots. */
  lists: 1_194 + 2,
  listsPerJob: 3,
  /** MiB at its peak. */
  memory: 380,
} as const;

/** Assumed. */
export const ASSUMED_SCALE = {
  objectsOfShard: 1_000_000,
  shardsOfPart: 8,
  jobsPerMillion: 10,
  rootsPerJob: 3,
  rootsOfBatch: 50,
  /** Of each object, by the checkpoints that are there. */
  references: 1.8,
  atOnce: 200,
  /** Seconds of a request to S3, of which so many are made at once. */
  requestSeconds: 0.03,
  requestsAtOnce: 16,
  /** Seconds in which a function starts, and in which Step Functions begins and ends a Map. */
  startSeconds: 1.5,
  mapSeconds: 5,
  memoryGiB: 3_008 / 1_024,
  transitionsPerItem: 2,
} as const;

export interface Reckoning {
  readonly objects: number;
  readonly shards: number;
  readonly minutes: number;
  /** MiB of an item. */
  readonly memory: number;
  readonly lists: number;
  readonly puts: number;
  readonly gets: number;
  /** US dollars of a run, in us-east-1: LIST, other requests, Lambda, Step Functions. */
  readonly dollars: Readonly<Record<'lists' | 'requests' | 'lambda' | 'steps', number>>;
}

interface PhaseOf {
  readonly items: number;
  readonly seconds: number;
  readonly writes: number;
  /** One after the other, and so many at once. */
  readonly reads: number;
  readonly readsAtOnce: number;
}

type Measured = keyof typeof MEASURED.seconds;

/** @param objects of the area. */
export function reckon(objects: number): Reckoning {
  const assumed = ASSUMED_SCALE;
  const shards = Math.ceil(objects / assumed.objectsOfShard);
  const parts = Math.ceil(shards / assumed.shardsOfPart);
  const roots = Math.max(1, (objects / 1e6) * assumed.jobsPerMillion * assumed.rootsPerJob);
  const batches = Math.ceil(roots / assumed.rootsOfBatch);
  const references = ((objects / 1e6) * assumed.references) / batches;
  const ofShard = (
    name: Measured,
    more: { readonly writes?: number; readonly readsAtOnce?: number } = {},
  ): PhaseOf => ({
    items: shards,
    seconds: MEASURED.seconds[name],
    writes: MEASURED.writes[name] + (more.writes ?? 0),
    reads: MEASURED.reads[name],
    readsAtOnce: more.readsAtOnce ?? 0,
  });
  const one = (readsAtOnce: number, writes = 1): PhaseOf => ({
    items: 1,
    seconds: 1,
    writes,
    reads: readsAtOnce / 2,
    readsAtOnce,
  });
  const ofBatch = (seconds: number): PhaseOf => ({ items: batches, seconds, writes: 20, reads: 20, readsAtOnce: 0 });
  const partMillions = Math.min(assumed.shardsOfPart, objects / 1e6);
  const phases: readonly PhaseOf[] = [
    one(0),
    ofShard('list'),
    ofShard('look'),
    one(2 * shards),
    ofBatch(MEASURED.readSeconds * references),
    ofShard('look'),
    one(2 * shards),
    ofShard('answer', { readsAtOnce: batches }),
    ofBatch(MEASURED.resolveSeconds * references),
    ofShard('mark', { writes: parts, readsAtOnce: batches }),
    { items: parts, seconds: MEASURED.copySeconds * partMillions, writes: shards, reads: shards, readsAtOnce: shards },
    one(2 * shards, 3 * shards),
    ofShard('judge', { readsAtOnce: parts }),
    one(2 * shards),
    ofShard('remember', { readsAtOnce: parts }),
    one(2 * shards),
  ];
  const lists = (objects / 1e6) * (MEASURED.lists + assumed.jobsPerMillion * MEASURED.listsPerJob);
  return addUp({ objects, shards, lists }, phases);
}

/** Measured of the same shard, where 400,000 of its objects are garbage; how many are, is assumed. */
export const CERTIFICATE = {
  /** Of all objects, what is deleted. */
  deleted: 0.01,
  deletionsOfFile: 1_000,
  deletionsOfGroup: 300_000,
  shardsOfGroup: 30,
  /** Seconds of a processor for a shard, for a million references, and for a million hashes. */
  shardSeconds: 3.5,
  referenceSeconds: 3.4,
  hashSeconds: 0.7,
} as const;

/** What the certificate of such a run takes besides. */
export function reckonCertificate(objects: number): Reckoning {
  const assumed = { ...ASSUMED_SCALE, ...CERTIFICATE };
  const shards = Math.ceil(objects / assumed.objectsOfShard);
  const parts = 2 ** Math.ceil(Math.log2(Math.ceil(shards / assumed.shardsOfPart)));
  const batches = Math.ceil(((objects / 1e6) * assumed.jobsPerMillion * assumed.rootsPerJob) / assumed.rootsOfBatch);
  const deleted = objects * assumed.deleted;
  const groups = Math.max(Math.ceil(deleted / assumed.deletionsOfGroup), Math.ceil(shards / assumed.shardsOfGroup));
  const millions = (objects / 1e6) * assumed.references;
  const ofGroup = shards / groups;
  const files = (2 * deleted) / assumed.deletionsOfFile / groups;
  // A group's log is listed.
  return addUp({ objects, shards, lists: groups * Math.ceil((files * groups) / 1_000) }, [
    {
      items: groups,
      seconds: ofGroup * assumed.shardSeconds,
      writes: parts + 4,
      reads: files + ofGroup * MEASURED.reads.judge,
      readsAtOnce: ofGroup * parts,
    },
    {
      items: batches,
      seconds: (millions / batches) * assumed.referenceSeconds,
      writes: parts + 2,
      reads: 20,
      readsAtOnce: 0,
    },
    {
      items: parts,
      seconds: (millions / parts) * assumed.hashSeconds,
      writes: groups + 1,
      reads: batches + groups,
      readsAtOnce: 2 * (batches + groups),
    },
    { items: groups, seconds: 1, writes: 3, reads: parts, readsAtOnce: parts },
    // To conclude: the facts of all items, twice.
    { items: 0, seconds: 0, writes: 0, reads: 0, readsAtOnce: 2 * (batches + groups) },
  ]);
}

function addUp(
  { objects, shards, lists }: Pick<Reckoning, 'objects' | 'shards' | 'lists'>,
  phases: readonly PhaseOf[],
): Reckoning {
  const assumed = ASSUMED_SCALE;
  const sum = (of: (phase: PhaseOf) => number): number => phases.reduce((total, phase) => total + of(phase), 0);
  const seconds = ({ seconds: own, reads, readsAtOnce }: PhaseOf): number =>
    assumed.startSeconds + own + (reads + readsAtOnce / assumed.requestsAtOnce) * assumed.requestSeconds;
  const closing = ({ items }: PhaseOf): number =>
    assumed.mapSeconds + assumed.startSeconds + (items / assumed.requestsAtOnce) * assumed.requestSeconds;
  const wall = sum((phase) => Math.ceil(phase.items / assumed.atOnce) * seconds(phase) + closing(phase));
  const busy = sum((phase) => phase.items * seconds(phase) + closing(phase));
  const items = sum((phase) => phase.items);
  const puts = sum(({ items: count, writes }) => count * writes);
  const gets = sum(({ items: count, reads, readsAtOnce }) => count * (reads + readsAtOnce + 1));
  const { listPer1000, getPer1000 } = pricesOfRegion('us-east-1');
  return {
    objects,
    shards,
    minutes: wall / 60,
    memory: MEASURED.memory,
    lists,
    puts,
    gets,
    dollars: {
      lists: (lists * listPer1000) / 1_000,
      requests: (puts * listPer1000 + gets * getPer1000) / 1_000,
      lambda:
        busy * assumed.memoryGiB * SERVICE_PRICES.lambdaGiBSecond +
        (items + phases.length) * SERVICE_PRICES.lambdaRequest,
      steps: (items * assumed.transitionsPerItem + phases.length * 4) * SERVICE_PRICES.stepFunctionsTransition,
    },
  };
}
