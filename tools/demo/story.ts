import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { STATUS } from '#cli/errors.ts';
import type { Io } from '#cli/io.ts';
import type { RecordedBucket } from '#test/support/corpus.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { DemoError } from './demo-error.ts';
import { DAY, letPass } from './moving-clock.ts';
import type { Narrator } from './narrator.ts';
import { CANCELLED_JOB, SHARED_SST, UNREFERENCED } from './recorded-story.ts';
import { makeReportFolder, REPORT_FILE } from './report-server.ts';
import { SCALE } from './scaled-sizes.ts';

/** The commands run in this directory and find its steward.json. */
export const HERE = fileURLToPath(new URL('.', import.meta.url));

export interface Stage {
  readonly recording: RecordedBucket;
  readonly s3: EmbeddedS3;
  readonly narrator: Narrator;
  readonly io: Io;
}

/** From the first audit over a collection to its undo. */
export async function tellStory(stage: Stage): Promise<void> {
  const { narrator } = stage;
  introduce(stage);
  const first = await lookAround(narrator);
  const retiring = await retire(narrator);
  letPass(DAY);
  const collecting = await collect(narrator);
  await showWhatIsLeft(stage, first);
  await undo(narrator, [collecting, retiring]);
  await showThatAllIsBack(stage, first);
  await writeReport(stage);
  narrator.step('To do the same by hand, run: npm run demo -- --serve');
}

function introduce({ recording, narrator, s3 }: Stage): void {
  narrator.title('Flink Steward, on a bucket that real Flink wrote');
  narrator.tell(
    `Six jobs of Flink ${recording.flink} wrote it, with RocksDB and incremental checkpoints. They were cancelled, killed, and submitted again. The recording took less than three minutes and has 6.6 MB. To show weeks and terabytes, this demo STRETCHES THE TIMES AND SCALES THE SIZES: five seconds become a day, each byte of a state file becomes 5 MB, and the recording ends now. Names, references and the order of writing are as Flink wrote them. Where the text says so, the demo moves the clock forward.`,
  );
  narrator.tell(
    'With stretched times, a checkpoint that took one second seems to have taken five hours. So steward.json sets "checkpointTimeout" to "6h". It also declares dead four submissions that were replaced, and retains one checkpoint of each ended job ("deadJobs", "retain", "groupBy"). All other settings have their defaults. The bucket keeps versions.',
  );
  narrator.show('cd', relative(process.cwd(), HERE) || '.');
  narrator.show('export', `AWS_ENDPOINT_URL=${s3.url}`);
}

async function lookAround(narrator: Narrator): Promise<string> {
  narrator.step(
    '1. What is in the bucket, what does it cost, and what does its lifecycle rule "expire after 7 days" break? (A … marks lines that are left out.)',
  );
  return await narrator.steward(
    STATUS.findings,
    ['audit'],
    { to: /^a month/ },
    { from: /^Lifecycle rules/, to: /^ +root +/ },
  );
}

/** @returns the run that retired. */
async function retire(narrator: Narrator): Promise<string> {
  narrator.step(
    '2. Almost half of the bucket is state of jobs that have ended. Retire their checkpoints, except the newest of each job. One job must be declared dead first, because nothing in the bucket shows that it has ended.',
  );
  await narrator.steward(STATUS.well, ['declare-dead', CANCELLED_JOB, '--execute'], { to: /^To see/ });
  const answer = await narrator.steward(STATUS.well, ['retire', '--execute'], { from: /savepoints kept, / });
  narrator.step('3. What can be deleted? The plan starts the quarantine of 20 hours.');
  await narrator.steward(STATUS.well, ['plan'], { to: /^To see/ });
  return runIn(answer);
}

/** @returns the run that deleted. */
async function collect(narrator: Narrator): Promise<string> {
  narrator.step('4. A DAY LATER, delete the garbage. The steward refuses, because it is more than 30 % of the area.');
  await narrator.steward(STATUS.findings, ['collect', '--execute'], { from: /^Findings:/ });
  narrator.step('5. The plan is right, so accept that breaker and delete the garbage:');
  const answer = await narrator.steward(STATUS.well, ['collect', '--execute', '--accept', 'too-much'], {
    from: /objects were deleted/,
  });
  return runIn(answer);
}

