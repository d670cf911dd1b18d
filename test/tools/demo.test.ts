import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { BuiltSteward } from '#test/cli/built-steward.ts';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import { recordedBucket } from '#test/support/corpus.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { UNREFERENCED } from '#tools/demo/recorded-story.ts';
import { stretched } from '#tools/demo/stretched-bucket.ts';

const makeDirectory = useTempDirectories();
const TOP = fileURLToPath(new URL('../..', import.meta.url));
const DAY = 86_400_000;
const ORDERS = 'flink/checkpoints/euw1/9468946f38e9d60efc7468a374aec04f';

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** As `npm run demo -- ARGS` runs it, without npm. */
function demoProcess(...args: readonly string[]): ChildProcessWithoutNullStreams {
  // Whatever the surroundings say of AWS, the demo asks nobody but itself.
  const env = {
    ...process.env,
    NO_COLOR: '1',
    AWS_PROFILE: 'nobody',
    AWS_SESSION_TOKEN: 'nothing',
    STEWARD_LEDGER: '/dev/null',
  };
  return spawn(process.execPath, ['--import', 'tsx', 'tools/demo/demo.ts', ...args], { cwd: TOP, env, stdio: 'pipe' });
}

async function runDemo(...args: readonly string[]): Promise<Ended> {
  const child = demoProcess(...args);
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, out, err };
}

interface ServedDemo {
  readonly child: ChildProcessWithoutNullStreams;
  /** In their order, each as one line. */
  readonly commands: readonly string[];
  readonly endpoint: string;
  readonly report: string;
}

/** The demo with `--serve`, once it has printed all commands. */
async function servedDemo(): Promise<ServedDemo> {
  const child = demoProcess('--serve');
  let out = '';
  for await (const line of createInterface({ input: child.stdout })) {
    out += `${line}\n`;
    if (/ -X DELETE [\s\S]*steward audit\n/.test(out)) break;
  }
  const commands = [...out.replaceAll(/ \\\n +/g, ' ').matchAll(/^ {2}(\S.*)$/gm)].map(([, command = '']) => command);
  return {
    child,
    commands,
    endpoint: / at (http:\/\/127\.0\.0\.1:\d+),/.exec(out)?.[1] ?? '',
    report: /(http:\/\/127\.0\.0\.1:\d+\/) in a browser/.exec(out)?.[1] ?? '',
  };
}

/** A shell of a user whose environment would lead the commands elsewhere. */
async function runShell(script: string): Promise<Ended> {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_PROFILE: 'nobody',
    STEWARD_STACK: 'nothing',
    STEWARD_LEDGER: '/dev/null',
  };
  const child = spawn('bash', ['-s'], { cwd: '/', env, stdio: 'pipe' });
  child.stdin.end(script);
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, out, err };
}

