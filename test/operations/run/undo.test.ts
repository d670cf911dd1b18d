import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import { planUndo, type UndoInput, type UndoPlan } from '#operations/run/plan-undo.ts';
import { settleRetiring } from '#operations/run/retire.ts';
import type { RunReport } from '#operations/run/run.ts';
import { type UndoResult, undo } from '#operations/run/undo.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { KINDS, type Kind, keepLast, type RunChanges, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };
const ENDED = NOW + 15 * DAY;
const RETIRE: RunChanges = { command: 'retire', sweep: null, retention: keepLast(1), survey: { settings: RULES } };
const LEASE = { hold: async () => {} };

/** An ended job with three checkpoints, each with a file of its own beside the one that all name. */
async function openEnded(kind: Kind): Promise<{ area: Stewarded; job: PlayedJob }> {
  const area = await open(kind);
  const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
  const common = job.upload(0);
  for (const n of [1, 2, 3]) job.complete(n, [common, job.upload(n)], NOW - 3 * DAY + n * 1_000);
  area.time = ENDED;
  return { area, job };
}

async function inputFor(area: Stewarded, undone: string): Promise<UndoInput> {
  const { survey, putBack } = await rememberedSurvey(area.ledger, area.surveyInput(), { mayWrite: false });
  await updateState(area.ledger, (state) => settleRetiring(state, survey, putBack));
  const stores = area.locations.map(({ store }) => store);
  return { survey, ledger: area.ledger, stores, writers: area.writers, undone };
}

async function takeBack(area: Stewarded, undone: string): Promise<{ plan: UndoPlan; result: UndoResult }> {
  const input = await inputFor(area, undone);
  const plan = await planUndo(input);
  return { plan, result: await undo({ ...input, lease: LEASE }, plan) };
}

async function loseCandidates({ ledger }: Stewarded): Promise<void> {
  for await (const file of ledger.listFiles('memory/')) {
    if (file.includes('-candidates-')) await ledger.writeFile(file, Buffer.from('lost'));
  }
}

/** The roots as a survey orders them, oldest first. */
async function orderOf(area: Stewarded): Promise<readonly [string, number][]> {
  const { survey } = await rememberedSurvey(area.ledger, area.surveyInput(), { mayWrite: false });
  return survey.reachability.roots
    .map(({ key, completed }): [string, number] => [key, completed])
    .sort((a, b) => a[1] - b[1]);
}

/** Retires two of three roots and then deletes their files. */
async function retireAndSweep(area: Stewarded): Promise<{ retired: RunReport; swept: RunReport }> {
  const retired = await area.run(RETIRE);
  await area.run({ survey: { settings: RULES } });
  area.time = ENDED + DAY;
  const swept = await area.run({ survey: { settings: RULES } });
  return { retired, swept };
}

describe.each(KINDS)('Undo in a %s', (kind) => {
  it('before the sweep is the identity: content and order are as if nothing had been retired', async () => {
    // Prepare
    const { area, job } = await openEnded(kind);
    const contents = area.contents();
    const order = await orderOf(area);
    const { record } = await area.run(RETIRE);
    area.time += 3_600_000;

    // Act
    const { plan, result } = await takeBack(area, record.run);

    // Assess
    expect(plan.roots.map(({ swept, why, unverified }) => [swept, why, unverified])).toEqual([
      [[], null, false],
      [[], null, false],
    ]);
    expect(result).toEqual({
      restoredRoots: [2, 1].map((n) => `s3://bucket/${job.root(n)}`),
      restoredObjects: 0,
      lost: [],
    });
    expect(area.contents()).toEqual(contents);
    expect(await orderOf(area)).toEqual(order);
    expect((await readState(area.ledger)).retired.map(({ state }) => state)).toEqual(['restored', 'restored']);
  });
});

