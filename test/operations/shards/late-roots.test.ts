import { describe, expect, it } from 'vitest';
import { type Survey, survey } from '#operations/look/survey.ts';
import { AreaLook } from '#operations/shards/area-look.ts';
import { shardContext } from '#operations/shards/context.ts';
import { groundsOfShard } from '#operations/shards/judge-shard.ts';
import { LateFindings } from '#operations/shards/late-findings.ts';
import { LateRoots } from '#operations/shards/late-roots.ts';
import { runPhases } from '#operations/shards/run-phases.ts';
import { ShardFiles } from '#operations/shards/shard-files.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { decideAtOnce, decideInShards, SURVEYED } from '#test/support/sharded.ts';

const HOUR = DAY / 24;

function inputOf(store: MovingStore) {
  const area = { name: 'b', store: 's3://bucket', prefix: '', hidden: 0 };
  return { ...SURVEYED, assumeQuarantined: true, locations: [{ area, store }] };
}

/** A bucket, a file in it, and what happens there between the judging and the deletion. */
interface Play {
  readonly store: MovingStore;
  readonly file: string;
  readonly happen: () => void;
}

/** Whether the file is live for one process that looks again, and for the sweep of a shard. */
async function isLiveIn(play: () => Play): Promise<readonly [boolean, boolean]> {
  const one = play();
  const single: Survey = await survey(inputOf(one.store));
  one.happen();
  await single.readAgain();
  const other = play();
  const files = new ShardFiles(new MemoryLedger(new LedgerContent(), OPEN), 'run');
  const context = shardContext({ input: inputOf(other.store), ledger: null, files, shards: 1, verdicts: false });
  await runPhases(context, { atOnce: 1 });
  const { grounds } = await groundsOfShard('0', context);
  const late = await LateRoots.of(context, grounds, {
    look: new AreaLook(context),
    findings: await LateFindings.of(context),
  });
  other.happen();
  await late.readAgain();
  return [
    single.reachability.isLive(single.objects.find(0, one.file)),
    late.reachability.isLive(grounds.objects.find(0, other.file)),
  ];
}

describe('Roots that come while an area is looked at in shards', () => {
  it('are found in a new job directory between files, whichever shard that is in', async () => {
    const play = (): MovingStore => {
      const store = new MovingStore({ now: NOW, keysPerRequest: 20, objectsPerPage: 20 });
      store.put('a/first', 'x');
      const job = new PlayedJob(store, `ck/1${JOB.slice(1)}/`);
      const files = Array.from({ length: 30 }, (_, at) => job.upload(at));
      job.complete(7, files.slice(0, 10));
      for (let part = 10; part < 40; part++) store.put(`ck/zz/part-${part}`, 'x', NOW - 5 * DAY);
      const fresh = new PlayedJob(store, `ck/${OTHER_JOB}/`);
      const isLook = (call: { readonly expected?: number | undefined; readonly operation: string }) =>
        call.expected !== undefined || call.operation === 'children';
      store.once(isLook, () => fresh.complete(1, [files[20] ?? '']));
      return store;
    };

    const atOnce = await decideAtOnce(inputOf(play()));
    const inShards = await decideInShards(inputOf(play()), { cuts: [{ location: 0, key: 'a/zzz' }] });

    expect(atOnce.verdicts.filter((line) => line.endsWith('delete garbage'))).toHaveLength(19);
    expect(inShards.verdicts).toEqual(atOnce.verdicts);
  });

  it('are found before a deletion though the listing passes between the old one and the new one', async () => {
    const play = (): Play => {
      const store = new MovingStore({ now: NOW, objectsPerPage: 1 });
      const job = new PlayedJob(store);
      const [first, file] = [job.upload(1), job.upload(2)];
      job.complete(7, [first]);
      const happen = (): void => {
        job.complete(9, [file], NOW);
        store.once(
          (call) => call.operation === 'list' && call.of.endsWith('chk-') && call.part === 2,
          () => {
            job.complete(10, [file], NOW);
            job.subsume(9);
          },
        );
      };
      return { store, file, happen };
    };

    expect(await isLiveIn(play)).toEqual([true, true]);
  });

  it('are read before a deletion though the store denied them for a while', async () => {
    const play = (): Play => {
      const store = new MovingStore({ now: NOW });
      const job = new PlayedJob(store);
      const [first, file] = [job.upload(1), job.upload(2)];
      job.complete(6, [file], NOW - 3 * DAY);
      job.complete(7, [first]);
      const content = job.metadata(6, [file]);
      store.once(
        (call) => call.operation === 'read' && call.of.includes('chk-6'),
        () => job.subsume(6),
      );
      return { store, file, happen: () => store.put(job.root(6), content, NOW - 3 * DAY) };
    };

    expect(await isLiveIn(play)).toEqual([true, true]);
  });
});

