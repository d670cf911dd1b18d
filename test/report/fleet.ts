import type { Labels } from '#core/jobs/labels.ts';
import type { JobHistory, Measure } from '#core/signals/job-history.ts';
import type { KeyRange, ListedObject } from '#ports/object-store.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, uuid } from '#test/support/played-job.ts';

/** A bucket of many jobs, each a little different and always the same, with what surveys of a month remember of them. */

const HOUR = DAY / 24;
const NAMES = ['orders', 'payments', 'clicks', 'inventory', 'sessions', 'fraud', 'prices', 'returns', 'search', 'mail'];
const MEASURES = 120;

/** Sizes are told by the listing only, so that terabytes take no room. */
class FleetStore extends MovingStore {
  readonly #bytes = new Map<string, number>();
  #inOrder: readonly string[] | null = null;

  putSized(key: string, bytes: number, modified: number): void {
    this.put(key, '', modified);
    this.#bytes.set(key, bytes);
  }

  /** Once all is laid down nothing moves, so the keys are put in order once. */
  override keys(): readonly string[] {
    this.#inOrder ??= super.keys();
    return this.#inOrder;
  }

  override async *list(range: KeyRange): AsyncGenerator<readonly ListedObject[]> {
    for await (const page of super.list(range)) {
      yield page.map((object) => ({ ...object, bytes: this.#bytes.get(object.key) ?? object.bytes }));
    }
  }
}

export interface Fleet {
  readonly store: MovingStore;
  readonly labels: Labels;
  readonly histories: readonly JobHistory[];
}

interface Sst {
  readonly key: string;
  readonly bytes: number;
}

export function fleet(jobs: number): Fleet {
  const store = new FleetStore({ name: 's3://fleet', now: NOW });
  const labels: { jobId: string; job: string }[] = [];
  const histories: JobHistory[] = [];
  let before: readonly Sst[] = [];
  for (let job = 0; job < jobs; job++) {
    const id = idOf(job);
    // Every seventh is a later submission of the one before, and names some of its files still.
    const continues = job % 7 === 6;
    const name = nameOf(continues ? job - 1 : job);
    labels.push({ jobId: id, job: name });
    before = play(store, job, continues ? before : []);
    const size = before.reduce((sum, { bytes }) => sum + bytes, 0);
    if (!continues) histories.push(historyOf(job, name, size));
  }
  return { store, labels, histories };
}

function idOf(job: number): string {
  return `${(Math.imul(job + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')}${job.toString(16).padStart(24, '0')}`;
}

function nameOf(job: number): string {
  return `${NAMES[job % NAMES.length]}-${Math.floor(job / NAMES.length) + 1}`;
}

/** Lays a job's files and checkpoints down. @returns what it shares. */
function play(store: FleetStore, job: number, claimed: readonly Sst[]): readonly Sst[] {
  const directory = `flink/checkpoints/${idOf(job)}`;
  const scale = 4_000_000 * (1 + ((job * 37) % 90));
  const files = Array.from({ length: 6 + (job % 7) }, (_, file): Sst & { readonly modified: number } => ({
    key: `${directory}/shared/${uuid(job * 100 + file)}`,
    bytes: Math.round(scale * (1 + (file % 4))),
    modified: NOW - 14 * HOUR - Math.round(((file * file * (1 + (job % 5))) / 3) * DAY),
  }));
  for (const { key, bytes, modified } of files) {
    store.putSized(key, bytes, modified);
  }
  for (let file = 0; file < job % 4; file++) {
    store.putSized(`${directory}/shared/${uuid(job * 100 + 50 + file)}`, scale, NOW - (4 + file * 3) * DAY);
  }
  const named = [...claimed.slice(0, 2), ...files];
  for (let checkpoint = 0; checkpoint < 2 + (job % 2); checkpoint++) {
    const shared = named
      .filter((_, file) => file >= checkpoint % 2)
      .map(({ key, bytes }) => ({ path: `s3://fleet/${key}`, bytes }));
    const lost = job % 40 === 13 ? [{ path: `s3://fleet/${directory}/shared/${uuid(job * 100 + 99)}`, bytes: 1 }] : [];
    store.put(
      `${directory}/chk-${900 - checkpoint}/_metadata`,
      incrementalCheckpoint({ id: 900 - checkpoint, shared: [...shared, ...lost] }),
      NOW - HOUR - checkpoint * HOUR - (job % 9) * HOUR,
    );
  }
  return files;
}

function historyOf(job: number, label: string, now: number): JobHistory {
  const growth = job % 11 === 3 ? 1.6 : job % 5 === 2 ? -0.2 : 0.1;
  const size = now / (1 + growth);
  const measures = Array.from({ length: MEASURES }, (_, at): Measure => {
    const share = at / MEASURES;
    const live = Math.round(size * (1 + growth * share) * (1 + 0.05 * Math.sin(at / 3)));
    const reclaimable = Math.round(size * 0.1 * (1 + Math.cos(at / 7)));
    return {
      at: NOW - (MEASURES - at) * 6 * HOUR,
      live,
      reclaimable,
      quarantined: Math.round(reclaimable / 3),
      unknown: 0,
      total: Math.round((live + reclaimable) * 1.02),
      roots: 2,
      restorePoints: 2,
      damagedRoots: 0,
      costPerMonth: null,
    };
  });
  const completions = Array.from({ length: MEASURES }, (_, at) => ({
    completed: NOW - (MEASURES - at) * 6 * HOUR - HOUR,
    jobId: idOf(job),
    checkpointId: String(700 + at),
    savepoint: at % 40 === 20,
    bytes: Math.round(size * (1 + (growth * at) / MEASURES)),
    incrementBytes: Math.round(size * 0.02 * (1 + (at % 5))),
  }));
  return { label, completions, measures, ended: false };
}
