import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditReport } from '#operations/report/audit.ts';
import type { VerdictLine } from '#operations/report/verdict-line.ts';
import { type Ran, runCaptured } from '#test/cli/steward.ts';
import {
  jobDirectories,
  jobIds,
  lastWrite,
  RECORDINGS,
  type RecordedBucket,
  recordedBucket,
  SHORT_RULES,
  unpack,
} from '#test/support/corpus.ts';
import { stretched } from '#tools/demo/stretched-bucket.ts';

/** Buckets that real Flink wrote, judged by the command, held against what real Flink could restore. */

const MUCH_LATER = '2027-03-01T00:00:00Z';
const GOING = new Set(['delete', 'quarantined']);
const UUID_NAMED = /\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Unpacked {
  readonly bucket: RecordedBucket;
  readonly directory: string;
}

interface Judged {
  readonly status: number;
  readonly verdicts: readonly VerdictLine[];
  readonly undecidable: readonly string[];
}

interface Asking {
  /** Below the unpacked bucket. */
  readonly below?: string;
  readonly as: string | null;
  readonly now?: string;
  readonly deadJobs?: readonly string[];
}

let scratch = '';
const unpacked = new Map<string, Unpacked>();

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'flink-steward-corpus-'));
  for (const name of RECORDINGS) {
    const bucket = await recordedBucket(name);
    const directory = join(scratch, name);
    await mkdir(directory);
    await unpack(bucket, directory);
    unpacked.set(name, { bucket, directory });
  }
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

function recording(name: string): Unpacked {
  const found = unpacked.get(name);
  if (found === undefined) {
    throw new Error(`The recording ${name} was not unpacked.`);
  }
  return found;
}

async function command(...args: readonly string[]): Promise<Ran> {
  return await runCaptured(args, { cwd: scratch, clock: Date.now, columns: 100 });
}

async function judge(
  { bucket, directory }: Unpacked,
  { below = '', as, now = MUCH_LATER, deadJobs = [] }: Asking,
): Promise<Judged> {
  const place = join(directory, below);
  const config = join(scratch, 'rules.json');
  const verdicts = join(scratch, 'verdicts.ndjson');
  await writeFile(config, JSON.stringify({ area: [place], collect: SHORT_RULES, deadJobs }));
  const asWhat = as === null ? [] : ['--as', as];
  const { status, out } = await command(
    ...['plan', place, ...asWhat, '--config', config, '--now', now],
    ...['--assume-quarantined', '--verdicts', verdicts, '--json'],
  );
  const report = JSON.parse(out) as { undecidable: { code: string }[] };
  const lines = (await readFile(verdicts, 'utf8')).trimEnd().split('\n');
  const prefix = below === '' ? '' : `${below}/`;
  const judged = lines.map((line) => JSON.parse(line) as VerdictLine);
  const known = new Set(bucket.objects.map(({ key }) => key));
  expect(judged.filter(({ key }) => !known.has(prefix + key))).toEqual([]);
  return {
    status,
    verdicts: judged.map((line) => ({ ...line, key: prefix + line.key })),
    undecidable: [...new Set(report.undecidable.map(({ code }) => code))],
  };
}

function keysWith({ verdicts }: Judged, ...wanted: readonly string[]): string[] {
  return verdicts
    .filter(({ verdict }) => wanted.includes(verdict))
    .map(({ key }) => key)
    .sort();
}

/** Objects that some restore needs, and that would go all the same. */
function lost(judged: Judged, needed: Iterable<string>): string[] {
  const keep = new Set(needed);
  return judged.verdicts.filter(({ key, verdict }) => GOING.has(verdict) && keep.has(key)).map(({ key }) => key);
}

async function audit(
  directory: string,
  ...options: readonly string[]
): Promise<{ status: number; report: AuditReport }> {
  const { status, out } = await command('audit', directory, ...options, '--json');
  return { status, report: JSON.parse(out) as AuditReport };
}

/** A recording once more, in a folder that the test may change. */
async function unpackAgain(
  bucket: RecordedBucket,
  folder: string,
  timeOf?: (recorded: number) => number,
): Promise<string> {
  const directory = join(scratch, folder);
  await mkdir(directory, { recursive: true });
  await unpack(bucket, directory, timeOf);
  return directory;
}

function filesOf({ objects }: RecordedBucket): RecordedBucket['objects'] {
  return objects.filter(({ key }) => !key.endsWith('/'));
}

function directoryOf(root: { readonly metadata: string }): string {
  return root.metadata.slice(0, -'/_metadata'.length);
}

function wholeRoots({ roots }: RecordedBucket): RecordedBucket['roots'] {
  return roots.filter(({ missing }) => missing.length === 0);
}

/** Flink itself takes files from under the checkpoints of a job that was restored with CLAIM. */
function damagedRoots({ roots }: RecordedBucket): readonly string[] {
  return roots
    .filter(({ missing }) => missing.length > 0)
    .map(({ metadata }) => metadata)
    .sort();
}

