import type { Buffer } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { loggedDeletions } from '#operations/ledger/audit-log.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { recollect } from '#operations/ledger/run-memory.ts';
import { type RetiredRoot, readState } from '#operations/ledger/state.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { KINDS, keepLast, type RunChanges, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };
/** By then the job has ended: nothing was written for longer than `deadAfter`. */
const ENDED = NOW + 15 * DAY;
const RETIRE: RunChanges = { command: 'retire', sweep: null, retention: keepLast(1), survey: { settings: RULES } };

/** An ended job with three checkpoints, each with a file of its own beside the one that all name. */
function playEnded(area: Stewarded, directory = `flink/${JOB}/`): PlayedJob {
  const job = new PlayedJob(area, directory, area.url);
  const common = job.upload(0);
  for (const n of [1, 2, 3]) job.complete(n, [common, job.upload(n)], NOW - 3 * DAY + n * 1_000);
  area.time = ENDED;
  return job;
}

async function retiredIn({ ledger }: Stewarded): Promise<readonly RetiredRoot[]> {
  return (await readState(ledger)).retired;
}

async function copyIn({ ledger }: Stewarded, file: string): Promise<Buffer> {
  const chunks = await ledger.readFile(file);
  if (chunks === null) throw new Error(`There is no ${file}.`);
  return await buffer(chunks);
}

describe.each(KINDS)('Retiring in a %s', (kind) => {
  it('moves the roots into the ledger; their files become garbage, and go after their quarantine', async () => {
    // Prepare
    const area = await open(kind, { realLedger: true });
    const job = playEnded(area);
    const before = [job.root(1), job.root(2)].map((key) => area.content(key));

    // Act
    const { record, retired, decisions, survey } = await area.run(RETIRE);
    const after = area.keys();
    const quarantined = await area.run({ survey: { settings: RULES } });
    area.time = ENDED + DAY;
    const swept = await area.run({ survey: { settings: RULES } });

    // Assess
    const etagOf = (key: string) => survey.objects.etag(survey.objects.find(0, key));
    expect(record).toMatchObject({ result: 'done', retired: 2, deleted: { objects: 0 } });
    expect(retired.retired.map(({ key }) => key)).toEqual([job.root(2), job.root(1)]);
    expect(decisions.map(({ root, action }) => [root.key, action])).toEqual([
      [job.root(3), 'keep'],
      [job.root(2), 'retire'],
      [job.root(1), 'retire'],
    ]);
    expect(after).toEqual([...[0, 1, 2, 3].map((n) => job.file(n)), job.root(3)].sort());
    expect(await retiredIn(area)).toEqual(
      [2, 1].map((n, at) => ({
        url: `s3://bucket/${job.root(n)}`,
        etag: etagOf(job.root(n)),
        bytes: before[n - 1]?.length,
        completed: new Date(NOW - 3 * DAY + n * 1_000).toISOString(),
        run: record.run,
        file: `retired/${record.run}/00000${at + 1}.metadata`,
        state: 'retired',
        restoredEtag: null,
      })),
    );
    const copies = await Promise.all((await retiredIn(area)).map(async ({ file }) => await copyIn(area, file)));
    expect(copies.reverse()).toEqual(before);
    expect(quarantined.record).toMatchObject({ quarantined: { objects: 2 }, deleted: { objects: 0 } });
    expect(swept.record).toMatchObject({ deleted: { objects: 2 }, breakers: [] });
    expect(area.keys()).toEqual([job.file(0), job.file(3), job.root(3)].sort());
  });
});

