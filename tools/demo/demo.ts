/**
 * Shows the command on a bucket that real Flink wrote, served by an S3 of this process on the loopback interface:
 * `npm run demo`. With `--serve` it tells no story, and keeps the bucket there for commands of your own.
 */
import { once } from 'node:events';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { STATUS } from '#cli/errors.ts';
import { type Io, processIo } from '#cli/io.ts';
import { type RecordedBucket, recordedBucket } from '#test/support/corpus.ts';
import { DemoError, Narrator } from './narrator.ts';
import { makeReportFolder, REPORT_FILE, serveReport } from './report.ts';
import { CREDENTIALS, serveBucket, useDemoCredentials } from './served-bucket.ts';

const CHECKPOINTS = 'flink/checkpoints/euw1';
/** An SST file of the first job called orders; the checkpoints of its two successors name it too. */
const SHARED_SST = `${CHECKPOINTS}/9468946f38e9d60efc7468a374aec04f/shared/426c7245-f48b-4df8-ae17-63414fad18a0`;
/** An upload of the job called customers that no checkpoint which completed has taken up. */
const LEFT_BEHIND = `${CHECKPOINTS}/3427804292a3036918c263db21ece0a1/shared/20bc8763-0239-452e-a90b-9c4686146920`;
/** Of a checkpoint that a job called payments had begun when it was killed. */
const UNFINISHED = `${CHECKPOINTS}/c3a8cc4b05f4582e965c5a8f34e39573/chk-11/7ab91355-347e-4c3a-8d1e-17d386a6f685`;
const NEWEST_ORDERS = `${CHECKPOINTS}/c1eb53423df759dcb1cdfc3c6af16ca6/chk-15`;
const RULES = 'expire-after-a-week.json';
/** So the safe rules begin in an answer. */
const SAFE_RULES = 'Safe rules for';
/** The configuration is found there, so the commands need not name it. */
const HERE = fileURLToPath(new URL('.', import.meta.url));

interface Bucket {
  readonly recording: RecordedBucket;
  readonly url: string;
  readonly endpoint: string;
}

async function tellStory({ recording, url }: Bucket, narrator: Narrator, io: Io): Promise<void> {
  narrator.title('Flink Steward, on a bucket that real Flink wrote');
  narrator.tell(
    `Jobs of Flink ${recording.flink} with RocksDB and incremental checkpoints wrote it: orders, customers, payments, inventory and clicks, cancelled, killed, and submitted again under new job ids. They took less than three minutes. To show weeks, this demo STRETCHES THE TIMES: five seconds of the recording become a day, and it ends now. Keys, contents and the order of writing are as Flink left them.`,
  );
  narrator.tell(
    'A checkpoint that took one second now seems to have taken five hours, so the steward.json of this demo has "checkpointTimeout": "6h" in place of 10m. The other rules are the defaults. The bucket lies in an S3 that this demo serves on your machine, and has a lifecycle rule, as buckets do.',
  );

  narrator.step('1. What is in the bucket, and what does its lifecycle rule "expire after 7 days" break, and when?');
  narrator.show('cd', relative(process.cwd(), HERE) || '.');
  await narrator.steward(STATUS.findings, 'audit', url);

  narrator.step('2. Which rules would be safe? (Only the end of the answer is shown.)');
  const answer = await narrator.answer(STATUS.findings, 'rules', 'check', url);
  const end = answer.indexOf(SAFE_RULES);
  if (end === -1) {
    throw new DemoError('The check saw no harm in the lifecycle rule, which expires what checkpoints need.');
  }
  io.out(answer.slice(end));

  narrator.step('3. Why does a file stay that is a month old and belongs to a job long gone?');
  await narrator.steward(STATUS.well, 'explain', url, SHARED_SST);

  narrator.step('4. And why may this one go, which is younger?');
  await narrator.steward(STATUS.well, 'explain', url, LEFT_BEHIND);

  narrator.step('5. From where would the job "orders" be restored, of all its submissions, and how?');
  await narrator.steward(STATUS.well, 'restore-points', url, '--job', 'orders');

  narrator.step('6. What would be deleted, if all garbage had already served its quarantine of 20 hours?');
  await narrator.steward(STATUS.well, 'plan', url, '--assume-quarantined');

  narrator.step('7. All of it as a page to look at:');
  await makeReportFolder();
  await narrator.answer(STATUS.findings, 'audit', url, '--html', relative(HERE, REPORT_FILE));
  narrator.tell(`The report is in ${relative(process.cwd(), REPORT_FILE)}. Open it in a browser:`);
  io.out(`${pathToFileURL(REPORT_FILE).href}\n`);

  narrator.step('npm run demo -- --serve keeps such a bucket there and prints commands to try on it.');
}

