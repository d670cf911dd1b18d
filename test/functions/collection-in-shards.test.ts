import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { ENV } from '#functions/shared/environment.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { isShardItem } from '#functions/sweep/shard-item.ts';
import { collectionDefinition } from '#infra/collection-definition.ts';
import { AuditLog, loggedDeletions } from '#operations/ledger/audit-log.ts';
import { readChain } from '#operations/ledger/certificates.ts';
import { readHistories } from '#operations/ledger/job-histories.ts';
import { jobsState } from '#operations/ledger/jobs-document.ts';
import { recollect } from '#operations/ledger/run-memory.ts';
import { readRun } from '#operations/ledger/run-records.ts';
import { COLLECTION_PHASES } from '#operations/shards/collection-phases.ts';
import { StoreError } from '#ports/object-store.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { type Execution, execute } from '#test/support/state-machine.ts';
import { verified } from '#test/support/verified.ts';
import { type Deployed, LEDGER, ledgerText, passQuarantine, putAll, useDeployments } from './deployed.ts';
import { collectUnlessOutgrown, shardHandler, shardsHandler, surveyHandler, sweepItemHandler } from './handlers.ts';

/** A collection in shards: the state machine with the real functions. */

const deploy = useDeployments();

const DEFINITION = collectionDefinition({
  collect: 'the-collect',
  sweep: 'the-sweep',
  inShards: { shards: 'the-shards', shard: 'the-shard' },
});
const PREFIXES = ['a', 'b', 'c'];
const AREA = PREFIXES.map((prefix) => `s3://${BUCKET}/${prefix}`);
const COLLECTING = {
  area: AREA,
  mode: 'collect',
  collect: { maxDeleteFraction: 0.9 },
  deploy: { shards: 'auto' },
};

function playJobs(store: MovingStore): void {
  for (const [at, prefix] of PREFIXES.entries()) {
    const job = new PlayedJob(store, `${prefix}/${at}${JOB.slice(1)}/`, `s3a://${BUCKET}`);
    job.complete(7, [job.upload(10 * at + 1), job.upload(10 * at + 3)], NOW - 2 * DAY);
    job.upload(10 * at + 2);
  }
}

/** The same with `ended`, a job that has ended and left four checkpoints. */
const RETIRING = { ...COLLECTING, retain: [{ path: '**', endedJobs: { keepLast: 1 } }] };

function endedJob(store: MovingStore): PlayedJob {
  return new PlayedJob(store, `a/${OTHER_JOB}/`, `s3a://${BUCKET}`);
}

function playEndedJob(store: MovingStore): void {
  playJobs(store);
  const job = endedJob(store);
  const files = [51, 52, 53].map((number) => job.upload(number, NOW - 40 * DAY));
  for (const checkpoint of [1, 2, 3, 4]) job.complete(checkpoint, files, NOW - (30 - checkpoint) * DAY);
}

const ENDED = endedJob(new MovingStore({}));
const RETIRED = [3, 2, 1].map((checkpoint) => ENDED.root(checkpoint));

/** With a piece of garbage in each location whose quarantine is over. */
async function ripe(configuration: object = COLLECTING, play = playJobs): Promise<Deployed> {
  const deployed = await deploy(configuration, play);
  await surveyHandler({ by: 'schedule' }, deployed.runtime());
  passQuarantine(deployed);
  return deployed;
}

type Invoke = (name: string, payload: unknown, runtime: Runtime) => Promise<unknown>;

const invoked: Invoke = async (name, payload, runtime) => {
  switch (name) {
    case 'the-collect':
      return await collectUnlessOutgrown(payload, runtime);
    case 'the-shards':
      return await shardsHandler(payload, runtime);
    case 'the-shard':
      return await shardHandler(payload, runtime);
    default:
      return await sweepItemHandler(payload, runtime);
  }
};

/** Each item fails at its first attempt, after it has done its work. */
function failingOnce(): Invoke {
  const failed = new Set<string>();
  return async (name, payload, runtime) => {
    const answer = await invoked(name, payload, runtime);
    const id = JSON.stringify(payload);
    if ((name !== 'the-shard' && name !== 'the-sweep') || failed.has(id)) return answer;
    failed.add(id);
    throw new Error('The answer is lost.');
  };
}

async function collection(deployed: Deployed, invoke: Invoke = invoked): Promise<Execution> {
  const environment = { ...deployed.environment, [ENV.inShards]: 'yes', [ENV.shardObjects]: '6' };
  const execution = await execute(
    DEFINITION,
    { by: 'schedule' },
    {
      invoke: async (name, payload) => await invoke(name, payload, { ...deployed.runtime(), environment }),
      read: (bucket, key) => Buffer.from(deployed.s3.object(bucket, key)?.content as Uint8Array).toString(),
      wait: (seconds) => {
        deployed.now += seconds * 1000;
      },
    },
  );
  if (execution.status === 'SUCCEEDED') await expectProven(deployed, execution);
  return execution;
}