describe.each(['directory', 'bucket'] as const)('Undo in a %s, later on', (kind) => {
  it('leaves nothing of what came back to the next runs, and retiring again takes the same roots', async () => {
    const { area } = await openEnded(kind);
    const contents = area.contents();
    const first = await area.run(RETIRE);
    await takeBack(area, first.record.run);
    area.time += DAY;
    const quiet = await area.run({ survey: { settings: RULES } });
    area.time += DAY;
    const still = await area.run({ survey: { settings: RULES } });
    const afterwards = area.contents();

    // In a bucket what was put back counts as written then, so the job has ended only two weeks later.
    area.time += 15 * DAY;
    const again = await area.run(RETIRE);
    await takeBack(area, again.record.run);

    expect([quiet, still].map(({ record }) => record.result)).toEqual(['nothing-to-do', 'nothing-to-do']);
    expect(afterwards).toEqual(contents);
    expect(again.retired.retired.map(({ key, completed }) => [key, completed])).toEqual(
      first.retired.retired.map(({ key, completed }) => [key, completed]),
    );
    expect(area.contents()).toEqual(contents);
  });

  it('that died after a root was put back is brought to its end by another one', async () => {
    // Prepare
    const { area } = await openEnded(kind);
    const contents = area.contents();
    const { record } = await area.run(RETIRE);
    const input = await inputFor(area, record.run);
    const ledger = {
      ...input.ledger,
      readFile: input.ledger.readFile.bind(input.ledger),
      readDocument: async () => {
        throw new Error('killed');
      },
    } as unknown as UndoInput['ledger'];
    await expect(undo({ ...input, ledger, lease: LEASE }, await planUndo(input))).rejects.toThrow('killed');

    // Act
    const { result } = await takeBack(area, record.run);

    // Assess
    expect(result).toMatchObject({ lost: [] });
    expect(area.contents()).toEqual(contents);
    expect((await readState(area.ledger)).retired.map(({ state }) => state)).toEqual(['restored', 'restored']);
  });
});

describe('Undo of roots whose ETags are those of uploads in parts', () => {
  /** As Flink's Hadoop plugin writes them: put back in one piece they get another ETag. */
  async function openInParts(): Promise<{ area: Stewarded; job: PlayedJob }> {
    const { area, job } = await openEnded('bucket');
    for (const n of [1, 2, 3]) {
      const etag = `${String(n).repeat(32)}-1`;
      area.s3?.put('bucket', job.root(n), area.content(job.root(n)), {
        lastModified: area.modified(job.root(n)),
        etag,
      });
    }
    return { area, job };
  }

  const KILLS = [
    ['before it could say so', (input: UndoInput): UndoInput => ({ ...input, ledger: unreadable(input.ledger) })],
    [
      'while it looked at what it had written',
      (input: UndoInput): UndoInput => ({
        ...input,
        writers: input.writers.map((writer) => ({
          replace: (...put) => writer.replace(...put),
          restore: (deleted) => writer.restore(deleted),
          canRestore: (deleted) => writer.canRestore(deleted),
          putIfAbsent: async (...put) => {
            await writer.putIfAbsent(...put);
            throw new Error('killed');
          },
        })),
      }),
    ],
  ] as const;

  it.each(KILLS)('that ended %s is brought to its end by another one', async (_, killing) => {
    // Prepare
    const { area, job } = await openInParts();
    const contents = area.contents();
    const order = await orderOf(area);
    const { record } = await area.run(RETIRE);
    area.time += 3_600_000;
    const input = await inputFor(area, record.run);
    await expect(undo({ ...killing(input), lease: LEASE }, await planUndo(input))).rejects.toThrow('killed');
    const isBack = area.keys().filter((key) => !(key in contents) || key === job.root(2));

    // Act
    const afterwards = await orderOf(area);
    const { result } = await takeBack(area, record.run);

    // Assess
    expect(isBack).toEqual([job.root(2)]);
    expect(afterwards).toEqual(order.filter(([key]) => key !== job.root(1)));
    expect(result).toEqual({ restoredRoots: [`s3://bucket/${job.root(1)}`], restoredObjects: 0, lost: [] });
    expect(area.contents()).toEqual(contents);
    expect(await orderOf(area)).toEqual(order);
    const { retired } = await readState(area.ledger);
    const etagNow = (n: number) => area.s3?.object('bucket', job.root(n))?.etag;
    expect(retired.map(({ state, restoredEtag }) => [state, restoredEtag])).toEqual([
      ['restored', etagNow(2)],
      ['restored', etagNow(1)],
    ]);
  });

  it('that ended before it could say so does not turn round what the policy retires', async () => {
    // Prepare
    const { area, job } = await openInParts();
    const first = await area.run(RETIRE);
    area.time += 3_600_000;
    const input = await inputFor(area, first.record.run);
    const killed = { ...input, ledger: unreadable(input.ledger), lease: LEASE };
    await expect(undo(killed, await planUndo(input))).rejects.toThrow('killed');
    area.time += 15 * DAY;

    // Act
    const { retired } = await area.run(RETIRE);

    // Assess
    expect(retired.retired.map(({ key }) => key)).toEqual([job.root(2)]);
    expect(area.keys()).toContain(job.root(3));
  });

  it('finds its own write where the store’s answer was lost and the second attempt was refused', async () => {
    const { area, job } = await openInParts();
    const { record } = await area.run(RETIRE);
    const input = await inputFor(area, record.run);
    const writers = input.writers.map((writer) => ({
      replace: writer.replace.bind(writer),
      restore: writer.restore.bind(writer),
      canRestore: writer.canRestore.bind(writer),
      putIfAbsent: async (...put: Parameters<typeof writer.putIfAbsent>) => {
        await writer.putIfAbsent(...put);
        return await writer.putIfAbsent(...put);
      },
    }));

    const result = await undo({ ...input, writers, lease: LEASE }, await planUndo(input));

    expect(result).toMatchObject({ restoredRoots: [2, 1].map((n) => `s3://bucket/${job.root(n)}`), lost: [] });
  });
});