describe.each(RECORDINGS)('Of the bucket %s', (name) => {
  it('exactly the files that no checkpoint names go, once every job is dead', async () => {
    // Prepare
    const here = recording(name);
    const { bucket } = here;
    // Act
    const judged = await judge(here, { as: `s3://${bucket.bucket}`, deadJobs: jobIds(bucket) });
    // Assess
    expect(keysWith(judged, 'delete')).toEqual(bucket.may_delete.filter((key) => UUID_NAMED.test(key)).sort());
    expect(keysWith(judged, 'keep-live')).toEqual([...bucket.keep].sort());
    expect(judged.verdicts).toHaveLength(filesOf(bucket).length);
    expect({ status: judged.status, undecidable: judged.undecidable }).toEqual({ status: 0, undecidable: [] });
  });

  it('nothing goes while its own name is not known, or a wrong one', async () => {
    // Prepare
    const here = recording(name);
    const deadJobs = jobIds(here.bucket);
    for (const as of [null, 's3://another-bucket', `s3://${here.bucket.bucket}-copy`]) {
      // Act
      const judged = await judge(here, { as, deadJobs });
      // Assess
      expect(keysWith(judged, ...GOING)).toEqual([]);
      // Of full snapshots every reference is relative, and true wherever the bucket lies.
      expect(judged.status).toBe(name === 'f120-hashmap' ? 0 : 3);
    }
  });

  it('no file that a checkpoint names goes, however it is asked', async () => {
    // Prepare
    const here = recording(name);
    const { bucket } = here;
    const right = `s3://${bucket.bucket}`;
    const deadJobs = jobIds(bucket);
    const atOnce = new Date(lastWrite(bucket) + 1).toISOString();
    const ways: readonly Asking[] = [
      { as: right },
      { as: right, now: atOnce },
      { as: right, now: atOnce, deadJobs },
      { as: `${right}/flink`, deadJobs },
      { as: `${right}/flink/flink`, below: 'flink', deadJobs },
      { as: right, below: 'flink', deadJobs },
      { as: `${right}/flink`, below: 'flink/checkpoints', deadJobs },
    ];
    for (const asking of ways) {
      // Act
      const judged = await judge(here, asking);
      // Assess
      expect({ asking, lost: lost(judged, bucket.keep) }).toEqual({ asking, lost: [] });
    }
  });

  it('what a job wrote after its newest checkpoint stays while the job may live', async () => {
    // Prepare
    const here = recording(name);
    const { bucket } = here;
    const end = lastWrite(bucket) + 1;
    const written = new Map(bucket.objects.map(({ key, mtime }) => [key, Date.parse(mtime)]));
    const unproven = [...jobDirectories(filesOf(bucket)).values()].flatMap((directory) => {
      const newest = Math.max(
        ...bucket.roots
          .filter(({ metadata }) => metadata.startsWith(`${directory}/`))
          .map(({ metadata }) => written.get(metadata) ?? Number.NaN),
      );
      return filesOf(bucket)
        .map(({ key }) => key)
        .filter((key) => key.startsWith(`${directory}/`) && (written.get(key) ?? Number.NaN) > newest);
    });
    // Act
    const judged = await judge(here, { as: `s3://${bucket.bucket}`, now: new Date(end).toISOString() });
    // Assess
    expect(lost(judged, unproven)).toEqual([]);
  });

  it('the restore points are those that Flink restored, also after all garbage has gone', async () => {
    // Prepare
    const { bucket, directory } = recording(name);
    const options = ['--as', `s3://${bucket.bucket}`, '--now', MUCH_LATER];
    const after = await unpackAgain(bucket, `${name}-after`);
    await Promise.all(bucket.may_delete.map((key) => rm(join(after, key), { recursive: true })));
    for (const [place, restored] of [
      [directory, bucket.restores.filter(({ before, afterDeletion }) => before ?? afterDeletion)],
      [after, bucket.restores.filter(({ afterDeletion }) => afterDeletion)],
    ] as const) {
      // Act
      const { status, report } = await audit(place, ...options);
      // Assess
      const points = report.jobs.reduce((sum, job) => sum + job.restorePoints, 0);
      // Flink restored every root that misses nothing, so that many restore points means all of them.
      expect(restored.map(({ checkpoint }) => checkpoint).sort()).toEqual(
        wholeRoots(bucket)
          .map((root) => `s3://${bucket.bucket}/${directoryOf(root)}`)
          .sort(),
      );
      expect({ status, points, roots: report.roots }).toEqual({
        status: 0,
        points: restored.length,
        roots: bucket.roots.length,
      });
      expect(report.jobs.flatMap(({ damaged }) => damaged.map(({ key }) => key)).sort()).toEqual(damagedRoots(bucket));
    }
  });

  it('exactly the checkpoints that name a lost file are damaged', async () => {
    // Prepare
    const { bucket } = recording(name);
    const lostFile = wholeRoots(bucket)[0]?.refs.find((key) => !key.endsWith('/_metadata')) ?? '';
    const directory = await unpackAgain(bucket, `${name}-damaged`);
    await rm(join(directory, lostFile));
    // Act
    const { report } = await audit(directory, '--as', `s3://${bucket.bucket}`, '--now', MUCH_LATER);
    // Assess
    const naming = wholeRoots(bucket).filter(({ refs }) => refs.includes(lostFile));
    const damaged = [...naming.map(({ metadata }) => metadata), ...damagedRoots(bucket)].sort();
    expect(naming).not.toEqual([]);
    expect(report.jobs.flatMap((job) => job.damaged.map(({ key }) => key)).sort()).toEqual(damaged);
    expect(report.jobs.reduce((sum, job) => sum + job.restorePoints, 0)).toBe(bucket.roots.length - damaged.length);
  });
});

