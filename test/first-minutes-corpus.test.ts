import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseConfigAsWritten, type StewardJson } from '#config/steward-config.ts';
import type { VerdictLine } from '#operations/report/verdict-line.ts';
import { type Ran, runCaptured } from '#test/cli/steward.ts';
import { jobIds, RECORDINGS, type RecordedBucket, recordedBucket, SHORT_RULES, unpack } from '#test/support/corpus.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { serveRecording } from '#test/support/served-recording.ts';

/** What `steward init` proposes for the recorded buckets, held against the configuration that is known to be right. */

const MUCH_LATER = Date.UTC(2027, 2, 1);
const GOING: ReadonlySet<string> = new Set(['delete', 'quarantined']);
const serve = useEmbeddedS3();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flink-steward-init-'));
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function command(...args: readonly string[]): Promise<Ran> {
  return await runCaptured(args, { cwd: folder, clock: () => MUCH_LATER, columns: 100 });
}

async function proposedFile(): Promise<StewardJson> {
  return parseConfigAsWritten(await readFile(join(folder, 'steward.json'), 'utf8'), 'steward.json');
}

interface Judged {
  readonly status: number;
  readonly undecidable: readonly unknown[];
  readonly verdicts: ReadonlyMap<string, VerdictLine['verdict']>;
}

/** By whole keys, with every job dead and short rules: nothing but the argument itself protects. */
async function judge(
  configuration: StewardJson,
  { objects }: RecordedBucket,
  deadJobs: readonly string[],
  ...options: readonly string[]
): Promise<Judged> {
  await writeFile(join(folder, 'rules.json'), JSON.stringify({ ...configuration, collect: SHORT_RULES, deadJobs }));
  const out = join(folder, 'verdicts.ndjson');
  const ran = await command(
    ...['plan', '--config', 'rules.json', '--assume-quarantined', '--verdicts', out, '--json', ...options],
  );
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
  const keys = objects.map(({ key }) => key);
  const verdicts = lines.map((line): [string, VerdictLine['verdict']] => {
    const { location, key, verdict } = JSON.parse(line) as VerdictLine;
    const [, below = ''] = /\/copy-[^/]+\/?(.*)$/.exec(location) ?? [];
    const prefix = location.startsWith('s3://') || below === '' ? '' : `${below}/`;
    const whole = `${prefix}${key}`;
    expect(keys).toContain(whole);
    return [whole, verdict];
  });
  return { status: ran.status, undecidable: JSON.parse(ran.out).undecidable, verdicts: new Map(verdicts) };
}

function goingOf({ verdicts }: Judged): readonly string[] {
  return [...verdicts].flatMap(([key, verdict]) => (GOING.has(verdict) ? [key] : [])).sort();
}

function filesOf({ objects }: RecordedBucket): readonly string[] {
  return objects.map(({ key }) => key).filter((key) => !key.endsWith('/'));
}

/** All roots, and what they reference, as Flink's own reader says. */
function neededBy({ roots }: RecordedBucket): readonly string[] {
  return [...new Set(roots.flatMap(({ metadata, refs }) => [metadata, ...refs]))].sort();
}

describe.each(RECORDINGS)('For the bucket %s', (name) => {
  it('the proposed area holds every root and all that they reference, and plans as the right configuration does', async () => {
    // Prepare
    const recording = await recordedBucket(name);
    const { s3 } = await serve({ buckets: [], clock: () => MUCH_LATER });
    await serveRecording(s3, recording);
    const reach = ['--endpoint', s3.url, '--region', 'us-east-1', '--path-style'];
    // Act
    const ran = await command('init', `s3://${recording.bucket}`, ...reach);
    // Assess
    expect(ran).toMatchObject({ status: 0, err: '' });
    const proposed = await proposedFile();
    const prefixes = (proposed.area ?? []).map((entry) => {
      if (typeof entry === 'string' || !('bucket' in entry)) throw new Error(`No bucket: ${JSON.stringify(entry)}`);
      return `${entry.bucket.slice(`s3://${recording.bucket}/`.length)}/`;
    });
    const outside = neededBy(recording).filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)));
    expect(outside).toEqual([]);
    const right: StewardJson = {
      area: [{ bucket: `s3://${recording.bucket}`, endpoint: s3.url, region: 'us-east-1', pathStyle: true }],
    };
    const deadJobs = jobIds(recording);
    const [ours, theirs] = [await judge(proposed, recording, deadJobs), await judge(right, recording, deadJobs)];
    expect({ status: ours.status, undecidable: ours.undecidable }).toEqual({
      status: theirs.status,
      undecidable: theirs.undecidable,
    });
    expect(goingOf(ours)).toEqual(goingOf(theirs));
    expect((await command('audit')).status).toBe(0);
  });

  it('a copy in a directory is known by its URL, and plans as the right configuration does', async () => {
    // Prepare
    const recording = await recordedBucket(name);
    const copy = await mkdtemp(join(folder, 'copy-'));
    await unpack(recording, copy);
    const copyName = copy.slice(folder.length + 1);
    // Act
    const ran = await command('init', copyName);
    // Assess
    expect(ran).toMatchObject({ status: 0, err: '' });
    const proposed = await proposedFile();
    const later = ['--now', new Date(MUCH_LATER).toISOString()];
    const right: StewardJson = { area: [{ path: copyName, as: `s3://${recording.bucket}` }] };
    const deadJobs = jobIds(recording);
    const [ours, theirs] = [
      await judge(proposed, recording, deadJobs, ...later),
      await judge(right, recording, deadJobs, ...later),
    ];
    expect({ status: ours.status, undecidable: ours.undecidable }).toEqual({ status: 0, undecidable: [] });
    expect(goingOf(ours)).toEqual(goingOf(theirs));
    expect([...ours.verdicts.keys()].sort()).toEqual([...filesOf(recording)].sort());
  });
});