describe('A look at the roots before objects of shards are deleted', () => {
  /** Two jobs with many files, in four shards of which a request lists a part. */
  async function looked(passed: () => number): Promise<{ readonly store: MovingStore; readonly look: AreaLook }> {
    const store = new MovingStore({ now: NOW, keysPerRequest: 20, objectsPerPage: 20 });
    for (const id of ['0', '1']) {
      const job = new PlayedJob(store, `ck/${id}${JOB.slice(1)}/`);
      const files = Array.from({ length: 200 }, (_, at) => job.upload(at));
      job.complete(7, files.slice(0, 10));
    }
    const files = new ShardFiles(new MemoryLedger(new LedgerContent(), OPEN), 'run');
    const input = { ...inputOf(store), passed };
    const context = shardContext({ input, ledger: null, files, shards: 4, verdicts: false });
    await runPhases(context, { atOnce: 1 });
    store.calls.length = 0;
    return { store, look: new AreaLook(context) };
  }

  async function listed(look: AreaLook): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const roots of look.listings()) keys.push(...roots.map(({ key }) => key));
    return keys;
  }

  it('takes a few requests for each job, and none for what the shards hold besides', async () => {
    // Prepare
    const { store, look } = await looked(() => 0);

    // Act
    const keys = await listed(look);

    // Assess: both roots in each of the two listings; all keys would take 22 requests each.
    expect(keys.map((key) => key.slice(3, 4))).toEqual(['0', '1', '0', '1']);
    expect(store.calls.length).toBeLessThan(2 * 2 * 5);
  });

  it('is shared by shards that are swept one after the other, and rests three times as long as it took', async () => {
    // Prepare
    let now = 0;
    const { store, look } = await looked(() => now);
    store.always(
      () => true,
      () => {
        now += 10_000;
      },
    );
    const began = now;
    await listed(look);
    const took = now - began;
    const requests = store.calls.length;
    const looksAt = async (time: number): Promise<boolean> => {
      now = began + time;
      await listed(look);
      return store.calls.length > requests;
    };

    // Act
    const answers = [await looksAt(took), await looksAt(4 * took - 1), await looksAt(4 * took)];

    // Assess
    expect(answers).toEqual([false, false, true]);
  });
});

describe('Roots nested in the directory of others', () => {
  it('are of their own owner, whichever batch has seen them', async () => {
    // More roots than one batch has, and a job below a folder that is called like a checkpoint.
    const play = (): MovingStore => {
      const store = new MovingStore({ now: NOW });
      const outer = new PlayedJob(store, 'ck/');
      const shared = outer.upload(1);
      for (let number = 100; number < 160; number++) outer.complete(number, [shared], NOW - 2 * DAY);
      const inner = new PlayedJob(store, `ck/chk-0-prod/${JOB}/`);
      const live = inner.upload(2, NOW - 90 * DAY);
      for (const [at, age] of [
        [3, 5 * DAY],
        [4, 70 * DAY],
        [5, 30 * HOUR],
      ] as const) {
        inner.upload(at, NOW - age);
      }
      inner.complete(3, [live], NOW - 80 * DAY);
      return store;
    };

    const atOnce = await decideAtOnce(inputOf(play()));

    expect(atOnce.verdicts.filter((line) => line.includes('no-later-checkpoint'))).toHaveLength(3);
    expect(await decideInShards(inputOf(play()), { shards: 1 })).toEqual(atOnce);
  });
});

describe('A phase that has ended', () => {
  it('does not end again with other files', async () => {
    // Prepare
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);
    const files = new ShardFiles(ledger, 'run');
    await files.write('list', '0', { facts: 1, lists: {} });
    await files.close('list', ['0']);
    await new ShardFiles(ledger, 'run').close('list', ['0']);

    // Act
    await files.write('list', '0', { facts: 2, lists: {} });
    const again = new ShardFiles(ledger, 'run').close('list', ['0']);

    // Assess
    await expect(again).rejects.toThrow('has ended before, with other files');
    await expect(new ShardFiles(ledger, 'run').read('list', '0')).rejects.toThrow('is not what was written');
  });
});
