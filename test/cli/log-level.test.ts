import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { levelOf } from '#cli/log-level.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories, writeTree } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { AREA, at, runOf, serveQuarantine, twoJobs } from './acting.ts';
import { damagedJob, type Ran, runCaptured, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

describe('How much a command says', () => {
  it.each([
    [{}, 'warn'],
    [{ quiet: true }, 'error'],
    [{ verbose: true }, 'info'],
    [{ logLevel: 'debug' }, 'debug'],
    [{ quiet: true, logLevel: 'warn' }, 'warn'],
  ] as const)('follows from its options: %j', (options, level) => {
    expect(levelOf(options)).toBe(level);
  });

  it.each([
    [['-q', '-v'], "option '-q, --quiet' cannot be used with option '-v, --verbose'"],
    [['-v', '--log-level', 'debug'], "option '-v, --verbose' cannot be used with option '--log-level <level>'"],
    [['--log-level', 'loud'], "'loud' is invalid. Allowed choices are error, warn, info, debug."],
  ])('is not said twice or otherwise: %j', async (options, message) => {
    const { status, err } = await steward('/', ['audit', '.', ...options]);

    expect(status).toBe(2);
    expect(err).toContain(message);
  });

  it('leaves -V to the version', async () => {
    expect(await steward('/', ['-V'])).toEqual({ status: 0, out: 'development\n', err: '' });
  });

  it('does not hide errors', async () => {
    const { err } = await steward(await makeDirectory({}), ['audit', 'none', '--log-level', 'error']);

    expect(err).toMatch(/^The folder '.*none' does not exist\./);
  });

  it('includes notes, unless only errors are wanted', async () => {
    const cwd = await makeDirectory({ ...smallJob('copy/'), 'steward.json': '{"collect": {"deadAfter": "1h"}}' });
    const words = ['restore-points', '.', '--as', 's3://bucket'];

    const usual = await steward(cwd, words);
    const few = await steward(cwd, [...words, '--log-level', 'error']);
    const quiet = await steward(cwd, [...words, '-q']);

    expect(usual.err).toMatch(/^Note: collect\.deadAfter is 1h/);
    expect(few).toEqual({ ...usual, err: '' });
    expect(quiet).toEqual(few);
  });

  it('includes how long it took, from "info" on', async () => {
    const cwd = await makeDirectory(smallJob());

    const { out, err } = await steward(cwd, ['audit', '.', '--as', 's3://bucket', '-v']);

    expect(out).toContain('Flink state in .');
    expect(err).toBe('No request went to S3. The command took 0 s.\n');
  });

  it('includes stack traces at "debug"', async () => {
    const { err } = await steward(await makeDirectory({}), ['audit', 'none', '--log-level', 'debug']);

    expect(err).toMatch(/^\s+at /m);
  });
});

async function runQuiet(cwd: string, args: readonly string[], input: AsyncIterable<Uint8Array>): Promise<Ran> {
  return await runCaptured(args, { cwd, clock: () => NOW, columns: 40, input });
}

describe('A quiet command', () => {
  it.each([
    [['audit'], 'audit bucket: 17 objects (5.3 kB), 2 objects (200 B) reclaimable.\n'],
    [['plan'], 'plan bucket: 2 objects (200 B) would be deleted, 0 objects (0 B) in quarantine.\n'],
    [['collect'], 'collect bucket: Dry run: 2 objects (200 B) would be deleted.\n'],
    [['collect', '--execute'], 'collect bucket: 2 objects were deleted (200 B).\n'],
    [['retire'], 'retire bucket: Dry run: nothing would be retired.\n'],
    [['pause'], 'Deleting is paused.\n'],
    [['resume'], 'Dry run: nothing was changed. Deleting would be allowed again.\n'],
    [['pin', '--from', '-'], '1 checkpoint or savepoint is pinned.\n'],
  ])('says what it comes to in one line: %j', async (words, expected) => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    const [command = '', ...options] = words;
    const input = (async function* () {
      yield Buffer.from(`s3://bucket/flink/${JOB}/chk-7\n`);
    })();

    const ran = await runQuiet(cwd, [command, ...AREA, '--now', at(1), ...options, '-q'], input);

    expect(ran).toEqual({ status: 0, out: expected, err: '' });
  });

  it('says by a line what an undo put back, or can not', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    const run = runOf(await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute', '--json']));

    const { out } = await steward(cwd, ['undo', run, ...AREA, '--now', at(1), '-q']);

    expect(out).toMatch(
      new RegExp(
        `^undo ${run}: Dry run: nothing was changed\\. Nothing of this run can be put back\\. 2 objects can't be put back\\. The first: [^\\n]*\\n$`,
      ),
    );
  });

  it('says why nothing is decided, and that there are findings', async () => {
    const cwd = await makeDirectory(damagedJob());
    const words = ['audit', '.', '--as', 's3://bucket', '-q'];

    const found = await steward(cwd, words);
    await writeTree(cwd, { 'flink/sp/_metadata': 'not one' });
    const undecidable = await steward(cwd, words);

    expect([found.status, found.out.match(/ 1 finding\.\n$/) !== null]).toEqual([1, true]);
    expect(undecidable.status).toBe(3);
    expect(undecidable.out).toMatch(/^audit \.: .* reclaimable\. Undecidable: [^\n]+\n$/);
  });

  it('names the breaker that stops a plan', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    await writeFile(join(cwd, 'steward.json'), '{"collect": {"maxDeleteFraction": 0.01}}');

    const { out } = await steward(cwd, ['plan', ...AREA, '--now', at(1), '-q']);

    expect(out).toContain('more than collect.maxDeleteFraction allows (1 %)');
    expect(out.split('\n').length).toBe(2);
  });

  it('prints the same document with --json', async () => {
    const cwd = await makeDirectory(smallJob());
    const words = ['audit', '.', '--as', 's3://bucket', '--json'];

    expect(await steward(cwd, [...words, '-q'])).toEqual(await steward(cwd, words));
  });

  it('sums up what the doctor found', async () => {
    const cwd = await makeDirectory(smallJob());

    const { out } = await steward(cwd, ['doctor', '.', '--as', 's3://bucket', '-q']);

    expect(out).toMatch(/^doctor \.: \d+ checks: .*\n$/);
  });
});