describe.each(RECORDINGS)('Of a job of %s alone', (name) => {
  it('nothing goes, though all is old and the job is declared dead: a successor beside it would not be seen', async () => {
    // Prepare
    const here = recording(name);
    const { bucket } = here;
    for (const below of jobDirectories(filesOf(bucket)).values()) {
      // Act
      const judged = await judge(here, { as: `s3://${bucket.bucket}/${below}`, below, deadJobs: jobIds(bucket) });
      // Assess
      expect({ below, status: judged.status, going: keysWith(judged, ...GOING) }).toEqual({
        below,
        status: 3,
        going: [],
      });
      expect(judged.undecidable).toContain('cut-job-directory');
    }
  });
});

describe('A lifecycle rule that expires objects after seven days', () => {
  const DAY = 86_400_000;
  const END = Date.parse(MUCH_LATER);
  const RULE_FILE = fileURLToPath(new URL('../tools/demo/expire-after-a-week.json', import.meta.url));

  /** The midnight UTC after its seventh day, as S3 counts. */
  function expiry(written: number): number {
    return Math.ceil((written + 7 * DAY) / DAY) * DAY;
  }

  it('breaks each checkpoint on the day that the audit foretells', async () => {
    // Prepare
    const { bucket } = recording('seed-bucket');
    const timeOf = stretched(bucket, END);
    const written = new Map(bucket.objects.map(({ key, mtime }) => [key, timeOf(Date.parse(mtime))]));
    const directory = await unpackAgain(bucket, 'foretold', timeOf);
    // Act
    const { status, report } = await audit(
      directory,
      ...['--as', `s3://${bucket.bucket}`, '--now', MUCH_LATER, '--lifecycle', RULE_FILE],
    );
    // Assess
    const foretold = report.lifecycle?.rules.flatMap(({ hazards }) => hazards) ?? [];
    expect(new Map(foretold.map(({ rootKey, breaksAt }) => [rootKey, breaksAt]))).toEqual(
      new Map(
        bucket.roots.map(({ metadata, refs }) => [
          metadata,
          Math.min(...[metadata, ...refs].map((key) => expiry(written.get(key) ?? Number.NaN))),
        ]),
      ),
    );
    expect({ status, newestRoots: report.lifecycle?.total.newestRoots }).toEqual({ status: 1, newestRoots: 9 });
  });

  it('leaves a job with a checkpoint of the same day and nothing to restore', async () => {
    // Prepare: the bucket as it was half a day after the last checkpoint of orders, less what the rule had expired.
    const { bucket } = recording('seed-bucket');
    const timeOf = stretched(bucket, END);
    const at = (key: string): number => {
      return timeOf(Date.parse(bucket.objects.find((object) => object.key === key)?.mtime ?? ''));
    };
    const newest = 'flink/checkpoints/euw1/c1eb53423df759dcb1cdfc3c6af16ca6/chk-15/_metadata';
    const now = at(newest) + DAY / 2;
    const directory = await unpackAgain(bucket, 'expired', timeOf);
    const there = filesOf(bucket).filter(({ key }) => at(key) <= now);
    const expired = there.filter(({ key }) => expiry(at(key)) <= now).map(({ key }) => key);
    const later = filesOf(bucket).filter(({ key }) => at(key) > now);
    await Promise.all([...expired, ...later.map(({ key }) => key)].map((key) => rm(join(directory, key))));
    // Act
    const { status, report } = await audit(
      directory,
      ...['--as', `s3://${bucket.bucket}`, '--now', new Date(now).toISOString()],
    );
    // Assess
    expect(expired.every((key) => key.includes('/shared/'))).toBe(true);
    expect({ there: there.length, expired: expired.length }).toEqual({ there: 90, expired: 2 });
    expect(report.jobs.flatMap(({ damaged }) => damaged.map(({ key }) => key)).sort()).toEqual(
      bucket.roots
        .filter(({ refs }) => refs.some((key) => expired.includes(key)))
        .map(({ metadata }) => metadata)
        .sort(),
    );
    expect(report.jobs.map(({ newestRestorePoint }) => newestRestorePoint)).toEqual([null, null, null]);
    expect(status).toBe(1);
  });
});