/** What it has deleted or retired is certified, in parts, and the second judge finds it proven. */
async function expectProven({ environment, runtime }: Deployed, execution: Execution): Promise<void> {
  const { ledger } = await openDeployedSteward({ ...runtime(), environment });
  for (const run of z.object({ runs: z.array(z.string()) }).parse(execution.output).runs) {
    const { proof, findings, certificate } = await verified(ledger, run);
    const record = await readRun(ledger, run);
    expect({ findings, certificate }).toEqual({ findings: [], certificate: record?.certificate ?? null });
    const did = (record?.deleted.objects ?? 0) + (record?.retired ?? 0) > 0;
    if (did && record?.certificate !== null) expect(proof).toBe('proven');
  }
}

const GARBAGE = PREFIXES.map((prefix, at) => `${prefix}/${at}${JOB.slice(1)}/shared/${uuid(10 * at + 2)}`);

/** What is still there of the garbage. */
function left({ s3 }: Deployed): readonly string[] {
  return GARBAGE.filter((key) => s3.object(BUCKET, key) !== undefined);
}

function recordOf(deployed: Deployed, run: string): Record<string, unknown> {
  return JSON.parse(ledgerText(deployed, `runs/${run}/summary.json`) ?? 'null');
}

function runOf({ output }: Execution): string {
  return z.object({ runs: z.tuple([z.string()]) }).parse(output).runs[0];
}

/** The newest measure of each job, without what depends on the requests of the run. */
async function measuresIn({ environment, runtime }: Deployed): Promise<readonly unknown[]> {
  const { ledger } = await openDeployedSteward({ ...runtime(), environment });
  const files = (await jobsState(ledger))?.files ?? [];
  const histories = await Promise.all(files.map(async (file) => await readHistories(ledger, file)));
  return histories
    .flatMap(({ histories: its }) => [...its.values()])
    .map(({ label, measures, ended }) => {
      const { at: _, ...measure } = measures.at(-1) ?? { at: 0 };
      return { label, ended, ...measure };
    });
}

/** What the next run is compared with. */
function lastRunIn(deployed: Deployed): unknown {
  return JSON.parse(ledgerText(deployed, 'memory@') ?? '').lastRun;
}

function isLeaseFree(deployed: Deployed): boolean {
  return JSON.parse(ledgerText(deployed, 'lease@') ?? '').expires === null;
}

/** Holds a request until it is let go on. */
function gate() {
  let [reach, letGo] = [() => {}, () => {}];
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const goingOn = new Promise<void>((resolve) => (letGo = resolve));
  const callback = async (): Promise<void> => {
    reach();
    await goingOn;
  };
  return { reached, letGo: () => letGo(), fault: { kind: 'run', callback } as const };
}

