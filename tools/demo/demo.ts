/**
 * Shows the command on a bucket that real Flink wrote. This process serves the bucket as S3 on the loopback interface:
 * `npm run demo`. With `--serve` it serves the bucket until Ctrl-C, for your own commands.
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
/** An SST file of the first job called orders; the checkpoints of its two successors reference it too. */
const SHARED_SST = `${CHECKPOINTS}/9468946f38e9d60efc7468a374aec04f/shared/426c7245-f48b-4df8-ae17-63414fad18a0`;
/** An upload of the job called customers that no completed checkpoint references. */
const UNREFERENCED = `${CHECKPOINTS}/3427804292a3036918c263db21ece0a1/shared/20bc8763-0239-452e-a90b-9c4686146920`;
/** A file of a checkpoint that a job called payments had not completed when it was killed. */
const UNFINISHED = `${CHECKPOINTS}/c3a8cc4b05f4582e965c5a8f34e39573/chk-11/7ab91355-347e-4c3a-8d1e-17d386a6f685`;
const NEWEST_ORDERS = `${CHECKPOINTS}/c1eb53423df759dcb1cdfc3c6af16ca6/chk-15`;
const RULES = 'expire-after-a-week.json';
/** The first words of the safe rules in an answer. */
const SAFE_RULES = 'Safe rules for';
/** The commands run in this directory and find its steward.json. */
const HERE = fileURLToPath(new URL('.', import.meta.url));

interface Bucket {
  readonly recording: RecordedBucket;
  readonly url: string;
  readonly endpoint: string;
}

async function tellStory({ recording, url }: Bucket, narrator: Narrator, io: Io): Promise<void> {
  narrator.title('Flink Steward, on a bucket that real Flink wrote');
  narrator.tell(
    `Five jobs of Flink ${recording.flink} with RocksDB and incremental checkpoints wrote it: orders, customers, payments, inventory and clicks. They were cancelled, killed, and submitted again. The recording took less than three minutes. To show weeks, this demo STRETCHES THE TIMES: five seconds become a day, and the recording ends now. Keys, contents and the order of writing are as Flink wrote them.`,
  );
  narrator.tell(
    'With stretched times, a checkpoint that took one second seems to have taken five hours. So the steward.json of this demo sets "checkpointTimeout" to "6h" instead of 10m. All other settings are defaults. The demo serves the bucket on your machine, with a lifecycle rule.',
  );

  narrator.step('1. What is in the bucket? What does its lifecycle rule "expire after 7 days" break, and when?');
  narrator.show('cd', relative(process.cwd(), HERE) || '.');
  await narrator.steward(STATUS.findings, 'audit', url);

  narrator.step('2. Which lifecycle rules would be safe? (Only the end of the answer is shown.)');
  const answer = await narrator.answer(STATUS.findings, 'rules', 'check', url);
  const end = answer.indexOf(SAFE_RULES);
  if (end === -1) {
    throw new DemoError(
      'The check did not report the lifecycle rule, although it expires files that checkpoints need.',
    );
  }
  io.out(answer.slice(end));

  narrator.step('3. Why is a file kept that is a month old, and whose job ended long ago?');
  await narrator.steward(STATUS.well, 'explain', SHARED_SST, url);

  narrator.step('4. Why may this younger file be deleted?');
  await narrator.steward(STATUS.well, 'explain', UNREFERENCED, url);

  narrator.step('5. What can each submission of the job "orders" be restored from, and how?');
  await narrator.steward(STATUS.well, 'restore-points', url, '--job', 'orders');

  narrator.step('6. What would be deleted if the quarantine of 20 hours had ended for all garbage?');
  await narrator.steward(STATUS.well, 'plan', url, '--assume-quarantined');

  narrator.step('7. The whole report as a web page:');
  await makeReportFolder();
  await narrator.answer(STATUS.findings, 'audit', url, '--html', relative(HERE, REPORT_FILE));
  narrator.tell(`The report was written to ${relative(process.cwd(), REPORT_FILE)}. Open it in a browser:`);
  io.out(`${pathToFileURL(REPORT_FILE).href}\n`);

  narrator.step('To try your own commands on such a bucket, run: npm run demo -- --serve');
}

function suggest({ recording, url, endpoint }: Bucket, report: string, narrator: Narrator): void {
  narrator.title(`The bucket of the demo is ${url} at ${endpoint}, until you press Ctrl-C`);
  narrator.tell(`To see the report, open ${report} in a browser. Reload the page to make the report again.`);
  narrator.tell('Open another terminal. These lines define "steward" as the command from this directory:');
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
  narrator.step('What each job can be restored from, and what a checkpoint references:');
  narrator.suggest('restore-points', url);
  narrator.suggest('inspect', `${url}/${NEWEST_ORDERS}`);
  narrator.step('Why the files of an unfinished checkpoint are kept, although nothing references them:');
  narrator.suggest('explain', UNFINISHED, url);
  narrator.step('What a lost file causes (restart the demo to get the file back):');
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
    throw new DemoError(
      `--port must be a number up to 65535, but is ${JSON.stringify(values.port)}. Nothing was started.`,
    );
  }
  return { serve: values.serve, port };
}

// A reader that closes the pipe early (`npm run demo | head`) is not a failure.
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