/** The clock of the demo, to the second that it prints. */
function clockOf(out: string): number {
  const [, day, time] = /as of (\S+) (\S+) UTC/.exec(out) ?? [];
  return Date.parse(`${day}T${time}Z`);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** What a run printed behind a command, up to the next command. */
function answerTo(out: string, command: string, nth = 0): string {
  return out.split('\n$ ').filter((part) => part.replaceAll(/ \\\n +/g, ' ').startsWith(command))[nth] ?? '';
}

// Each run is a process of its own that compiles what it loads, which takes its time on a busy machine.
describe('The demo', () => {
  it('audits, retires, plans, deletes, explains and puts everything back', async () => {
    // Prepare
    const bucket = await recordedBucket('seed-bucket');
    const recorded = new Map(bucket.objects.map(({ key, mtime }) => [key, Date.parse(mtime)]));
    // Act
    const { status, out, err } = await runDemo();
    // Assess
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.replace(/\s+/g, ' ')).toContain('five seconds become a day, each byte of a state file becomes 5 MB');
    const audit = answerTo(out, 'steward audit');
    const timeOf = stretched(bucket, clockOf(audit));
    const chk7 = bucket.roots.find(({ metadata }) => metadata === `${ORDERS}/chk-7/_metadata`);
    const oldest = Math.min(...(chk7?.refs ?? []).map((key) => timeOf(recorded.get(key) ?? Number.NaN)));
    const breaks = dayOf(Math.ceil((oldest + 7 * DAY) / DAY) * DAY);
    expect(audit.replace(/\s+/g, ' ')).toContain(
      `Rule "expire-after-a-week" breaks 14 roots of 9 jobs: chk-7 of orders, the newest of its job, can lose its first object any day, due since ${breaks}: shared/426c7245… written ${dayOf(oldest)}`,
    );
    expect(audit).toContain('489 objects, 32.7 TB; 14 checkpoints and savepoints');
    expect(audit).toMatch(/^live +372 +28\.1 TB/m);
    expect(audit).toMatch(/^reclaimable +100 +2\.8 TB/m);
    expect(audit).toMatch(
      /^Cost: about \$700 a month\.\n {2}- \$60\.40 a month can be saved now: 2\.8 TB in 100 objects/m,
    );
    expect(answerTo(out, 'steward retire --execute')).toContain('\n5 checkpoints and savepoints were retired.\n');
    expect(answerTo(out, 'steward plan')).toMatch(/^quarantined +258 +14\.8 TB/m);
    expect(answerTo(out, 'steward collect --execute')).toContain('\nNothing was deleted or retired: a breaker');
    expect(answerTo(out, 'steward collect --execute --accept too-much')).toContain(
      '\nYou accepted what the findings say (too-much). 258 objects were deleted (14.8 TB).\n',
    );
    expect(out).toContain('\n6. The bucket cost $700 a month. What does it cost now');
    expect(answerTo(out, 'steward audit', 1)).toMatch(
      /^Cost: about \$700 a month\. \$317 for 270 noncurrent versions/m,
    );
    expect(out).toContain('\nWhen those versions have expired, the bucket costs $383 a month.\n');
    expect(answerTo(out, 'steward history')).toMatch(/collect +done +258 \(14\.8 TB\)/);
    const [deleted, back] = [0, 1].map((nth) => answerTo(out, `steward explain ${UNREFERENCED}`, nth));
    expect(deleted).toMatch(/^304 GB, written .*\n\ndeleted: by run \d{8}T\d{9}Z-\w+, which began/m);
    expect(back).toMatch(/^shared, 304 GB, written /m);
    expect(answerTo(out, `steward explain ${ORDERS}/shared/426c7245`)).toContain(
      'Referenced by 1 checkpoint or savepoint:',
    );
    expect([0, 1].map((nth) => answerTo(out, 'steward undo', nth).split('\n')[2])).toEqual([
      '258 objects from older versions were put back.',
      '5 checkpoints and savepoints were put back.',
    ]);
    const last = answerTo(out, 'steward audit', 2);
    expect(last).toContain('490 objects, 32.7 TB; 14 checkpoints and savepoints');
    expect(last).toMatch(/^live +372 +28\.1 TB/m);
    expect(out.replace(/\s+/g, ' ')).toContain('All 489 objects are back, with the same sizes.');
    expect(clockOf(last) - clockOf(audit)).toBeGreaterThanOrEqual(DAY);
    expect(out.split('\n').length).toBeLessThan(217);
    expect(out).toContain('The report was written to dist/demo-report.html. Open it in a browser:');
    const page = await readFile(new URL(/^file:\/\/\S+$/m.exec(out)?.[0] ?? ''), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('"label":"orders"');
  });

  it('serves the bucket and prints commands that do in a shell what the demo shows', async () => {
    // Prepare
    const folder = await makeDirectory();
    await BuiltSteward.build(folder);
    const { child, commands: printed, endpoint, report } = await servedDemo();
    const ended = once(child, 'close');
    // Printed only where nothing was built yet.
    const commands = printed.filter((command) => !command.startsWith('npm run build'));
    const script = commands
      .map((command) => command.replace(/\S+\/dist\/cli\/steward\.mjs/, join(folder, 'steward.mjs')))
      .map((command) => `${command}\necho "@@ $?"`)
      .join('\n');
    // Act
    const ran = await runShell(script);
    const client = clientOf(endpoint);
    const store = new S3Bucket({ client, bucket: 'fc-seed-bucket' });
    const keys: string[] = [];
    for await (const page of store.list({ prefix: '' })) for (const { key } of page) keys.push(key);
    client.destroy();
    const page = await fetch(report);
    const elsewhere = await fetch(`${report}other`);
    child.kill('SIGINT');
    const [status] = await ended;
    // Assess
    const answers = ran.out.split(/^@@ (\d+)\n/m);
    const answersTo = (command: string): readonly string[] =>
      commands.flatMap((one, at) => (one.startsWith(command) ? [answers[2 * at] ?? ''] : []));
    const failed = commands.filter((_, at) => !['0', '1'].includes(answers[2 * at + 1] ?? ''));
    expect({ failed, err: ran.err.replaceAll(/^Note: The bucket keeps versions: .*\n/gm, '') }).toEqual({
      failed: [],
      err: '',
    });
    expect(answersTo('steward retire')[0]).toContain('\n5 checkpoints and savepoints were retired.\n');
    expect(answersTo('curl -sS -X POST')[0]).toMatch(/^The bucket's clock shows \S+Z\.\n$/);
    expect(answersTo('steward collect').map((answer) => answer.split('\n').at(-4))).toEqual([
      'Nothing was deleted or retired: a breaker has tripped (see the findings).',
      'You accepted what the findings say (too-much). 258 objects were deleted (14.8 TB).',
    ]);
    expect(answersTo(`steward explain ${UNREFERENCED}`)[0]).toContain('\ndeleted: by run ');
    expect(answersTo('steward undo')[0]).toContain('\n258 objects from older versions were put back.\n');
    expect(answersTo('steward undo')[1]).toContain('\n5 checkpoints and savepoints were put back.\n');
    const [first, back, lost] = answersTo('steward audit').map((answer) =>
      /^live .*$/m.exec(answer)?.[0].split(/ {2,}/).slice(0, 3),
    );
    expect([first, back]).toEqual([
      ['live', '372', '28.1 TB'],
      ['live', '372', '28.1 TB'],
    ]);
    // The object that the last command but one deletes.
    expect(lost).toEqual(['live', '371', '28.0 TB']);
    const recording = await recordedBucket('seed-bucket');
    const gone = recording.objects.map(({ key }) => key).filter((key) => !keys.includes(key));
    expect(gone).toEqual([`${ORDERS}/shared/426c7245-f48b-4df8-ae17-63414fad18a0`]);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('"label":"orders"');
    expect(elsewhere.status).toBe(404);
    expect(status).toBe(0);
  });

  it('lets no command run whose bucket does not answer', async () => {
    // Prepare
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    other.close();
    await once(other, 'close');
    const command = `node --import ${join(TOP, 'tools/demo/bucket-clock.mjs')} -e 'console.log("ran")'`;
    // Act
    const gone = await runShell(`AWS_ENDPOINT_URL=http://127.0.0.1:${port} ${command}`);
    const unset = await runShell(command);
    // Assess
    expect([gone.status, gone.out, unset.status, unset.out]).toEqual([1, '', 1, '']);
    expect(gone.err).toContain(`does not answer at AWS_ENDPOINT_URL (http://127.0.0.1:${port}), so nothing was run.`);
    expect(unset.err).toContain('does not answer at AWS_ENDPOINT_URL (not set), so nothing was run.');
  });

  it('fails when it can not do its work', async () => {
    // Prepare
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    // Act
    const taken = await runDemo('--port', String(port));
    const wrong = await runDemo('--port', 'http');
    other.close();
    // Assess
    expect([taken.status, wrong.status]).toEqual([1, 1]);
    expect(taken.err).toContain('The demo failed: listen EADDRINUSE');
    expect(wrong.err).toContain('The demo failed: --port must be a number up to 65535, but is "http".');
  });
});