describe('A collection in shards', () => {
  it('deletes what one process would, and leaves the record of a run, with its audit log', async () => {
    // Prepare
    const deployed = await ripe();
    const before = deployed.s3.keys(BUCKET);

    // Act
    const execution = await collection(deployed);

    // Assess
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { result: 'done', deleted: { objects: 3, bytes: 300 } },
    });
    const after = deployed.s3.keys(BUCKET).filter((key) => !key.endsWith(MARKER_NAME));
    expect(after).toEqual(before.filter((key) => !GARBAGE.includes(key) && !key.endsWith(MARKER_NAME)));
    const run = runOf(execution);
    expect(recordOf(deployed, run)).toMatchObject({
      command: 'collect',
      executed: true,
      result: 'done',
      roots: 3,
      total: { objects: 12 },
      deletable: { objects: 3 },
    });
    const ledger = deployed.s3.keys(LEDGER);
    expect(ledger.filter((key) => key.startsWith(`runs/${run}/planned-`)).length).toBeGreaterThan(1);
    expect(isLeaseFree(deployed)).toBe(true);
  });

  it('retires by policy what one process would, each time that its items are tried, with a copy in the ledger', async () => {
    // Prepare
    const deployed = await ripe(RETIRING, playEndedJob);
    const contents = RETIRED.map((key) => deployed.s3.object(BUCKET, key)?.content);

    // Act: each item of each phase fails at its first attempt, after it has done its work.
    const execution = await collection(deployed, failingOnce());

    // Assess
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
    const run = runOf(execution);
    expect(recordOf(deployed, run)).toMatchObject({ retired: 3, deleted: { objects: 3, bytes: 300 }, kept: 0 });
    expect(deployed.s3.keys(BUCKET).filter((key) => key.startsWith(`a/${OTHER_JOB}/chk-`))).toEqual([ENDED.root(4)]);
    const { retired } = JSON.parse(ledgerText(deployed, 'state@') ?? '');
    expect(retired).toMatchObject(RETIRED.map((key) => ({ url: `s3://${BUCKET}/${key}`, state: 'retired', run })));
    expect(retired.map(({ file }: { file: string }) => deployed.s3.object(LEDGER, file)?.content)).toEqual(contents);
  });

  it('keeps what it has retired on record, whatever a late attempt at what came before still does', async () => {
    // Prepare
    const deployed = await ripe(RETIRING, playEndedJob);
    const late: (() => Promise<unknown>)[] = [];
    const failed: string[] = [];

    // Act: once more all items of before, when the roots are retired.
    const execution = await collection(deployed, async (name, payload, runtime) => {
      if (name === 'the-shard') late.push(() => invoked(name, payload, runtime));
      if (Object(payload).ended === 'retire') {
        for (const again of late) await again().catch((error: Error) => failed.push(error.message));
      }
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(failed).toEqual([]);
    expect(recordOf(deployed, runOf(execution))).toMatchObject({ result: 'done', retired: 3 });
    const { retired } = JSON.parse(ledgerText(deployed, 'state@') ?? '');
    expect(retired.map(({ state }: { state: string }) => state)).toEqual(['retired', 'retired', 'retired']);
  });

  it('counts as retired what the store has deleted alone', async () => {
    // Prepare
    const deployed = await ripe(RETIRING, playEndedJob);
    deployed.s3.faults.add({
      match: { operation: 'DeleteObjects' },
      do: { kind: 'refuse-keys', keys: /chk-[12]\/_metadata$/, code: 'AccessDenied' },
    });

    // Act
    const execution = await collection(deployed);

    // Assess
    expect(recordOf(deployed, runOf(execution))).toMatchObject({ retired: 1, refused: 2 });
    expect(lastRunIn(deployed)).toEqual({ roots: 6, objects: 15 });
  });

  it.each([
    ['finds gone', []],
    ['calls deleted once more', [{ match: { operation: 'DeleteObjects' }, do: { kind: 'ignore-conditions' } }]],
  ] as const)('counts each object once, though the store %s what an attempt before has deleted', async (_, faults) => {
    // Prepare
    const deployed = await ripe();
    for (const fault of faults) deployed.s3.faults.add(fault);

    // Act
    const { output } = await collection(deployed, failingOnce());

    // Assess
    expect(output).toMatchObject({ deleted: { objects: 3, bytes: 300 } });
    expect(lastRunIn(deployed)).toEqual({ roots: 3, objects: 9 });
  });

  it('keeps what each attempt has done on record, though the store puts off a later one that begins', async () => {
    // Prepare
    const deployed = await ripe();
    const failing = failingOnce();
    let sweeps = 0;

    // Act
    const execution = await collection(deployed, async (name, payload, runtime) => {
      if (Object(payload).phase === 'sweep' && ++sweeps === 2) {
        deployed.s3.faults.add({
          match: { operation: 'PutObject', key: /\/attempts\/\d+-0@/, nth: (request) => request % 2 === 1 },
          do: { kind: 'answer', status: 503, code: 'SlowDown' },
        });
      }
      return await failing(name, payload, runtime);
    });

    // Assess
    expect(sweeps).toBe(2);
    expect(execution).toMatchObject({ output: { deleted: { objects: 3, bytes: 300 } } });
    const { ledger } = await openDeployedSteward(deployed.runtime());
    const outcomes: string[] = [];
    for await (const { outcome } of loggedDeletions(ledger, runOf(execution))) outcomes.push(outcome);
    expect(outcomes.sort()).toEqual(['deleted', 'deleted', 'deleted', 'gone', 'gone', 'gone']);
  });

  it('gives no two attempts at a shard the same place in the log, though the store puts off one while the other begins', async () => {
    const deployed = await ripe();
    const { ledger } = await openDeployedSteward(deployed.runtime());
    const begun: number[] = [];
    const begin = async (): Promise<void> => void begun.push((await AuditLog.ofShard(ledger, 'run', 0)).attempt);
    deployed.s3.faults.add({
      match: { operation: 'PutObject', key: /\/attempts\/0-0@/, nth: 1 },
      do: [
        { kind: 'run', callback: begin },
        { kind: 'answer', status: 503, code: 'SlowDown' },
      ],
    });

    await expect(begin()).rejects.toThrow(StoreError);
    await begin();

    expect(begun).toEqual([0, 1]);
  });

  it('counts each object once for the run after, too, where it ended before it could count', async () => {
    // Prepare
    const deployed = await ripe();
    const failing = failingOnce();
    const { status } = await collection(deployed, async (name, payload, runtime) => {
      if (Object(payload).ended === 'sweep') throw new Error('Out of memory.');
      return await failing(name, payload, runtime);
    });
    const { ledger } = await openDeployedSteward(deployed.runtime());

    // Act
    const { record } = await recollect(ledger);

    // Assess
    expect(status).toBe('FAILED');
    expect(record?.lastRun).toEqual({ roots: 3, objects: 9 });
  });

  it('is on record as done, though its lease could not be given back', async () => {
    // Prepare
    const deployed = await ripe();

    // Act
    const execution = await collection(deployed, async (name, payload, runtime) => {
      if (Object(payload).ended === 'sweep') {
        deployed.s3.faults.add({
          match: { operation: 'PutObject', key: /^lease@/ },
          do: { kind: 'answer', status: 403, code: 'AccessDenied' },
        });
      }
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
    expect(recordOf(deployed, runOf(execution))).toMatchObject({ result: 'done', deleted: { objects: 3 } });
  });

  it('retires nothing of a job that has come back since the roots were read', async () => {
    // Prepare
    const deployed = await ripe(RETIRING, playEndedJob);
    const back = new MovingStore({ now: NOW });
    endedJob(back).complete(5, [ENDED.file(51)], deployed.now);

    // Act
    const { output } = await collection(deployed, async (name, payload, runtime) => {
      if (name === 'the-sweep') putAll(deployed.s3, back);
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(output).toMatchObject({ result: 'done', deleted: { objects: 3 } });
    expect(RETIRED.map((key) => deployed.s3.object(BUCKET, key) !== undefined)).toEqual([true, true, true]);
  });

  it('goes on with its run at once, where the first answer is lost', async () => {
    // Prepare
    const deployed = await ripe();
    const before = deployed.now;
    const begun: unknown[] = [];

    // Act
    const execution = await collection(deployed, async (name, payload, runtime) => {
      const answer = await invoked(name, payload, runtime);
      if (name === 'the-shards' && 'objects' in Object(payload) && begun.push(answer) === 1) {
        throw Object.assign(new Error('The answer is lost.'), { name: 'Lambda.SdkClientException' });
      }
      return answer;
    });

    // Assess
    expect(begun).toHaveLength(2);
    expect(begun[1]).toEqual(begun[0]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
    expect(begun[0]).toMatchObject({ run: runOf(execution) });
    expect(deployed.now - before).toBeLessThan(10 * 60_000);
  });

  it.each([
    ['to begin', 'plan', 'judge'],
    ['to begin', 'plan', 'end'],
    ['to end a phase', 'copies', 'judge'],
    ['to end a phase', 'copies', 'end'],
    ['to end a phase that certifies', 'certify', 'end'],
  ])(
    'goes on, though an attempt %s, before "%s", fails after the second one has done it (%s)',
    async (_, next, until) => {
      // Prepare
      const deployed = await ripe();
      const { reached, letGo, fault } = gate();
      deployed.s3.faults.add({
        match: { operation: 'PutObject', key: new RegExp(`/${next}/items\\.json$`), nth: 1 },
        do: [fault, { kind: 'answer', status: 403, code: 'AccessDenied' }],
      });
      const before = COLLECTION_PHASES[COLLECTION_PHASES.findIndex(({ name }) => name === next) - 1]?.name;
      let first: Promise<unknown> | undefined;
      const endFirst = async (): Promise<void> => {
        letGo();
        await expect(first).rejects.toThrow();
      };

      // Act
      const execution = await collection(deployed, async (name, payload, runtime) => {
        const { ended, objects } = Object(payload);
        if (
          name === 'the-shards' &&
          first === undefined &&
          (before === undefined ? objects !== undefined : ended === before)
        ) {
          first = invoked(name, payload, runtime);
          await reached;
        }
        if (ended === until) await endFirst();
        const answer = await invoked(name, payload, runtime);
        if (until === 'end' && Object(answer).result === 'done') await endFirst();
        return answer;
      });

      // Assess
      expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
      expect(recordOf(deployed, runOf(execution))).toMatchObject({ result: 'done', certificate: expect.any(String) });
      expect(isLeaseFree(deployed)).toBe(true);
    },
  );

  it('is not run and not certified twice, where the last answer is lost, and the weekly verification proves it', async () => {
    // Prepare
    const deployed = await ripe();
    let lost = 0;

    // Act
    const execution = await collection(deployed, async (name, payload, runtime) => {
      const answer = await invoked(name, payload, runtime);
      if (Object(answer).result === 'done' && lost++ === 0) {
        throw Object.assign(new Error('The answer is lost.'), { name: 'Lambda.SdkClientException' });
      }
      return answer;
    });

    // Assess
    expect(lost).toBeGreaterThan(1);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
    const run = runOf(execution);
    const { ledger } = await openDeployedSteward(deployed.runtime());
    const { certificate: sha256 } = recordOf(deployed, run);
    expect(await readChain(ledger)).toEqual({ before: 0, chain: [{ run, sha256 }] });
    const answer = await surveyHandler({ by: 'schedule', only: 'proof' }, deployed.runtime());
    expect(answer).toEqual({ result: 'proven', verified: 1, proven: 1, notProven: [], findings: [] });
  });

  it('has the same certificate, whatever late attempts at what came before still do', async () => {
    // Prepare
    const deployed = await ripe(RETIRING, playEndedJob);
    const late: (() => Promise<unknown>)[] = [];

    // Act: once more all items, when everything is certified, before the run has ended.
    const execution = await collection(deployed, async (name, payload, runtime) => {
      if (name === 'the-shard' || name === 'the-sweep') late.push(() => invoked(name, payload, runtime));
      if (Object(payload).ended === 'certify') for (const again of late) await again();
      return await invoked(name, payload, runtime);
    });

    // Assess: the state machine has looked whether it is proven.
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
  });

  it('goes by what was decided, though another attempt to decide ends later and would decide otherwise', async () => {
    // Prepare
    const deployed = await ripe();
    const { reached, letGo, fault } = gate();

    // Act
    const execution = await collection(deployed, async (name, payload, runtime) => {
      if (Object(payload).ended !== 'conclude') return await invoked(name, payload, runtime);
      deployed.s3.faults.add({ match: { operation: 'GetObject', key: /^state@/, nth: 2 }, do: fault });
      const first = invoked(name, payload, runtime);
      await reached;
      const answer = await invoked(name, payload, runtime);
      const state = ledgerText(deployed, 'state@') ?? '';
      const paused = { at: new Date(deployed.now).toISOString(), by: 'somebody', why: 'to look' };
      deployed.s3.put(LEDGER, 'state@', JSON.stringify({ ...JSON.parse(state), paused }));
      letGo();
      expect(await first).toEqual(answer);
      deployed.s3.put(LEDGER, 'state@', state);
      return answer;
    });

    // Assess
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
  });

  it('is certified once, where two attempts at its end write side by side', async () => {
    // Prepare
    const deployed = await ripe();
    const { reached, letGo, fault } = gate();
    deployed.s3.faults.add({
      match: { operation: 'PutObject', key: /\/certificate\.ndjson\.gz$/, nth: 1 },
      do: fault,
    });

    // Act
    const execution = await collection(deployed, async (name, payload, runtime) => {
      if (Object(payload).ended !== 'certify') return await invoked(name, payload, runtime);
      const first = invoked(name, payload, runtime);
      await reached;
      const answer = await invoked(name, payload, runtime);
      letGo();
      expect(await first).toEqual(answer);
      return answer;
    });

    // Assess
    const run = runOf(execution);
    const { certificate: sha256 } = recordOf(deployed, run);
    const { ledger } = await openDeployedSteward(deployed.runtime());
    expect(await readChain(ledger)).toEqual({ before: 0, chain: [{ run, sha256 }] });
    expect(isLeaseFree(deployed)).toBe(true);
  });

  it.each([
    ['sweep', 'while its phase goes on', false],
    ['sweep', 'when its phase has ended', true],
    ['retire', 'while its phase goes on', false],
    ['retire', 'when its phase has ended', true],
  ])(
    'counts what all attempts at an item have done: of "%s", where the first one ends after the second, %s',
    async (phase, _, isLate) => {
      // Prepare
      const deployed = await ripe(RETIRING, playEndedJob);
      const { reached, letGo, fault } = gate();
      let first: Promise<unknown> | undefined;
      deployed.s3.faults.add({
        match: { operation: 'DeleteObjects', body: phase === 'sweep' ? /shared/ : /_metadata/, nth: 1 },
        do: fault,
      });
      const endFirst = async (): Promise<void> => {
        letGo();
        await first;
      };

      // Act
      const execution = await collection(deployed, async (name, payload, runtime) => {
        const isItem = Object(payload).phase === phase;
        if (isItem) {
          first = invoked(name, payload, runtime);
          await reached;
        }
        const answer = await invoked(name, payload, runtime);
        if (isLate ? Object(payload).ended === phase : isItem) await endFirst();
        return answer;
      });

      // Assess: the state machine has looked whether it is proven.
      expect(execution).toMatchObject({
        status: 'SUCCEEDED',
        output: { result: 'done', retired: 3, deleted: { objects: 3 } },
      });
      expect(left(deployed)).toEqual([]);
    },
  );

  it('counts what an attempt that died has deleted, though the next one stops before it comes so far', async () => {
    // Prepare
    const deployed = await ripe();
    const pause = (): void => {
      const state = JSON.parse(ledgerText(deployed, 'state@') ?? '');
      const paused = { at: new Date(deployed.now).toISOString(), by: 'somebody', why: 'to look' };
      deployed.s3.put(LEDGER, 'state@', JSON.stringify({ ...state, paused }));
    };
    deployed.s3.faults.add({
      match: { operation: 'PutObject', key: /^runs\/.*\/planned-/, nth: 3 },
      do: [
        { kind: 'run', callback: pause },
        { kind: 'answer', status: 403, code: 'AccessDenied' },
      ],
    });

    // Act
    const execution = await collection(deployed);

    // Assess: the state machine has looked whether it is proven.
    expect(left(deployed)).toHaveLength(1);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'stopped', deleted: { objects: 2 } } });
  });

  it.each(['logged', 'certify'])(
    'is on record as done, without certificate, where an item of its phase "%s" fails for good',
    async (phase) => {
      // Prepare
      const deployed = await ripe();

      // Act
      const execution = await collection(deployed, async (name, payload, runtime) => {
        if (Object(payload).phase === phase) throw new Error('Out of memory.');
        return await invoked(name, payload, runtime);
      });

      // Assess
      expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
      const run = runOf(execution);
      expect(recordOf(deployed, run)).toMatchObject({ result: 'done', certificate: null });
      expect(isLeaseFree(deployed)).toBe(true);
      const { ledger } = await openDeployedSteward(deployed.runtime());
      expect(await verified(ledger, run)).toMatchObject({ proof: 'no-certificate', deletions: 3, findings: [] });
    },
  );

  it('is on record as done, without certificate, where what comes after one of its last phases can not be written', async () => {
    // Prepare
    const deployed = await ripe();
    deployed.s3.faults.add({
      match: { operation: 'PutObject', key: /\/near\/items\.json$/ },
      do: { kind: 'answer', status: 403, code: 'AccessDenied' },
    });

    // Act
    const execution = await collection(deployed);

    // Assess
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
    expect(recordOf(deployed, runOf(execution))).toMatchObject({ result: 'done', certificate: null });
    expect(isLeaseFree(deployed)).toBe(true);
  });

  it('measures the jobs as one function does, and "survey" publishes that without a look at the area', async () => {
    // Prepare
    const deployed = await ripe({ ...COLLECTING, mode: 'observe' });
    await collection(deployed);
    const inShards = await measuresIn(deployed);
    deployed.s3.log.clear();
    deployed.published.length = 0;
    const environment = { ...deployed.environment, [ENV.inShards]: 'yes', [ENV.shardObjects]: '6' };

    // Act
    const published = await surveyHandler({ by: 'schedule' }, { ...deployed.runtime(), environment });

    // Assess
    expect(published).toMatchObject({ result: 'published', jobs: 3 });
    expect(deployed.s3.log.requests.filter(({ bucket }) => bucket === BUCKET)).toEqual([]);
    expect(deployed.published.filter(({ name }) => name === 'Heartbeat')).toMatchObject([{ value: 1 }]);
    await surveyHandler({}, deployed.runtime());
    expect(inShards).toEqual(await measuresIn(deployed));
    expect(inShards).toHaveLength(3);
  });

  it('can be undone, and is followed by a run of one function that goes on from its memory', async () => {
    // Prepare
    const deployed = await ripe();
    await collection(deployed);

    // Act
    const survey = await surveyHandler({}, deployed.runtime());

    // Assess
    expect(survey).toMatchObject({ result: 'observed', deletable: { objects: 0 }, breakers: [] });
  });

  it('tries an item again that failed, and goes on', async () => {
    // Prepare
    const deployed = await ripe();

    // Act: each item of each phase fails at its first attempt, after it has done its work.
    const { status, output } = await collection(deployed, failingOnce());

    // Assess
    expect(status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ result: 'done', why: null, deleted: { objects: 3, bytes: 300 } });
    expect(left(deployed)).toEqual([]);
  });

  it.each(['list', 'roots', 'remember', 'sweep'])(
    'ends as a failure where an item of its phase "%s" fails for good: the next one begins anew',
    async (phase) => {
      // Prepare
      const deployed = await ripe();

      // Act
      const { status, cause } = await collection(deployed, async (name, payload, runtime) => {
        if (Object(payload).phase === phase) throw new Error('Out of memory.');
        return await invoked(name, payload, runtime);
      });
      const next = await collection(deployed);

      // Assess
      expect(status).toBe('FAILED');
      expect(cause).toMatch(new RegExp(`an item of its phase "${phase}" failed in all its attempts`));
      expect(next).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
    },
  );

  it('deletes nothing in the mode "observe"', async () => {
    // Prepare
    const observing = await ripe({ ...COLLECTING, mode: 'observe' });

    // Act
    const { output } = await collection(observing);

    // Assess
    expect(output).toMatchObject({ result: 'observed', deleted: { objects: 0 } });
    expect(left(observing)).toHaveLength(3);
  });

  it('deletes nothing where a breaker trips, and says which', async () => {
    // Prepare
    const deployed = await ripe({ ...COLLECTING, collect: { maxDeleteFraction: 0.01 } });

    // Act
    const { output } = await collection(deployed);

    // Assess
    expect(output).toMatchObject({ result: 'stopped', deleted: { objects: 0 } });
    expect(left(deployed)).toHaveLength(3);
    expect(deployed.counted.get('StoppedRuns')).toBe(1);
    expect(isLeaseFree(deployed)).toBe(true);
  });

  it('deletes nothing that a checkpoint needs which was completed after the roots were read', async () => {
    // Prepare: of the first job, a checkpoint that names what was judged to be garbage.
    const deployed = await ripe();
    const metadata = new MovingStore({ now: NOW });
    const job = new PlayedJob(metadata, `a/0${JOB.slice(1)}/`, `s3a://${BUCKET}`);
    job.complete(8, [GARBAGE[0] ?? ''], deployed.now);

    // Act
    const { output } = await collection(deployed, async (name, payload, runtime) => {
      if (name === 'the-sweep') putAll(deployed.s3, metadata);
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(output).toMatchObject({ result: 'done', deleted: { objects: 2 } });
    expect(left(deployed)).toEqual([GARBAGE[0]]);
  });

  it('deletes nothing more once its lease is lost', async () => {
    // Prepare
    const deployed = await ripe();
    const lease = JSON.stringify({
      run: 'another',
      command: 'steward collect',
      holder: { host: 'elsewhere', process: null },
      expires: new Date(deployed.now + DAY).toISOString(),
      fence: 99,
    });

    // Act
    const { status, cause } = await collection(deployed, async (name, payload, runtime) => {
      if (name === 'the-sweep') deployed.s3.put(LEDGER, 'lease@', lease);
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(status).toBe('FAILED');
    expect(cause).toMatch(/has no lease on the ledger any more/);
    expect(left(deployed)).toHaveLength(3);
    expect(isLeaseFree(deployed)).toBe(false);
  });

  it('deletes nothing more by an attempt that goes on after another one has ended its phase, as nobody would certify that', async () => {
    // Prepare
    const deployed = await ripe();

    // Act: the phase ends when the first of three batches is deleted.
    await collection(deployed, async (name, payload, runtime) => {
      if (name === 'the-sweep' && Object(payload).phase === 'sweep') {
        const ended = `shards/${Object(payload).run}/sweep/done.json`;
        deployed.s3.faults.add({
          match: { operation: 'PutObject', key: /^runs\/.*\/done-/ },
          do: { kind: 'run', callback: () => void deployed.s3.put(LEDGER, ended, '{"items":[]}') },
        });
      }
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(left(deployed)).toHaveLength(2);
  });

  it('waits while another run is under way', async () => {
    // Prepare
    const deployed = await ripe();
    const lease = {
      run: 'another',
      command: 'steward survey',
      holder: { host: 'elsewhere', process: null },
      expires: new Date(deployed.now + 30_000).toISOString(),
      fence: 99,
    };
    deployed.s3.put(LEDGER, 'lease@', JSON.stringify(lease));

    // Act
    const { output } = await collection(deployed);

    // Assess
    expect(output).toMatchObject({ result: 'done', minutesWaited: 3 });
  });

  it.each([
    ['one function is enough', {}, undefined],
    ['the state machine can run no shards', { [ENV.inShards]: undefined, [ENV.shardObjects]: '6' }, undefined],
    [
      'the function has too little memory',
      { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128' },
      /more than one function can look at/,
    ],
    ['shards are to be tried', { [ENV.shardObjects]: '6' }, /which is more than STEWARD_SHARD_OBJECTS\.$/],
  ])('is begun where an area has outgrown one function, and not before: %s', async (_, variables, why) => {
    // Prepare
    const deployed = await ripe();
    const environment = { ...deployed.environment, [ENV.inShards]: 'yes', ...variables };

    // Act
    const answer = await collectUnlessOutgrown({ by: 'schedule' }, { ...deployed.runtime(), environment });

    // Assess
    expect(answer).toMatchObject(
      why === undefined
        ? { result: 'observed' }
        : { result: 'in-shards', why: expect.stringMatching(why), shards: { objects: 12, order: expect.any(String) } },
    );
  });

  it('is begun after a look that did not end within the time of a function', async () => {
    // Prepare
    const deployed = await ripe();
    const environment = { ...deployed.environment, [ENV.inShards]: 'yes' };
    const late = { ...deployed.runtime(), remaining: () => 60_000 };
    await expect(surveyHandler({ by: 'schedule' }, late)).rejects.toThrow(/The time of the function survey was over/);

    // Act
    const answer = await collectUnlessOutgrown({ by: 'schedule' }, { ...deployed.runtime(), environment });

    // Assess
    expect(answer).toMatchObject({ result: 'in-shards', why: expect.stringMatching(/has not ended within the time/) });
  });

  it('deletes nothing more once a deployment has set the mode "observe"', async () => {
    // Prepare
    const deployed = await ripe();
    const observing = JSON.stringify({ ...COLLECTING, mode: 'observe' });

    // Act
    const said: string[] = [];
    const { status } = await collection(deployed, async (name, payload, runtime) => {
      if (name !== 'the-sweep') return await invoked(name, payload, runtime);
      expect(isShardItem(payload)).toBe(true);
      const environment = { ...runtime.environment, [ENV.config]: '', [ENV.json]: observing };
      return await invoked(name, payload, { ...runtime, environment }).catch((error: Error) => {
        said.push(error.message);
        throw error;
      });
    });

    // Assess
    expect(status).toBe('FAILED');
    expect(said).toEqual([expect.stringMatching(/^Run \S+ may not delete: the mode is not "collect" any more/)]);
    expect(left(deployed)).toHaveLength(3);
  });

  it.each([
    [
      'configuration',
      { [ENV.config]: '', [ENV.json]: JSON.stringify({ ...COLLECTING, collect: { minAge: '9d' } }) },
      null,
    ],
    ['code', {}, 'a later one'],
  ])('deletes nothing more once another %s is deployed', async (_, variables, build) => {
    // Prepare
    const deployed = await ripe();
    const said: string[] = [];

    // Act
    const { status } = await collection(deployed, async (name, payload, runtime) => {
      if (name !== 'the-sweep') return await invoked(name, payload, runtime);
      if (build !== null) vi.stubGlobal('STEWARD_BUILD', build);
      const environment = { ...runtime.environment, ...variables };
      return await invoked(name, payload, { ...runtime, environment })
        .catch((error: Error) => {
          said.push(error.message);
          throw error;
        })
        .finally(() => vi.unstubAllGlobals());
    });

    // Assess
    expect(status).toBe('FAILED');
    expect(new Set(said)).toEqual(
      new Set([expect.stringMatching(/began under another configuration or another version of the code/)]),
    );
    expect(left(deployed)).toHaveLength(3);
  });

  it.each(['sweep', 'certify'])(
    'has done what it has deleted, though a deployment sets the mode "observe" when its phase "%s" has ended',
    async (phase) => {
      // Prepare
      const deployed = await ripe();
      const observing = JSON.stringify({ ...COLLECTING, mode: 'observe' });
      let isObserving = false;

      // Act
      const execution = await collection(deployed, async (name, payload, runtime) => {
        isObserving ||= Object(payload).ended === phase;
        const changes = isObserving ? { [ENV.config]: '', [ENV.json]: observing } : {};
        return await invoked(name, payload, { ...runtime, environment: { ...runtime.environment, ...changes } });
      });

      // Assess
      expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'done', deleted: { objects: 3 } } });
      expect(recordOf(deployed, runOf(execution))).toMatchObject({
        result: 'done',
        executed: true,
        certificate: expect.any(String),
      });
    },
  );

  it('is on record as failed, and gives its lease back, where another code is deployed while it certifies', async () => {
    // Prepare
    const deployed = await ripe();
    let run = '';

    // Act
    const { status } = await collection(deployed, async (name, payload, runtime) => {
      if (Object(payload).phase === 'needed') {
        run = Object(payload).run;
        vi.stubGlobal('STEWARD_BUILD', 'a later one');
      }
      return await invoked(name, payload, runtime);
    }).finally(() => vi.unstubAllGlobals());

    // Assess
    expect(status).toBe('FAILED');
    expect(recordOf(deployed, run)).toMatchObject({
      result: 'failed',
      why: expect.stringMatching(/began under another configuration or another version of the code/),
    });
    expect(isLeaseFree(deployed)).toBe(true);
    const { ledger } = await openDeployedSteward(deployed.runtime());
    expect(await verified(ledger, run)).toMatchObject({ proof: 'no-certificate', deletions: 3, findings: [] });
  });

  it('ends as a failure, and gives the lease back, where a file of an item is lost before its phase ends', async () => {
    // Prepare
    const deployed = await ripe();

    // Act
    const { status, cause } = await collection(deployed, async (name, payload, runtime) => {
      const { run, ended } = Object(payload);
      if (ended === 'judge') deployed.s3.erase(LEDGER, `shards/${run}/judge/0.json`);
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(status).toBe('FAILED');
    expect(cause).toMatch(/judge\/0\.json of s3:\/\/steward-ledger is missing/);
    expect(isLeaseFree(deployed)).toBe(true);
    expect(left(deployed)).toHaveLength(3);
  });

  it('remembers nothing, and deletes nothing wrong, where another run has stored its findings meanwhile', async () => {
    // Prepare
    const deployed = await ripe();
    const foreign = async (): Promise<void> => {
      const memory = JSON.parse(ledgerText(deployed, 'memory@') ?? '');
      deployed.s3.put(LEDGER, 'memory@', JSON.stringify({ ...memory, run: 'another' }));
    };

    // Act
    const { status } = await collection(deployed, async (name, payload, runtime) => {
      if (Object(payload).phase === 'remember-run') await foreign();
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(ledgerText(deployed, 'memory@') ?? '')).toMatchObject({ run: 'another' });
    expect(left(deployed)).toEqual([]);
  });

  it('is no item of a shard for sweep, where the event is an order', () => {
    expect([{ order: 'retire' }, null, 'item'].map(isShardItem)).toEqual([false, false, false]);
  });
});
