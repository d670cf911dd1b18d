import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JOB, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories, writeTree } from '#test/support/temp-directory.ts';
import { AREA, at, filesBelow, runOf, serveQuarantine, settled, twoJobs } from './acting.ts';
import { below, bucketFiles, documentOf, runCaptured, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const GARBAGE = [11, 12].map((number) => `flink/${JOB}/shared/${uuid(number)}`);
const MARKER = '.flink-steward.json';

describe('steward collect', () => {
  it('without --execute looks, remembers, and says when garbage goes', async () => {
    const cwd = await makeDirectory(twoJobs());
    const before = await filesBelow(join(cwd, 'bucket'));

    const { status, out, err } = await steward(cwd, ['collect', ...AREA, '--now', at(0)]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toBe(`Collection of bucket, as of 2027-03-01 00:00:00 UTC

verdict      objects    size  why
keep-live          3  3.9 kB  the _metadata of a checkpoint or savepoint
keep-live         12  1.2 kB  referenced by a checkpoint or savepoint
quarantined        2   200 B  garbage, in quarantine; the first may go from 2027-03-01 20:00:00 UTC

Dry run: 0 objects (0 B) would be deleted. 2 objects (200 B) are in quarantine: an object is deleted
when it has been garbage for 20 h, in at least two runs.
To run it on a schedule, while jobs run:
  steward collect bucket --as s3://bucket --execute
`);
    expect(await filesBelow(join(cwd, 'bucket'))).toEqual(before);
  });

  it('deletes garbage whose quarantine is over, and nothing else', async () => {
    const cwd = await makeDirectory(twoJobs());
    const before = await filesBelow(join(cwd, 'bucket'));
    await serveQuarantine(cwd);

    const dry = await steward(cwd, ['collect', ...AREA, '--now', at(1)]);
    const { status, out, err } = await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute']);

    expect(dry.out).toContain(`
Dry run: 2 objects (200 B) would be deleted.
To do it:
  steward collect bucket --as s3://bucket --now 2027-03-02T00:00:00Z --execute
`);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(settled(out, cwd)).toContain(`
2 objects were deleted (200 B).
To list each deleted object, and why:
  steward history bucket --as s3://bucket --now 2027-03-02T00:00:00Z --run RUN
`);
    const after = await filesBelow(join(cwd, 'bucket'));
    expect([...before.keys()].filter((key) => !after.has(key))).toEqual(GARBAGE);
    expect([...after].filter(([key]) => key !== MARKER)).toEqual([...before].filter(([key]) => !GARBAGE.includes(key)));
  });

  it('without --execute says what would go while deleting is paused, and that nothing goes until it is resumed', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    await steward(cwd, ['pause', ...AREA, '--why', 'an alarm']);

    const dry = await steward(cwd, ['collect', ...AREA, '--now', at(1)]);
    const executed = await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute']);

    expect({ status: dry.status, err: dry.err }).toEqual({ status: 0, err: '' });
    expect(dry.out.replaceAll(/\s+/g, ' ')).toContain(
      'Dry run: 2 objects (200 B) would be deleted. Deleting has been paused since 2027-03-01T00:00:00.000Z by ops@host (an alarm). Until "steward resume", no run deletes or retires anything. To allow deleting again: steward resume bucket --as s3://bucket --now 2027-03-02T00:00:00Z --execute',
    );
    expect(executed.status).toBe(1);
    expect(executed.out.replaceAll(/\s+/g, ' ')).toContain('Nothing was deleted or retired: deleting has been paused');
  });

  it('says how long it took, if that was more than a minute', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    let now = NOW;
    const clock = (): number => {
      now += 7_000;
      return now;
    };

    const { out } = await runCaptured(['collect', ...AREA, '--now', at(1), '--execute'], { cwd, clock, columns: 100 });

    expect(out).toMatch(/\n2 objects were deleted \(200 B\)\. The run took \d+ min(?: \d+ s)?\.\n/);
  });

  it('waits for the first checkpoint of an area that never had one, and does not teach to accept that', async () => {
    const cwd = await makeDirectory(
      below(
        'bucket',
        bucketFiles((store) => void new PlayedJob(store).upload(1)),
      ),
    );

    const { status, out } = await steward(cwd, ['collect', ...AREA, '--now', at(0), '--execute']);

    expect(status).toBe(1);
    expect(out.replace(/\s+/g, ' ')).toContain('No checkpoint has completed here yet, or the location is wrong.');
    expect(out).toContain('When a checkpoint has completed, run again:\n  steward collect bucket --as s3://bucket');
    expect(out).not.toContain('--accept');
  });

  it('may begin, by its schedule, before the first job does', async () => {
    const cwd = await makeDirectory({ 'bucket/flink/notes.txt': 'x' });

    const runs = [];
    for (const days of [0, 1]) {
      runs.push(await steward(cwd, ['collect', ...AREA, '--now', at(days), '--execute']));
    }

    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(runs[0]?.err).toMatch(/^Note: bucket: none of the \d files has a name that Flink's state code writes/);
    expect([...(await filesBelow(join(cwd, 'bucket'))).keys()]).toEqual([MARKER, 'flink/notes.txt']);
  });

  it('deletes nothing the second time', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute']);

    const { status, out } = await steward(cwd, ['collect', ...AREA, '--now', at(2), '--execute']);

    expect(status).toBe(0);
    expect(out).toContain('\nThere was nothing to do.\nTo list all runs:\n  steward history bucket --as s3://bucket');
    expect(out).toMatch(/keep-protected +1 .*the steward's own marker/);
  });

  it('prints one document with --json, with what a plan says and what was done', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);

    const ran = await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute', '--json']);

    expect(documentOf(ran)).toMatchObject({
      run: expect.stringMatching(/^20270301T000000000Z-[0-9a-f]{5}$/),
      command: 'collect',
      executed: true,
      result: 'done',
      why: null,
      area: ['bucket'],
      deletable: { objects: 2, bytes: 200 },
      deleted: { objects: 2, bytes: 200 },
      retired: 0,
      breakers: [],
      findings: [],
      undecidable: [],
      notes: [],
      retention: expect.arrayContaining([expect.objectContaining({ action: 'keep' })]),
      applied: { versioned: 0, gone: 0, changed: 0, refused: 0, spared: 0, stopped: null },
    });
  });

  it('stops at a breaker, names the command that goes on, and goes on with it', async () => {
    // Prepare
    const cwd = await makeDirectory({ 'steward.json': '{"collect": {"maxDeleteFraction": 0.1}}' });
    await writeTree(join(cwd, 'bucket'), smallJob());
    await serveQuarantine(cwd);
    const args = ['collect', ...AREA, '--now', at(1), '--execute'];

    // Act
    const stopped = await steward(cwd, args);
    const shown = await steward(cwd, [...args, '--json']);
    const accepted = await steward(cwd, [...args, '--accept', 'too-much']);

    // Assess
    expect({ status: stopped.status, err: stopped.err }).toEqual({ status: 1, err: '' });
    expect(stopped.out).toMatch(/more than\s+collect\.maxDeleteFraction allows \(10 %\)\./);
    expect(stopped.out).toContain(`
Nothing was deleted or retired: a breaker has tripped (see the findings).
If this is intended, continue with:
  steward collect bucket --as s3://bucket --now 2027-03-02T00:00:00Z --execute --accept too-much
`);
    expect(documentOf(shown)).toMatchObject({
      executed: false,
      result: 'stopped',
      breakers: [{ breaker: 'too-much' }],
    });
    expect(accepted.out).toContain('\nYou accepted what the findings say (too-much). 1 object was deleted (100 B).\n');
    expect({ status: accepted.status, err: accepted.err }).toEqual({ status: 0, err: '' });
  });

  it('says why nothing goes while the area is undecidable, and what to run then', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    await writeFile(join(cwd, `bucket/flink/${JOB}/chk-7/_metadata`), 'torn');

    const { status, out } = await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute']);

    expect(status).toBe(3);
    expect(out).toContain(`
Nothing was deleted or retired: the area is undecidable.
Fix what the reasons above describe, then run again:
  steward collect bucket --as s3://bucket --now 2027-03-02T00:00:00Z
`);
    expect((await filesBelow(join(cwd, 'bucket'))).has(GARBAGE[0] ?? '')).toBe(true);
  });

  it('pauses itself where its ledger has vanished', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    await steward(cwd, ['collect', ...AREA, '--now', at(0), '--execute']);
    await rm(join(cwd, '.steward'), { recursive: true });

    const first = await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute']);
    const second = await steward(cwd, ['collect', ...AREA, '--now', at(3), '--execute']);
    const resumed = await steward(cwd, ['resume', ...AREA, '--execute']);
    const third = await steward(cwd, ['collect', ...AREA, '--now', at(4), '--execute', '--json']);

    expect([first.status, second.status]).toEqual([1, 1]);
    expect(second.out.replace(/\s+/g, ' ')).toContain(
      'Nothing was deleted or retired: deleting has been paused since 2027-03-01T00:00:00.000Z (the ledger that was responsible for bucket is missing; its pins, retired checkpoints and declarations are unknown). To allow deleting again: steward resume bucket --as s3://bucket --now 2027-03-04T00:00:00Z --execute',
    );
    expect(resumed.status).toBe(0);
    expect(documentOf(third)).toMatchObject({ result: 'done', deleted: { objects: 2 } });
  });

  it('retires by policy, shows only the jobs of which something goes, and what it retired can be taken back', async () => {
    // Prepare
    const cwd = await makeDirectory({
      ...twoJobs(),
      'steward.json': '{"retain": [{"path": "**", "endedJobs": {"keepLast": 1}}]}',
    });
    await serveQuarantine(cwd);

    // Act
    const dry = await steward(cwd, ['collect', ...AREA, '--now', at(1)]);
    const ran = await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute', '--json']);
    const again = await steward(cwd, ['collect', ...AREA, '--now', at(1)]);

    // Assess
    expect(dry.out).toContain('\nWhat retention would do\n');
    expect(dry.out).not.toContain('chk-7');
    expect(dry.out.replace(/\s+/g, ' ')).toContain(
      'Dry run: 1 checkpoint or savepoint would be retired, and 2 objects (200 B) would be deleted. To do it:',
    );
    expect(documentOf(ran)).toMatchObject({ retired: 1, deleted: { objects: 2 } });
    expect(runOf(ran)).toMatch(/^2027/);
    expect(again.out).toMatch(/quarantined +1 +100 B/);
  });

  it.each([
    ['bucket/ledger', /^The ledger and the area must be separate, but bucket\/ledger is inside bucket\. .*\n$/, 2],
    ['/dev/null', /^The folder '\/dev\/null' of the ledger is not a folder\. .*\n$/, 2],
    ['/proc/ledger', /^.* of the ledger '\/proc\/ledger' can't be written: .*nothing was written\. .*\n$/, 3],
    ['', /^--ledger is an empty text \(an unset variable\?\)\. .*\n$/, 2],
    ['gs://x/y', /^--ledger gs:\/\/x\/y: this is neither a directory nor a bucket\. .*\n$/, 2],
  ])('refuses the ledger %j in a sentence', async (ledger, sentence, status) => {
    const cwd = await makeDirectory(twoJobs());
    const before = await filesBelow(cwd);

    const ran = await steward(cwd, ['collect', ...AREA, '--execute', '--ledger', ledger]);

    expect({ status: ran.status, out: ran.out }).toEqual({ status, out: '' });
    expect(ran.err).toMatch(sentence);
    expect(await filesBelow(cwd)).toEqual(before);
  });

  it('refuses a ledger of a newer format, one that looks after another area, and a marker that is no marker', async () => {
    // Prepare
    const cwd = await makeDirectory({ ...twoJobs(), 'alien/bucket/.flink-steward.json': 'hello' });
    await steward(cwd, ['collect', ...AREA, '--execute', '--ledger', 'mine']);
    await writeTree(cwd, {
      'newer/ledger@/000000000001': '{"format": 2, "id": "x", "created": "2027-01-01T00:00:00Z"}',
    });

    // Act
    const newer = await steward(cwd, ['collect', ...AREA, '--execute', '--ledger', 'newer']);
    const foreign = await steward(cwd, ['collect', ...AREA, '--execute', '--ledger', 'other', '--json']);
    const alien = await steward(cwd, ['collect', 'alien/bucket', '--execute']);

    // Assess
    expect([newer.status, foreign.status, alien.status]).toEqual([3, 3, 3]);
    expect(newer.err).toMatch(
      /has format 2, but this steward knows only format 1\. Nothing was changed; use the newer steward/,
    );
    expect(foreign.err).toMatch(
      /^Another ledger, .*\/mine, has been responsible for bucket since 2027-03-01.*take the area over: steward resume bucket --as s3:\/\/bucket .*--take-over --execute\n$/,
    );
    expect(documentOf(foreign)).toMatchObject({ error: { status: 3, message: foreign.err.trimEnd() } });
    expect(alien.err).toMatch(
      /^The \.flink-steward\.json in alien\/bucket was not written by this version of the steward/,
    );
  });

  it('knows its breakers by name', async () => {
    const cwd = await makeDirectory(twoJobs());

    const { status, err } = await steward(cwd, ['collect', ...AREA, '--execute', '--accept', 'everything']);

    expect(status).toBe(2);
    expect(err).toMatch(
      /^error: option '--accept <breaker\.\.\.>' argument 'everything' is invalid\. Allowed choices are no-roots, /,
    );
  });

  it('needs a ledger for a bucket', async () => {
    const { status, err } = await steward('/', ['collect', 's3://somewhere/flink', '--execute']);

    expect({ status, err }).toEqual({
      status: 2,
      err: 'For a bucket this command needs a ledger, which keeps records between runs. Set it with --ledger DIRECTORY or --ledger s3://another-bucket/prefix, or as "ledger" in steward.json.\n',
    });
  });

  it('does not take the ledger of the configuration for a bucket that was typed, and says so', async () => {
    const config = JSON.stringify({ area: ['s3://somewhere/flink'], ledger: 's3://memory/flink' });
    const cwd = await makeDirectory({ 'steward.json': config });

    const { status, err } = await steward(cwd, ['collect', 's3://somewhere/flink', '--execute']);

    expect({ status, err }).toEqual({
      status: 2,
      err: 'For a bucket this command needs a ledger, which keeps records between runs. That of the configuration counts only where no location is typed: leave the locations out, or add --ledger s3://memory/flink\n',
    });
  });

  it('remembers where the configuration says, of the area of the configuration', async () => {
    const area = [{ path: 'bucket', as: 's3://bucket' }];
    const config = JSON.stringify({ area, ledger: 'memory' });
    const cwd = await makeDirectory({ ...twoJobs(), 'steward.json': config });

    const ofFile = await steward(cwd, ['collect', '--now', at(0)]);
    const remembered = [...(await filesBelow(cwd)).keys()].filter((key) => !key.startsWith('bucket/'));
    const ofArguments = await steward(cwd, ['history', ...AREA]);

    expect({ ofFile: ofFile.status, ofArguments: ofArguments.status }).toEqual({ ofFile: 0, ofArguments: 2 });
    expect(remembered.filter((key) => key !== 'steward.json' && !key.startsWith('memory/'))).toEqual([]);
    expect(remembered.some((key) => key.startsWith('memory/'))).toBe(true);
    expect(ofArguments.err).toContain('.steward');
  });

  it('lets nothing from a bucket move the cursor', async () => {
    const tree = bucketFiles((store) => {
      store.put('flink/\u001b[2J', 'x', 0);
    });
    const cwd = await makeDirectory({ ...twoJobs() });
    await writeTree(join(cwd, 'bucket'), tree);

    const { out } = await steward(cwd, ['collect', ...AREA]);

    expect(out).not.toContain('\u001b');
  });
});