describe('Retiring', () => {
  it('does nothing in a run that does not execute, and says what it would do', async () => {
    const area = await open('directory');
    playEnded(area);
    const before = area.contents();

    const { decisions, record } = await area.run({ ...RETIRE, execute: false });

    expect(decisions.filter(({ action }) => action === 'retire')).toHaveLength(2);
    expect(record).toMatchObject({ result: 'observed', retired: 0 });
    expect(area.contents()).toEqual(before);
    expect(await retiredIn(area)).toEqual([]);
  });

  it('is on record, with the root’s own time and without a quarantine', async () => {
    const area = await open('directory');
    const job = playEnded(area);
    await area.run(RETIRE);

    const logged = [];
    for await (const deletion of loggedDeletions(area.ledger)) logged.push(deletion);

    expect(logged.map(({ url, rule, garbageSince, outcome }) => ({ url, rule, garbageSince, outcome }))).toEqual(
      [2, 1].map((n) => ({
        url: `s3://bucket/${job.root(n)}`,
        rule: 'retired',
        garbageSince: null,
        outcome: 'deleted',
      })),
    );
  });

  it('goes location by location', async () => {
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    const jobs = [playEnded(area, `a/${JOB}/`), playEnded(area, `b/${OTHER_JOB}/`)];

    const { record } = await area.run(RETIRE);

    expect(record.retired).toBe(4);
    expect(area.keys().filter((key) => key.endsWith('_metadata'))).toEqual(jobs.map((job) => job.root(3)).sort());
  });

  it('that is interrupted says so, and leaves the rest to the next run', async () => {
    // Prepare: more roots than one batch holds; the time ends during the first.
    const area = await open('directory');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    const common = job.upload(0);
    for (let n = 1; n <= 103; n++) job.complete(n, [common], NOW - 3 * DAY + n * 1_000);
    area.time = ENDED;
    const over = new AbortController();
    area.onLedgerCall = (call) => {
      if (call.includes('retired/')) over.abort();
    };

    // Act
    const first = await area.run({ ...RETIRE, signal: over.signal });
    area.onLedgerCall = () => {};
    const second = await area.run(RETIRE);

    // Assess
    expect(first.record).toMatchObject({ result: 'stopped', why: 'It was interrupted.', retired: 100 });
    expect(second.record).toMatchObject({ result: 'done', why: null, retired: 2 });
  });

  it('leaves a job alone of which a root has another content by now: it has come back', async () => {
    const area = await open('directory');
    const job = playEnded(area);

    const { retired } = await area.run({
      ...RETIRE,
      beforeActing: async () => area.put(job.root(2), job.metadata(2, [job.file(0)]), NOW),
    });

    expect(retired).toEqual({ retired: [], kept: [], refused: 0, refusal: null, stopped: null });
    expect(await retiredIn(area)).toEqual([]);
    expect(area.keys()).toEqual(expect.arrayContaining([job.root(1), job.root(2)]));
  });

  it('leaves a job alone that has completed a checkpoint by now', async () => {
    const area = await open('directory');
    const job = playEnded(area);

    const { retired } = await area.run({
      ...RETIRE,
      beforeActing: async () => area.put(job.root(4), job.metadata(4, [job.file(0)]), NOW),
    });

    expect(retired).toEqual({ retired: [], kept: [], refused: 0, refusal: null, stopped: null });
    expect(await retiredIn(area)).toEqual([]);
  });

  it('spares a root that changes after it was listed again', async () => {
    const area = await open('directory');
    const job = playEnded(area);
    area.onLedgerCall = (call) => {
      if (call.includes('retired/')) area.put(job.root(2), job.metadata(2, [job.file(0)]), NOW);
    };

    const { retired } = await area.run(RETIRE);

    expect(retired.retired.map(({ key }) => key)).toEqual([job.root(1)]);
    expect(retired.kept.map(({ root, why }) => [root.key, why])).toEqual([
      [job.root(2), 'It has changed since it was judged.'],
    ]);
    expect(area.keys()).toContain(job.root(2));
  });

  it('spares a root that changes after it was copied', async () => {
    const area = await open('directory');
    const job = playEnded(area);
    area.onLedgerCall = (call) => {
      if (call.includes('planned')) area.put(job.root(2), job.metadata(2, [job.file(0)]), NOW);
    };

    const { retired } = await area.run(RETIRE);

    expect(retired.kept.map(({ root, why }) => [root.key, why])).toEqual([
      [job.root(2), 'It has changed since it was judged.'],
    ]);
    expect((await retiredIn(area)).map(({ url, state }) => [url, state])).toEqual([
      [`s3://bucket/${job.root(1)}`, 'retired'],
    ]);
    expect(area.keys()).toContain(job.root(2));
  });

  it('leaves a root that has gone meanwhile', async () => {
    const area = await open('directory');
    const job = playEnded(area);

    const { retired } = await area.run({ ...RETIRE, beforeActing: async () => area.remove(job.root(2)) });

    expect(retired.kept.map(({ root, why }) => [root.key, why])).toEqual([[job.root(2), 'It no longer exists.']]);
    expect((await retiredIn(area)).map(({ url }) => url)).toEqual([`s3://bucket/${job.root(1)}`]);
  });

  it('stops where the lease is lost, before anything is withdrawn', async () => {
    const area = await open('directory');
    playEnded(area);
    const before = area.contents();
    const beforeActing = async () => {
      area.time += 200_000;
      await area.ledger.writeDocument('lease', '{}', (await area.ledger.readDocument('lease'))?.tag ?? null);
    };

    await expect(area.run({ ...RETIRE, beforeActing })).rejects.toThrow(LedgerError);

    expect(area.contents()).toEqual(before);
    expect(await retiredIn(area)).toEqual([]);
  });

  it('ends between two batches of 100 where it is interrupted', async () => {
    const area = await open('directory');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    const common = job.upload(0);
    for (let n = 1; n <= 102; n++) job.complete(n, [common], NOW - 3 * DAY + n * 1_000);
    area.time = ENDED;
    const controller = new AbortController();
    area.onLedgerCall = (call) => {
      if (call.includes('planned')) controller.abort();
    };

    const { record } = await area.run({ ...RETIRE, signal: controller.signal });

    expect(record.retired).toBe(100);
    expect(area.keys().filter((key) => key.endsWith('_metadata'))).toEqual([job.root(1), job.root(102)]);
  });

  it('leaves no directory behind that the next run would miss', async () => {
    // Prepare: of the second job nothing stays, because its last checkpoint is retired too.
    const area = await open('directory');
    playEnded(area);
    playEnded(area, `flink/${OTHER_JOB}/`);
    const none: RunChanges = { ...RETIRE, retention: keepLast(0) };

    // Act
    const first = await area.run({ ...none, accept: new Set(['no-roots']) });
    const { earlierDirectories } = await recollect(area.ledger);
    area.put('savepoint-1/_metadata', new PlayedJob(area).metadata(9, [], 'savepoint-native'), NOW);
    const next = await area.run({ survey: { settings: RULES } });

    // Assess
    expect(first.record.retired).toBe(6);
    expect(earlierDirectories).toEqual([]);
    expect(next.record.result).not.toBe('undecidable');
  });

  it('takes a savepoint as it takes a checkpoint', async () => {
    const area = await open('directory');
    const job = playEnded(area);
    area.put(
      'sp/savepoint-946894-0123456789a1/_metadata',
      job.metadata(1, [job.file(1)], 'savepoint-native'),
      NOW - 3 * DAY,
    );
    area.put(
      'sp/savepoint-946894-0123456789a2/_metadata',
      job.metadata(2, [job.file(2)], 'savepoint-native'),
      NOW - 2 * DAY,
    );

    const { retired } = await area.run(RETIRE);

    expect(retired.retired.map(({ key }) => key).sort()).toEqual(
      [job.root(1), job.root(2), 'sp/savepoint-946894-0123456789a1/_metadata'].sort(),
    );
  });
});

