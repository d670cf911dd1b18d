/**
 * Shows the command on a bucket that real Flink wrote: `npm run demo`, or `npm run demo -- FOLDER` to have the files
 * in a folder of your own.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STATUS } from '#cli/errors.ts';
import { type Io, processIo } from '#cli/io.ts';
import { jobNamesById } from '#cli/print/job-names.ts';
import { printLifecycle } from '#cli/print/lifecycle.ts';
import type { AuditReport } from '#operations/audit.ts';
import { recordedBucket } from '#test/support/corpus.ts';
import { DemoError, Narrator } from './narrator.ts';
import { unpackStretched } from './stretched-bucket.ts';

const CHECKPOINTS = 'flink/checkpoints/euw1';
/** An SST file of the first job called orders; the checkpoints of its two successors name it too. */
const SHARED_SST = `${CHECKPOINTS}/9468946f38e9d60efc7468a374aec04f/shared/426c7245-f48b-4df8-ae17-63414fad18a0`;
/** An upload of the job called customers that no checkpoint which completed has taken up. */
const LEFT_BEHIND = `${CHECKPOINTS}/3427804292a3036918c263db21ece0a1/shared/20bc8763-0239-452e-a90b-9c4686146920`;
/** Of a checkpoint that a job called payments had begun when it was killed. */
const UNFINISHED = `${CHECKPOINTS}/c3a8cc4b05f4582e965c5a8f34e39573/chk-11/7ab91355-347e-4c3a-8d1e-17d386a6f685`;
const NEWEST_ORDERS = `${CHECKPOINTS}/c1eb53423df759dcb1cdfc3c6af16ca6/chk-15`;
const RULES = 'expire-after-a-week.json';

async function demo(folder: string, io: Io): Promise<void> {
  const recording = await recordedBucket('seed-bucket');
  const bucket = await unpackStretched(recording, folder, io.clock());
  const url = `s3://${recording.bucket}`;
  await writeConfig(folder, bucket, url);
  await copyFile(new URL(RULES, import.meta.url), join(folder, RULES));
  const narrator = new Narrator({ ...io, cwd: folder });
  const here = relative(process.cwd(), folder) || '.';

  narrator.title('Flink Steward, on a bucket that real Flink wrote');
  narrator.tell(
    `Jobs of Flink ${recording.flink} with RocksDB and incremental checkpoints wrote it: orders, customers, payments, inventory and clicks, cancelled, killed, and submitted again under new job ids. They took less than three minutes. To show weeks, this demo STRETCHES THE TIMES: five seconds of the recording become a day, and it ends now. Files, contents and the order of writing are as Flink left them.`,
  );
  narrator.tell(
    'A checkpoint that took one second now seems to have taken five hours, so the steward.json of this demo has "checkpointTimeout": "6h" in place of 10m. The other rules are the defaults.',
  );

  narrator.step('1. What is in the bucket? Its copy and its name (--as) stand in steward.json.');
  narrator.show('cd', here);
  await narrator.steward('audit');

  narrator.step('2. What would a lifecycle rule "expire after 7 days" break, and when? (Only this part is shown.)');
  const { lifecycle, jobs } = JSON.parse(
    await narrator.answer(STATUS.findings, 'audit', '--lifecycle', RULES),
  ) as AuditReport;
  if (lifecycle === null || lifecycle.total.newestRoots === 0) {
    throw new DemoError('The audit saw no harm in the lifecycle rule, which expires what checkpoints need.');
  }
  io.out(printLifecycle(lifecycle, io, jobNamesById(jobs)).trimStart());

  narrator.step('3. Why does a file stay that is a month old and belongs to a job long gone?');
  await narrator.steward('explain', bucket, SHARED_SST);

  narrator.step('4. And why may this one go, which is younger?');
  await narrator.steward('explain', bucket, LEFT_BEHIND);

  narrator.step('5. From where would the job "orders" be restored, of all its submissions, and how?');
  await narrator.steward('restore-points', '--job', 'orders');

  narrator.step('6. What would be deleted, if all garbage had already served its quarantine of 20 hours?');
  await narrator.steward('plan', '--assume-quarantined');

  narrator.step(
    `The files stay in ${here}. Go on there; "steward" is npx tsx ../cli/main.ts, or after npm run build: node ../dist/cli/steward.mjs.`,
  );
  narrator.tell('What a checkpoint names:');
  narrator.show('steward', 'inspect', `${bucket}/${NEWEST_ORDERS}`);
  narrator.tell('Why the beginnings of a checkpoint stay, although nothing names them:');
  narrator.show('steward', 'explain', bucket, UNFINISHED);
  narrator.tell('What a lost file does (npm run demo brings it back):');
  narrator.show('mv', `${bucket}/${SHARED_SST}`, '.');
  narrator.show('steward', 'audit');
}

/** The configuration beside the bucket, so that the commands find both from that folder. */
async function writeConfig(folder: string, bucket: string, as: string): Promise<void> {
  const shared = JSON.parse(await readFile(new URL('steward.json', import.meta.url), 'utf8')) as object;
  const config = { area: [{ path: `./${bucket}`, as }], ...shared };
  await writeFile(join(folder, 'steward.json'), `${JSON.stringify(config, null, 2)}\n`);
}

// A reader that has seen enough (`npm run demo | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(0);
});

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../.demo', import.meta.url)));
try {
  await demo(folder, processIo());
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