async function showWhatIsLeft({ narrator, s3, recording }: Stage, first: string): Promise<void> {
  if (s3.object(recording.bucket, UNREFERENCED) !== undefined) {
    throw new DemoError(`${UNREFERENCED} was to be deleted, but it still exists.`);
  }
  narrator.step(
    `6. The bucket cost $${costIn(first)} a month. What does it cost now, and what was done? Deleted objects are kept as versions, which are billed, and can be put back, until a lifecycle rule expires them.`,
  );
  const now = await narrator.steward(STATUS.findings, ['audit'], { from: /^Cost:/, to: /^ +- / });
  const left = costIn(now) - dollarsIn(now, /\$([\d,]+) for \d+ noncurrent versions/);
  narrator.tell(`When those versions have expired, the bucket costs $${left} a month.`);
  await narrator.steward(STATUS.well, ['history'], { to: /^Observed:/ });
  narrator.step('7. What happened to this file?');
  await narrator.steward(STATUS.well, ['explain', UNREFERENCED]);
  narrator.step(
    '8. And why was this file kept? It is a month old, its job is dead, and that job has no checkpoint any more.',
  );
  await narrator.steward(STATUS.well, ['explain', SHARED_SST], { to: /^To see/ });
}

function costIn(audit: string): number {
  return dollarsIn(audit, /Cost: about \$([\d,]+)/);
}

/** @throws DemoError where the answer has no such amount. */
function dollarsIn(answer: string, pattern: RegExp): number {
  const digits = pattern.exec(stripVTControlCharacters(answer))?.[1];
  if (digits === undefined) throw new DemoError(`The audit does not say ${pattern}.`);
  return Number(digits.replaceAll(',', ''));
}

async function undo(narrator: Narrator, runs: readonly string[]): Promise<void> {
  narrator.step('9. Undo both runs, the newest first:');
  for (const run of runs) {
    const part = { from: /put back\.$/, to: /^(?:To list|The policy)/ };
    await narrator.steward(STATUS.well, ['undo', run, '--execute'], part);
  }
}

async function showThatAllIsBack(stage: Stage, first: string): Promise<void> {
  const { narrator } = stage;
  narrator.step('10. Is everything back?');
  const last = await narrator.steward(STATUS.findings, ['audit'], { to: /^job / });
  await narrator.steward(STATUS.well, ['explain', UNREFERENCED], { to: /^$/ });
  requireAll(stage);
  if (restorable(first) !== restorable(last)) throw new DemoError('The first and the last audit differ.');
  narrator.tell(
    `All ${stage.recording.objects.length} objects are back, with the same sizes. The live files, checkpoints and savepoints are those of step 1. The one additional object is the steward's marker. Putting back a checkpoint counts as a write of its job, so that job's garbage is now kept longer.`,
  );
}

/** What an audit counts of checkpoints, savepoints and the files that they reference. @throws DemoError */
function restorable(audit: string): string {
  const text = stripVTControlCharacters(audit);
  const found = [/\d+ checkpoints and savepoints/, /^live .*$/m].map((line) => line.exec(text)?.[0]);
  if (found.includes(undefined)) throw new DemoError(`An audit does not count what can be restored:\n${text}`);
  return found.join('\n');
}

/** @throws DemoError where an object of the recording is missing or has another size. */
function requireAll({ recording, s3 }: Stage): void {
  const roots = new Set(recording.roots.map(({ metadata }) => metadata));
  for (const { key, size } of recording.objects) {
    const bytes = roots.has(key) ? size : size * SCALE;
    if (s3.object(recording.bucket, key)?.bytes !== bytes) throw new DemoError(`${key} is not back.`);
  }
}

async function writeReport({ narrator, io }: Stage): Promise<void> {
  narrator.step('11. The whole report as a web page:');
  await makeReportFolder();
  const audit = ['audit', '--html', relative(HERE, REPORT_FILE)];
  narrator.show('steward', ...audit);
  await narrator.answer(STATUS.findings, ...audit);
  narrator.tell(`The report was written to ${relative(process.cwd(), REPORT_FILE)}. Open it in a browser:`);
  io.out(`${pathToFileURL(REPORT_FILE).href}\n`);
}

/** The name of the run that an answer ends with. @throws DemoError */
function runIn(answer: string): string {
  const name = /\d{8}T\d{9}Z-[0-9a-f]+/.exec(answer)?.[0];
  if (name === undefined) throw new DemoError(`A run did not print its name:\n${answer}`);
  return name;
}