function suggest({ recording, url, endpoint }: Bucket, report: string, narrator: Narrator): void {
  narrator.title(`The bucket of the demo is ${url} at ${endpoint}, until you press Ctrl-C`);
  narrator.tell(`To look at it, open ${report} in a browser. The page is made anew whenever it is loaded.`);
  narrator.tell('Open another terminal. "steward" is a name for the command as it stands in this folder:');
  narrator.show('cd', relative(process.cwd(), HERE) || '.');
  narrator.show(
    `alias steward='npx tsx ${relative(HERE, fileURLToPath(new URL('../../cli/main.ts', import.meta.url)))}'`,
  );
  narrator.show('export', ...Object.entries(CREDENTIALS).map(([name, value]) => `${name}=${value}`));
  narrator.step('What is in the bucket, and what would be deleted:');
  narrator.suggest('audit', url);
  narrator.suggest('plan', url, '--assume-quarantined');
  narrator.step('What its lifecycle rule breaks, and which rules would be safe:');
  narrator.suggest('rules', 'check', url);
  narrator.step('From where each job would be restored, and what a checkpoint names:');
  narrator.suggest('restore-points', url);
  narrator.suggest('inspect', `${url}/${NEWEST_ORDERS}`);
  narrator.step('Why the beginnings of a checkpoint stay, although nothing names them:');
  narrator.suggest('explain', url, UNFINISHED);
  narrator.step('What a lost file does (another start brings it back):');
  narrator.show('curl', '-X', 'DELETE', `${endpoint}/${recording.bucket}/${SHARED_SST}`);
  narrator.suggest('audit', url);
}

async function demo({ serve, port }: { readonly serve: boolean; readonly port: number }, io: Io): Promise<void> {
  useDemoCredentials();
  const recording = await recordedBucket('seed-bucket');
  const s3 = await serveBucket(recording, new URL(RULES, import.meta.url), { port, now: io.clock() });
  try {
    const bucket = { recording, url: `s3://${recording.bucket}`, endpoint: s3.url };
    const narrated = { ...io, cwd: HERE };
    const options = ['--endpoint', s3.url, '--path-style'];
    const narrator = new Narrator(narrated, options);
    if (serve) {
      const report = await serveReport(['audit', bucket.url, ...options], narrated);
      try {
        suggest(bucket, report.url, narrator);
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      } finally {
        await report.close();
      }
    } else {
      await tellStory(bucket, narrator, io);
    }
  } finally {
    await s3.close();
  }
}

function optionsOf(args: readonly string[]): { readonly serve: boolean; readonly port: number } {
  const { values } = parseArgs({
    args: [...args],
    options: { serve: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
  });
  const port = Number(values.port);
  if (!(/^\d+$/.test(values.port) && port <= 65_535)) {
    throw new DemoError(`--port takes a number up to 65535, not ${JSON.stringify(values.port)}.`);
  }
  return { serve: values.serve, port };
}

// A reader that has seen enough (`npm run demo | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(0);
});

try {
  await demo(optionsOf(process.argv.slice(2)), processIo());
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
