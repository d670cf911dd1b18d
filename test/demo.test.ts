import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stretched } from '#demo/stretched-bucket.ts';
import { recordedBucket } from '#test/support/corpus.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const TOP = fileURLToPath(new URL('..', import.meta.url));
const DAY = 86_400_000;
const ORDERS = 'flink/checkpoints/euw1/9468946f38e9d60efc7468a374aec04f';

const inFolder = useTempDirectories();

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** As `npm run demo -- FOLDER` runs it, without npm. */
async function runDemo(folder: string): Promise<Ended> {
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'demo/demo.ts', folder],
      {
        cwd: TOP,
        env: { ...process.env, NO_COLOR: '1' },
      },
    );
    return { status: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, out: stdout, err: stderr };
  }
}

/** The clock of the demo, to the second that it prints. */
function clockOf(out: string): number {
  const [, day, time] = /as of (\S+) (\S+) UTC/.exec(out) ?? [];
  return Date.parse(`${day}T${time}Z`);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

// Each run is a process of its own that compiles what it loads, which takes its time on a busy machine.
describe('The demo', { timeout: 120_000 }, () => {
  it('tells what a lifecycle rule breaks and when, what can be restored, and what could go', async () => {
    // Prepare
    const bucket = await recordedBucket('seed-bucket');
    const recorded = new Map(bucket.objects.map(({ key, mtime }) => [key, Date.parse(mtime)]));
    // Act
    const { status, out, err } = await runDemo(await inFolder());
    // Assess
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const timeOf = stretched(bucket, clockOf(out));
    const chk7 = bucket.roots.find(({ metadata }) => metadata === `${ORDERS}/chk-7/_metadata`);
    const oldest = Math.min(...(chk7?.refs ?? []).map((key) => timeOf(recorded.get(key) ?? Number.NaN)));
    const breaks = dayOf(Math.ceil((oldest + 7 * DAY) / DAY) * DAY);
    expect(out.replace(/\s+/g, ' ')).toContain(
      `Rule "expire-after-a-week" breaks 14 roots of 9 jobs: chk-7 of orders, the newest of its job, can lose its first object any day, due since ${breaks}: shared/426c7245… written ${dayOf(oldest)}`,
    );
    expect(out).toMatch(/^live +372 +5\.7 MB/m);
    expect(out).toMatch(/^delete +94 +512 kB/m);
    expect(out).toMatch(/^keep-young +9 /m);
    expect(out).toMatch(/^keep-in-progress +3 /m);
    expect(out).toContain('3 checkpoints or savepoints name it.');
    expect(out).toContain(
      'flink run -s s3://fc-seed-bucket/flink/checkpoints/euw1/c1eb53423df759dcb1cdfc3c6af16ca6/chk-15',
    );
    expect(out).toContain('five seconds of the recording become a');
    expect(out.split('\n').length).toBeLessThan(140);
  });

  it('can be run again in the same folder, and leaves files of others alone', async () => {
    // Prepare
    const folder = await inFolder({ 'bucket/mine.txt': 'mine' });
    // Act
    const first = await runDemo(folder);
    const second = await runDemo(folder);
    // Assess
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(second.out).toContain(join(folder, 'bucket-2'));
    expect(second.out).toMatch(/^delete +94 /m);
  });

  it('fails when it can not do its work', async () => {
    // Prepare
    const folder = await inFolder();
    await writeFile(join(folder, 'a-file'), '');
    // Act
    const { status, err } = await runDemo(join(folder, 'a-file'));
    // Assess
    expect(status).toBe(1);
    expect(err).toContain('The demo failed: ');
  });
});