/** A ledger that can't be read any more once the undo has begun: its documents, that is. */
function unreadable(ledger: UndoInput['ledger']): UndoInput['ledger'] {
  return {
    name: ledger.name,
    readFile: (path) => ledger.readFile(path),
    listFiles: (folder) => ledger.listFiles(folder),
    writeFile: (path, content) => ledger.writeFile(path, content),
    writeDocument: (path, text, tag) => ledger.writeDocument(path, text, tag),
    readDocument: async () => {
      throw new Error('killed');
    },
  };
}

describe('Undo on a store that ignores that a write is to overwrite nothing', () => {
  const ignoring = (area: Stewarded): readonly AreaWriter[] =>
    area.writers.map((writer) => ({
      replace: writer.replace.bind(writer),
      restore: writer.restore.bind(writer),
      canRestore: writer.canRestore.bind(writer),
      putIfAbsent: async (key, content) => {
        area.put(key, content);
        return { outcome: 'written', etag: 'x', modified: area.time };
      },
    }));
  const OTHER = 'Something else has been written under its name since.';

  it('overwrites no root that Flink has written since', async () => {
    const { area, job } = await openEnded('bucket');
    const { record } = await area.run(RETIRE);
    area.put(job.root(1), job.metadata(1, [job.file(3)]));
    const content = area.content(job.root(1));
    const input = { ...(await inputFor(area, record.run)), writers: ignoring(area) };

    const plan = await planUndo(input);
    const result = await undo({ ...input, lease: LEASE }, plan);

    expect(plan.roots.map(({ why }) => why)).toEqual([null, OTHER]);
    expect(result.lost).toEqual([{ url: `s3://bucket/${job.root(1)}`, why: OTHER }]);
    expect(area.content(job.root(1)).equals(content)).toBe(true);
  });

  it('nor one that it writes while the undo is under way', async () => {
    const { area, job } = await openEnded('bucket');
    const { record } = await area.run(RETIRE);
    const input = { ...(await inputFor(area, record.run)), writers: ignoring(area) };
    const plan = await planUndo(input);
    area.put(job.root(1), 'something else');

    const result = await undo({ ...input, lease: LEASE }, plan);

    expect(result.lost).toEqual([{ url: `s3://bucket/${job.root(1)}`, why: OTHER }]);
    expect(area.content(job.root(1)).toString()).toBe('something else');
  });
});

