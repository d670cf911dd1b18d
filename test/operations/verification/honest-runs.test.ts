import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { DAY, JOB, NOW, uuid } from '#test/support/played-job.ts';
import { playJob, type RunChanges, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const RULES: RunChanges = { survey: { settings: { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 } } };

describe('A run that kept all rules is proven', () => {
  it('where nothing but a marker is left of a directory of the job', async () => {
    // Prepare: S3A leaves the marker when it deletes the last file.
    const area = await open('bucket');
    const job = playJob(area);
    area.put(`eu/${JOB}/shared/${uuid(77)}`, 'x'.repeat(100), NOW - 40 * DAY);
    await area.run(RULES);
    area.remove(`eu/${JOB}/shared/${uuid(77)}`);
    area.put(`eu/${JOB}/shared/`, '', NOW + 1_000);
    area.time = NOW + DAY;

    // Act: it throws unless the second judge finds the run proven.
    const { record, notes } = await area.run(RULES);

    // Assess
    expect(area.keys()).not.toContain(job.file(2));
    expect(record).toMatchObject({ result: 'done', deleted: { objects: 1 }, certificate: expect.any(String) });
    expect(notes).toEqual([]);
  });
});
