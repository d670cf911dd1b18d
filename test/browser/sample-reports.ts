import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReportDocument } from '#report/model/document.ts';
import { renderReport } from '#report/render.ts';
import { steward } from '#test/cli/steward.ts';
import { fleet } from '#test/report/fleet.ts';
import { expireAfter, reportOn } from '#test/report/reporting.ts';
import { recordedBucket, unpack } from '#test/support/corpus.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { stretched } from '#tools/demo/stretched-bucket.ts';

/** The reports that the browser is shown, as files. */
export interface SampleReports {
  /** On the bucket of the demo, by the command. */
  readonly seed: string;
  /** On 300 jobs with a month of history. */
  readonly fleet: string;
  readonly empty: string;
  /** On a job whose name is that of nobody good, and on one that can't be read. */
  readonly odd: string;
}

/** Markup, a change of direction, half a character, and what links and paths are made of. */
export const ODD_NAME = '</script><img src=x onerror=alert(1)> \u202e\ud800 #%/?&';

const DEMO = fileURLToPath(new URL('../../tools/demo', import.meta.url));

export async function writeSampleReports(folder: string): Promise<SampleReports> {
  const { store, labels, histories } = fleet(300);
  const ofFleet = await reportOn(store, { labels, histories, lifecycle: expireAfter(7) });
  const ofNothing = await reportOn(new MovingStore({ now: NOW }));
  const files = {
    seed: join(folder, 'seed.html'),
    fleet: join(folder, 'fleet.html'),
    empty: join(folder, 'empty.html'),
    odd: join(folder, 'odd.html'),
  };
  await writeFile(files.odd, await renderReport(await oddReport()));
  await writeFile(files.fleet, await renderReport(ofFleet));
  await writeFile(files.empty, await renderReport(ofNothing));
  await writeSeedReport(folder);
  return files;
}

async function oddReport(): Promise<ReportDocument> {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(7, [job.upload(1)]);
  store.put(`flink/${OTHER_JOB}/chk-1/_metadata`, 'cut off', NOW - DAY);
  return await reportOn(store, { labels: [{ jobId: JOB, job: ODD_NAME }] });
}

/** As the demo shows it, but at the time of the tests and with the sizes of the recording. */
async function writeSeedReport(folder: string): Promise<void> {
  const recording = await recordedBucket('seed-bucket');
  await mkdir(join(folder, 'copy'));
  await unpack(recording, join(folder, 'copy'), stretched(recording, NOW));
  // Neither the bucket of the demo nor its ledger is served here, so no job of it has been declared dead.
  const { labels, collect } = JSON.parse(await readFile(join(DEMO, 'steward.json'), 'utf8'));
  await writeFile(join(folder, 'steward.json'), JSON.stringify({ labels, collect }));
  const rules = join(DEMO, 'expire-after-a-week.json');
  const command = ['audit', 'copy', '--as', `s3://${recording.bucket}`, '--lifecycle', rules, '--html', 'seed.html'];
  const { err } = await steward(folder, command);
  if (err !== '') {
    throw new Error(`The report was not written as it should be: ${err}`);
  }
}