describe('Undo', () => {
  it('can’t be done twice', async () => {
    const { area } = await openEnded('directory');
    const { record } = await area.run(RETIRE);
    await takeBack(area, record.run);
    const contents = area.contents();

    const { plan, result } = await takeBack(area, record.run);

    expect(plan).toEqual({ roots: [], objects: [], lost: [] });
    expect(result).toEqual({ restoredRoots: [], restoredObjects: 0, lost: [] });
    expect(area.contents()).toEqual(contents);
  });

  it('gives files of a directory their old times back', async () => {
    const { area, job } = await openEnded('directory');
    const before = [1, 2, 3].map((n) => area.modified(job.root(n)));
    const { record } = await area.run(RETIRE);

    await takeBack(area, record.run);

    expect([1, 2, 3].map((n) => area.modified(job.root(n)))).toEqual(before);
  });

  it('puts a root back in its old place in the order, though S3 gives it a new time', async () => {
    const { area, job } = await openEnded('bucket');
    const { record } = await area.run(RETIRE);

    await takeBack(area, record.run);

    expect(area.modified(job.root(1))).toBe(ENDED);
    expect((await orderOf(area)).map(([key]) => key)).toEqual([job.root(1), job.root(2), job.root(3)]);
  });

  it('after the sweep brings back files and roots of a versioned bucket', async () => {
    // Prepare
    const { area } = await openEnded('versioned bucket');
    const contents = area.contents();
    const order = await orderOf(area);
    const { retired, swept } = await retireAndSweep(area);

    // Act
    const { plan, result } = await takeBack(area, retired.record.run);

    // Assess
    expect(swept.record.deleted.objects).toBe(2);
    expect(plan.roots.map(({ swept: files }) => files.length)).toEqual([1, 1]);
    expect(result).toMatchObject({
      restoredRoots: [expect.any(String), expect.any(String)],
      restoredObjects: 2,
      lost: [],
    });
    expect(area.contents()).toEqual(contents);
    expect(await orderOf(area)).toEqual(order);
  });

  it('of the run that swept brings back the files of a versioned bucket, and no root', async () => {
    const { area, job } = await openEnded('versioned bucket');
    const { swept } = await retireAndSweep(area);

    const { plan, result } = await takeBack(area, swept.record.run);

    expect(plan.objects.map(({ url }) => url)).toEqual([1, 2].map((n) => `s3://bucket/${job.file(n)}`));
    expect(result).toEqual({ restoredRoots: [], restoredObjects: 2, lost: [] });
    expect(area.keys()).toEqual([...[0, 1, 2, 3].map((n) => job.file(n)), job.root(3)].sort());
  });

  it('has what it brings back serve its quarantine anew, so that the next run does not delete it again at once', async () => {
    // Prepare: a file that is still garbage, and one that has served as long and was not deleted.
    const { area, job } = await openEnded('versioned bucket');
    job.upload(7, NOW - 3 * DAY);
    job.upload(8, NOW - 3 * DAY);
    await area.run({ survey: { settings: RULES } });
    area.time = ENDED + DAY;
    const only7 = async ({ objects }: RunReport['survey']) => {
      const chosen = objects.find(0, job.file(7));
      return (object: number) => object === chosen;
    };
    const swept = await area.run({ sweep: only7, survey: { settings: RULES } });
    await takeBack(area, swept.record.run);

    // Act
    const atOnce = await area.run({ survey: { settings: RULES } });
    const afterwards = area.keys();
    area.time += 2 * DAY;
    const later = await area.run({ survey: { settings: RULES } });

    // Assess
    expect(swept.record.deleted.objects).toBe(1);
    expect(atOnce.record).toMatchObject({ quarantined: { objects: 1 }, deleted: { objects: 1 } });
    expect(afterwards).toContain(job.file(7));
    expect(afterwards).not.toContain(job.file(8));
    expect(later.record.deleted.objects).toBe(1);
  });

  it('goes on where the quarantine that it is to begin anew is lost', async () => {
    const { area, job } = await openEnded('versioned bucket');
    const { swept } = await retireAndSweep(area);
    await loseCandidates(area);

    const { result } = await takeBack(area, swept.record.run);

    expect(result.restoredObjects).toBe(2);
    expect(area.keys()).toEqual(expect.arrayContaining([1, 2].map((n) => job.file(n))));
  });

  it.each(['directory', 'bucket'] as const)(
    'after the sweep says what of a %s can’t come back, and why',
    async (kind) => {
      // Prepare
      const { area, job } = await openEnded(kind);
      const { retired, swept } = await retireAndSweep(area);
      const contents = area.contents();
      const gone = (n: number) =>
        kind === 'bucket'
          ? `s3://bucket/${job.file(n)} has no versions: the bucket is not versioned.`
          : expect.stringMatching(
              new RegExp(`${job.file(n)}' no longer exists, and a directory keeps no versions\\.$`),
            );

      // Act
      const { plan, result } = await takeBack(area, retired.record.run);
      const ofSweep = await takeBack(area, swept.record.run);

      // Assess
      const whole = (n: number) =>
        expect.stringContaining(`It references files that can't be put back. s3://bucket/${job.file(n)}: `);
      expect(plan.roots.map(({ why }) => why)).toEqual([whole(2), whole(1)]);
      expect(result).toEqual({
        restoredRoots: [],
        restoredObjects: 0,
        lost: [2, 1].map((n) => ({ url: `s3://bucket/${job.root(n)}`, why: whole(n) })),
      });
      expect(ofSweep.plan.lost).toEqual([1, 2].map((n) => ({ url: `s3://bucket/${job.file(n)}`, why: gone(n) })));
      expect(area.contents()).toEqual(contents);
    },
  );

  it('brings back the roots that are whole beside those that are not', async () => {
    const { area, job } = await openEnded('directory');
    const { record } = await area.run(RETIRE);
    area.remove(job.file(2));

    const { plan, result } = await takeBack(area, record.run);

    expect(plan.roots.map(({ why }) => why)).toEqual([
      `It references files that can't be put back. s3://bucket/${job.file(2)}: It does not exist, and no run of this ledger deleted it.`,
      null,
    ]);
    expect(result.restoredRoots).toEqual([`s3://bucket/${job.root(1)}`]);
    expect(area.keys()).not.toContain(job.root(2));
  });

  it('says how many files a root lacks', async () => {
    const { area, job } = await openEnded('directory');
    const { record } = await area.run(RETIRE);
    area.remove(job.file(0), job.file(1));

    const { plan } = await takeBack(area, record.run);

    expect(plan.roots[1]?.why).toBe(
      `It references files that can't be put back (and 1 more). s3://bucket/${job.file(0)}: It does not exist, and no run of this ledger deleted it.`,
    );
  });

  it('puts no root back whose files have another size than they had', async () => {
    const { area, job } = await openEnded('directory');
    const { record } = await area.run(RETIRE);
    area.put(job.file(1), 'short');

    const { plan, result } = await takeBack(area, record.run);

    expect(plan.roots[1]?.why).toBe(
      `It references files that can't be put back. s3://bucket/${job.file(1)}: Its size has changed.`,
    );
    expect(result.restoredRoots).toEqual([`s3://bucket/${job.root(2)}`]);
  });

  it('overwrites nothing that was put in a root’s place', async () => {
    const { area, job } = await openEnded('directory');
    const { record } = await area.run(RETIRE);
    area.put(job.root(1), 'something else');

    const { result } = await takeBack(area, record.run);

    expect(result).toMatchObject({
      restoredRoots: [`s3://bucket/${job.root(2)}`],
      lost: [{ url: `s3://bucket/${job.root(1)}`, why: 'Something else has been written under its name since.' }],
    });
    expect(area.content(job.root(1)).toString()).toBe('something else');
  });

  it.each(['missing', 'damaged'])(
    'leaves a root whose copy in the ledger is %s, and brings back the others',
    async (what) => {
      const { area, job } = await openEnded('directory');
      const { record } = await area.run(RETIRE);
      const file = `retired/${record.run}/000001.metadata`;
      const { files } = area.ledgerContent;
      if (what === 'missing') files.delete(file);
      else files.set(file, files.get(file)?.subarray(0, 20) ?? Buffer.alloc(0));

      const { plan, result } = await takeBack(area, record.run);

      expect(plan.roots[0]?.why).toBe(`Its copy in the ledger (${file}) is missing, or is not a complete _metadata.`);
      expect(result.restoredRoots).toEqual([`s3://bucket/${job.root(1)}`]);
    },
  );

  it('says that a root can’t be verified of which files lie outside the area', async () => {
    const area = await open('directory');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    const abroad = new PlayedJob(area, `flink/${JOB}/`, 's3://other');
    job.complete(2, [job.upload(0)], NOW - 2 * DAY);
    area.put(job.root(1), abroad.metadata(1, ['k']), NOW - 3 * DAY);
    area.time = ENDED;
    const outside = [{ scheme: 's3', authority: 'other', path: '/' }];
    const { record } = await area.run({ ...RETIRE, survey: { settings: RULES, outside } });
    const { survey } = await rememberedSurvey(area.ledger, area.surveyInput({ outside }), { mayWrite: false });

    const stores = area.locations.map(({ store }) => store);
    const plan = await planUndo({ survey, ledger: area.ledger, stores, writers: area.writers, undone: record.run });

    expect(plan.roots.map(({ why, unverified }) => [why, unverified])).toEqual([[null, true]]);
  });

  it('of a run that is not known takes nothing back', async () => {
    const { area } = await openEnded('directory');
    await area.run(RETIRE);

    const { plan } = await takeBack(area, 'some-other-run');

    expect(plan).toEqual({ roots: [], objects: [], lost: [] });
  });

  it('says of what lies outside the area that it lies there', async () => {
    // Prepare: a file and a root of a location that is looked at no more.
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    const job = new PlayedJob(area, `b/${JOB}/`, area.url);
    job.complete(1, [job.upload(0)], NOW - 3 * DAY);
    job.complete(2, [job.upload(0)], NOW - 2 * DAY);
    job.upload(9);
    area.time = ENDED;
    await area.run();
    area.time = ENDED + DAY;
    const { record } = await area.run({ retention: keepLast(1), survey: { settings: RULES } });
    const half = { locations: area.locations.slice(0, 1) };
    const { survey } = await rememberedSurvey(area.ledger, area.surveyInput(half), { mayWrite: false });
    const stores = half.locations.map(({ store }) => store);
    const input = { survey, ledger: area.ledger, stores, writers: area.writers.slice(0, 1), undone: record.run };

    // Act
    const plan = await planUndo(input);
    const result = await undo({ ...input, lease: LEASE }, plan);

    // Assess
    expect(record).toMatchObject({ retired: 1, deleted: { objects: 1 } });
    expect(plan.lost).toEqual([{ url: `s3://bucket/${job.file(9)}`, why: 'It is outside the area.' }]);
    expect(result.restoredRoots).toEqual([]);
    expect((await readState(area.ledger)).retired.map(({ state }) => state)).toEqual(['retired']);
  });

  it('tells of an object that can’t be brought back after all, and of the root that needs it', async () => {
    const { area, job } = await openEnded('versioned bucket');
    const { retired } = await retireAndSweep(area);
    const input = await inputFor(area, retired.record.run);
    const plan = await planUndo(input);
    const failing = (writer: AreaWriter): AreaWriter => ({
      putIfAbsent: (...put) => writer.putIfAbsent(...put),
      replace: (...put) => writer.replace(...put),
      canRestore: (deleted) => writer.canRestore(deleted),
      restore: async () => ({ outcome: 'lost', why: 'It has expired.' }),
    });

    const result = await undo({ ...input, writers: area.writers.map(failing), lease: LEASE }, plan);

    expect(result).toEqual({
      restoredRoots: [],
      restoredObjects: 0,
      lost: [2, 1].map((n) => ({ url: `s3://bucket/${job.file(n)}`, why: 'It has expired.' })),
    });
    expect(area.keys()).toEqual([job.file(0), job.file(3), job.root(3)].sort());
  });

  it('stops where the lease is lost', async () => {
    const { area } = await openEnded('directory');
    const { record } = await area.run(RETIRE);
    const contents = area.contents();
    const input = await inputFor(area, record.run);
    const lease = {
      hold: async () => {
        throw new Error('lost');
      },
    };

    await expect(undo({ ...input, lease }, await planUndo(input))).rejects.toThrow('lost');

    expect(area.contents()).toEqual(contents);
  });
});

describe('Undoing a run that deleted many objects', () => {
  it('asks for several at the same time, never for many, and looks at the lease before each batch', async () => {
    // Prepare
    const area = await open('versioned bucket');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    const garbage = Array.from({ length: 300 }, (_, n) => job.upload(1_000 + n));
    job.complete(1, [job.upload(1)], NOW - 2 * DAY);
    await area.run({ survey: { settings: RULES } });
    area.time = NOW + DAY;
    const swept = await area.run({ survey: { settings: RULES } });
    let underWay = 0;
    let most = 0;
    area.s3?.faults.add({
      match: {},
      do: {
        kind: 'run',
        callback: async () => {
          underWay++;
          most = Math.max(most, underWay);
          await nextTurn();
          underWay--;
        },
      },
    });
    let holds = 0;

    // Act
    const input = await inputFor(area, swept.record.run);
    const plan = await planUndo(input);
    const result = await undo({ ...input, lease: { hold: async () => void holds++ } }, plan);

    // Assess
    expect(result).toEqual({ restoredRoots: [], restoredObjects: 300, lost: [] });
    expect(area.keys()).toEqual(expect.arrayContaining(garbage));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(64);
    expect(holds).toBe(2);
  });
});
