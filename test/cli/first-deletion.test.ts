import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { sayPutBack } from '#cli/first-deletion.ts';
import { Interruption } from '#cli/interruption.ts';
import type { Io } from '#cli/io.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { setMachineClock, useMachineClock } from '#test/support/machine-clock.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, filesBelow, serveQuarantine, twoJobs } from './acting.ts';
import { type Ran, runCaptured, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const serve = useEmbeddedS3();
useMachineClock(NOW);
const GARBAGE = [11, 12].map((number) => `flink/${JOB}/shared/${uuid(number)}`);
const COLLECT = ['collect', ...AREA, '--now', at(1), '--execute'];
const RETIRE = ['retire', ...AREA, '--job', OTHER_JOB, '--all', '--now', at(20), '--execute'];
const OVER =
  "No run has deleted or retired anything here yet. This one would delete 2 objects (200 B) in bucket. Deleted objects can't be put back, because no versions are kept there.\n";

interface Asked extends Ran {
  readonly questions: readonly string[];
}

/** Runs the command with a person at the terminal. */
async function atTerminal(
  cwd: string,
  args: readonly string[],
  answer: string | (() => Promise<string>),
  more: Partial<Io> = {},
): Promise<Asked> {
  const questions: string[] = [];
  const ask = async (question: string): Promise<string> => {
    questions.push(question);
    return typeof answer === 'string' ? answer : await answer();
  };
  const ran = await runCaptured(args, { cwd, clock: () => NOW, columns: 100, isWatched: true, ask, ...more });
  return { ...ran, questions };
}

async function served(): Promise<string> {
  const cwd = await makeDirectory(twoJobs());
  await serveQuarantine(cwd);
  return cwd;
}

async function areaOf(cwd: string): Promise<readonly string[]> {
  return [...(await filesBelow(join(cwd, 'bucket'))).keys()];
}

describe('Before the first deletion in an area, a person at the terminal', () => {
  it('is told what would go and asked, and on yes it goes', async () => {
    // Prepare
    const cwd = await served();
    const before = await areaOf(cwd);

    // Act
    const { status, out, err, questions } = await atTerminal(cwd, COLLECT, 'y');

    // Assess
    expect({ status, err, questions }).toEqual({ status: 0, err: OVER, questions: ['Go on? [y/N] '] });
    expect(out).toContain('2 objects were deleted (200 B).');
    expect(out).not.toContain('Dry run');
    const after = await areaOf(cwd);
    expect(before.filter((key) => !after.includes(key))).toEqual(GARBAGE);
  });

  it('is told at which store the bucket is, where that was named', async () => {
    // Prepare
    const cwd = await makeDirectory({});
    const { s3 } = await serve({ clock: () => NOW + DAY });
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    setMachineClock(NOW + DAY);
    const put = (key: string, content: string | Uint8Array, modified: number) =>
      s3.put(BUCKET, key, content, { lastModified: modified });
    const job = new PlayedJob({ put, remove: () => {} }, `flink/${JOB}/`, `s3://${BUCKET}`);
    job.complete(7, [job.upload(1), job.upload(2), job.upload(3)]);
    job.upload(4);
    const command = ['collect', `s3://${BUCKET}`, '--endpoint', s3.url, '--path-style', '--ledger', 'ledger'];
    const clock = () => NOW + DAY;
    await runCaptured(command, { cwd, clock, columns: 100 });
    s3.clock = () => NOW + 3 * DAY;
    setMachineClock(NOW + 3 * DAY);

    // Act
    const { err, questions } = await atTerminal(cwd, [...command, '--execute'], 'n', { clock: () => NOW + 3 * DAY });
    vi.unstubAllEnvs();

    // Assess
    expect(questions).toEqual(['Go on? [y/N] ']);
    expect(err).toContain(`delete 1 object (100 B) in s3://${BUCKET} at ${s3.url}.`);
    expect(s3.keys(BUCKET)).toContain(job.file(4));
  });

  it.each(['n', '', 'N', 'no', 'yes please'])(
    'who answers %j keeps everything, and no lock is left',
    async (answer) => {
      const cwd = await served();
      const before = await areaOf(cwd);

      const { status, out, err } = await atTerminal(cwd, COLLECT, answer);

      expect({ status, out, err }).toEqual({
        status: 1,
        out: '',
        err: `${OVER}Nothing was deleted or retired. To see what would go, leave out --execute.\n`,
      });
      expect(await areaOf(cwd)).toEqual(before);
      expect((await steward(cwd, COLLECT)).status).toBe(0);
    },
  );

  it('who interrupts the question keeps everything', async () => {
    const cwd = await served();
    const before = await areaOf(cwd);

    const { status, err } = await atTerminal(cwd, COLLECT, async () => {
      throw new Interruption('SIGINT');
    });

    expect({ status, err }).toEqual({ status: 130, err: `${OVER}Interrupted: nothing was changed.\n` });
    expect(await areaOf(cwd)).toEqual(before);
  });

  it('may think while another run deletes: the lease is free, and what has gone is not deleted again', async () => {
    const cwd = await served();

    const { status, out } = await atTerminal(cwd, COLLECT, async () => {
      expect((await steward(cwd, COLLECT)).out).toContain('2 objects were deleted');
      return 'yes';
    });

    expect(status).toBe(0);
    expect(out).toContain('There was nothing to do.');
  });

  it('may think while a checkpoint is pinned or deleting is paused: the run looks again', async () => {
    const cwd = await served();
    const before = await areaOf(cwd);

    const { status, out } = await atTerminal(cwd, COLLECT, async () => {
      expect((await steward(cwd, ['pause', ...AREA, '--why', 'an alarm'])).status).toBe(0);
      return 'y';
    });

    expect(status).toBe(1);
    expect(out).toContain('Nothing was deleted or retired: deleting has been paused');
    expect((await areaOf(cwd)).filter((key) => !key.endsWith('.flink-steward.json'))).toEqual(before);
  });

  it('has nothing deleted that became garbage while the question waited', async () => {
    // Prepare
    const cwd = await served();
    const late = join(cwd, 'bucket', 'flink', JOB, 'shared', uuid(13));
    const old = new Date(NOW - 30 * DAY);

    // Act
    const { out } = await atTerminal(cwd, COLLECT, async () => {
      await writeFile(late, 'x');
      await utimes(late, old, old);
      expect((await steward(cwd, ['collect', ...AREA, '--now', at(0)])).status).toBe(0);
      return 'y';
    });
    const next = await steward(cwd, COLLECT);

    // Assess
    expect(out).toContain('2 objects were deleted (200 B).');
    expect(next.out).toContain('1 object was deleted (1 B).');
  });

  it('is asked before a plan is executed, which is still good for one time', async () => {
    const cwd = await served();
    await steward(cwd, ['plan', ...AREA, '--now', at(1), '--out', 'plan.ndjson']);
    const words = ['apply', 'plan.ndjson', '--now', at(1.5), '--execute'];

    const no = await atTerminal(cwd, words, 'n');
    const yes = await atTerminal(cwd, words, 'y');

    expect([no.status, no.questions.length, yes.status, yes.questions.length]).toEqual([1, 1, 0, 1]);
    expect(yes.out).toContain('2 objects were deleted (200 B).');
  });

  it('is asked before the first checkpoint is retired, also in the first of all runs', async () => {
    const cwd = await makeDirectory(twoJobs());
    const before = await areaOf(cwd);

    const { status, err } = await atTerminal(cwd, RETIRE, 'n');
    const yes = await atTerminal(cwd, RETIRE, 'y');

    expect({ status, err }).toEqual({
      status: 1,
      err: 'No run has deleted or retired anything here yet. This one would retire 2 checkpoints and savepoints in bucket. "steward undo" can put retired checkpoints and savepoints back until their files are deleted.\nNothing was deleted or retired. To see what would go, leave out --execute.\n',
    });
    expect(yes.status).toBe(0);
    expect((await areaOf(cwd)).length).toBe(before.length - 2 + 1);
  });
});

describe('Nobody is asked', () => {
  it.each([
    ['with --yes', ['--yes'], {}],
    ['with --json', ['--json'], {}],
    ['where stdout is no terminal', [], { isWatched: false }],
    ['where stdin is no terminal', [], { ask: undefined }],
  ])('%s, and the run deletes', async (_, more, io) => {
    const cwd = await served();

    const { status, err, questions } = await atTerminal(cwd, [...COLLECT, ...more], 'n', io);

    expect({ status, err, questions }).toEqual({ status: 0, err: '', questions: [] });
    expect(await areaOf(cwd)).not.toContain(GARBAGE[0]);
  });

  it('in a dry run, where nothing would go, and in the first of all runs', async () => {
    const cwd = await makeDirectory(twoJobs());

    const dry = await atTerminal(cwd, COLLECT.slice(0, -1), 'n');
    const first = await atTerminal(await makeDirectory(twoJobs()), COLLECT, 'n');
    const early = await atTerminal(cwd, ['collect', ...AREA, '--now', at(0.5), '--execute'], 'n');

    expect([dry, first, early].map(({ status, questions }) => [status, questions.length])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('where a breaker stops the run anyway', async () => {
    const cwd = await served();
    await writeFile(join(cwd, 'steward.json'), '{"collect": {"maxDeleteFraction": 0.01}}');

    const { status, out, questions } = await atTerminal(cwd, COLLECT, 'n');

    expect([status, questions.length]).toEqual([1, 0]);
    expect(out).toContain('Nothing was deleted or retired: a breaker has tripped');
  });

  it('once a run has deleted or retired something there', async () => {
    const cwd = await served();
    expect((await steward(cwd, RETIRE)).status).toBe(0);

    const { status, questions } = await atTerminal(cwd, COLLECT, 'n');

    expect([status, questions.length]).toEqual([0, 0]);
  });
});

describe('What can be put back', () => {
  const deleted = { objects: 1, bytes: 1 };
  const nothing = { objects: 0, bytes: 0 };

  it.each([
    [[true, true], '"steward undo" can put deleted objects back while their noncurrent versions exist.'],
    [[false], "Deleted objects can't be put back, because no versions are kept there."],
    [[true, false], 'Deleted objects can be put back only where the bucket keeps versions.'],
    [[null], 'Deleted objects can be put back only where the bucket keeps versions.'],
  ])('is told by whether versions are kept: %j', (versions, expected) => {
    expect(sayPutBack(versions, { deleted, retired: 0 })).toBe(expected);
  });

  it('is told of both that go', () => {
    expect(sayPutBack([false], { deleted, retired: 2 })).toMatch(/can't be put back.* "steward undo" can put retired/);
    expect(sayPutBack([false], { deleted: nothing, retired: 2 })).toMatch(
      /^"steward undo" can put retired checkpoints and savepoints back/,
    );
  });
});