describe('A root of which nobody knows whether it has gone', () => {
  /** Deletes, and then something goes wrong. */
  function losing({ deleters }: Stewarded, deletes: boolean): readonly GuardedDeleter[] {
    return deleters.map((deleter) => ({
      delete: async (batch, signal) => {
        if (deletes) await deleter.delete(batch, signal);
        return batch.map(({ key }) => ({ key, outcome: 'refused', why: 'No answer came.' }));
      },
    }));
  }

  it.each([true, false])('is settled by the next run: it has gone (%s)', async (deletes) => {
    // Prepare
    const area = await open('directory');
    const job = playEnded(area);
    const { retired, record } = await area.run({ ...RETIRE, deleters: losing(area, deletes) });
    const unknown = await retiredIn(area);

    // Act
    area.time += 60_000;
    await area.run({ survey: { settings: RULES } });

    // Assess
    expect(retired.retired).toEqual([]);
    expect(retired.kept.map(({ why }) => why)).toEqual(['No answer came.', 'No answer came.']);
    expect(record).toMatchObject({ result: 'stopped', refused: 2, why: expect.stringContaining('No answer came.') });
    expect(unknown.map(({ state }) => state)).toEqual(['retiring', 'retiring']);
    expect((await retiredIn(area)).map(({ state }) => state)).toEqual(deletes ? ['retired', 'retired'] : []);
    expect(area.keys().includes(job.root(1))).toBe(!deletes);
  });

  it('stays unknown while its location is not looked at', async () => {
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    playEnded(area, `a/${JOB}/`);
    playEnded(area, `b/${OTHER_JOB}/`);
    await area.run({ ...RETIRE, deleters: losing(area, false) });
    const half = { locations: area.locations.slice(0, 1), settings: RULES };

    await area.run({ survey: half, writers: area.writers, deleters: area.deleters, execute: false });

    expect((await retiredIn(area)).map(({ url, state }) => [url.slice(0, 13), state])).toEqual([
      ['s3://bucket/b', 'retiring'],
      ['s3://bucket/b', 'retiring'],
    ]);
  });
});

describe('A run that dies while it retires', () => {
  const STEPS = [
    'write file retired/',
    'write state',
    'write file runs/.*planned',
    'write file runs/.*done',
    'write memory',
  ];

  it.each(STEPS)('leaves a ledger from which the next run goes on: at "%s"', async (step) => {
    for (const when of ['before', 'after']) {
      // Prepare
      const area = await open('directory');
      const job = playEnded(area);
      const contents = area.contents();
      let acting = false;
      area.onLedgerCall = async (call) => {
        const isStep = acting && new RegExp(step).test(call);
        if (passed || (isStep && when === 'before')) throw new Error('killed');
        passed = isStep;
      };
      let passed = false;
      const beforeActing = async () => {
        acting = true;
      };
      await expect(area.run({ ...RETIRE, beforeActing })).rejects.toThrow('killed');
      area.onLedgerCall = () => {};

      // Act: what is still there is retired anew, what has gone is known as such.
      area.time += 600_000;
      const next = await area.run(RETIRE);

      // Assess
      expect(next.record.breakers).toEqual([]);
      expect((await retiredIn(area)).map(({ url, state }) => [url, state]).sort()).toEqual([
        [`s3://bucket/${job.root(1)}`, 'retired'],
        [`s3://bucket/${job.root(2)}`, 'retired'],
      ]);
      for (const { file, url } of await retiredIn(area)) {
        expect((await copyIn(area, file)).toString('latin1')).toBe(contents[url.slice('s3://bucket/'.length)]);
      }
      expect(area.keys()).toEqual([...[0, 1, 2, 3].map((n) => job.file(n)), job.root(3)].sort());
    }
  });
});