describe('The requests to a store', () => {
  const serve = useEmbeddedS3();
  useMachineClock(NOW);
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAPUBLICPART');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-part');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token-part');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  async function servedJob(): Promise<EmbeddedS3> {
    const { s3 } = await serve();
    s3.clock = () => NOW;
    const put = (key: string, content: string | Uint8Array, modified: number) =>
      s3.put(BUCKET, key, content, { lastModified: modified });
    const job = new PlayedJob({ put, remove: () => undefined }, `flink/${JOB}/`, `s3a://${BUCKET}`);
    job.complete(7, [job.upload(1, NOW - 5 * DAY)], NOW - 4 * DAY);
    return s3;
  }

  function reach({ url }: EmbeddedS3): readonly string[] {
    return ['--endpoint', url, '--region', 'us-east-1', '--path-style'];
  }

  it('are counted from "info" on', async () => {
    const s3 = await servedJob();

    const { err } = await steward('/', ['inspect', `s3://${BUCKET}/flink/${JOB}/chk-7`, ...reach(s3), '-v']);

    const counts = s3.log.counts();
    const kinds = Object.entries(counts).map(([operation, times]) => `${times} ${operation}`);
    expect(err).toMatch(/^Requests to S3: .*\. The command took 0 s\.\n$/);
    for (const kind of kinds) expect(err).toContain(kind);
  });

  it('are told one by one at "debug", and no secret with them', async () => {
    const s3 = await servedJob();

    const { err } = await steward('/', ['audit', `s3://${BUCKET}/flink`, ...reach(s3), '--log-level', 'debug']);

    const root = `${s3.url}/${BUCKET}/flink/${JOB}/chk-7/_metadata`.replaceAll('.', '\\.');
    expect(err).toMatch(new RegExp(`^GET ${root} 200, \\d+ ms$`, 'm'));
    expect(err).toMatch(
      new RegExp(`^GET ${s3.url}/${BUCKET}/?\\?list-type=2&\\S*prefix=flink/\\S* 200, \\d+ ms$`, 'm'),
    );
    for (const secret of ['AKIAPUBLICPART', 'secret-part', 'token-part', 'Signature'])
      expect(err).not.toContain(secret);
  });

  it('that get no answer are told as well', async () => {
    const { s3 } = await serve();
    const options = reach(s3);
    await s3.close();

    const { err } = await steward('/', ['inspect', `s3://${BUCKET}/x`, ...options, '--log-level', 'debug']);

    expect(err).toMatch(/^(?:GET|HEAD) \S+ no answer, \d+ ms$/m);
  });
});
