import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { damageFindings } from '#core/jobs/damage.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { describeFinding } from '#operations/report/damage-words.ts';
import { bucket, judge } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';

const MOVED = 'flink/old/';

/** The one finding on a job whose file of 100 bytes lies elsewhere, with these bytes there. */
async function findingOn(name: string, content: string): Promise<string> {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(7, [job.file(1)], NOW - 3 * DAY);
  store.put(job.file(1).replace('flink/', MOVED), content, NOW - 5 * DAY);
  const whole = bucket(store);
  const { survey } = await judge([{ ...whole, area: { ...whole.area, name } }]);
  const jobs = jobsOf(survey, tally(survey, judgeAll(survey)), []);
  const [finding] = damageFindings(survey, jobs);
  return finding === undefined ? '' : describeFinding(survey, finding, jobs);
}

describe('A finding on a job whose files lie elsewhere', () => {
  it('asks of a bucket nothing but whether they were moved', async () => {
    expect(await findingOn('s3://bucket/', 'x'.repeat(100))).toContain(
      'But 1 missing file is elsewhere in the area under the same name: was the directory moved? If not, copy: aws s3 cp s3://bucket/flink/old/',
    );
    expect(await findingOn('s3://bucket/', 'other')).toMatch(
      /But a file with the name of a missing one is at flink\/old\/\S+: was the directory moved\? This job has no restore point\.$/,
    );
  });

  it('asks of a directory also whether it stands for another place', async () => {
    expect(await findingOn('./copy', 'x'.repeat(100))).toContain(
      'under the same name: was the directory moved, or is the URL that it stands for ("as") wrong? If not, copy: ',
    );
  });
});
