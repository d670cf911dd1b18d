import { describe, expect, it } from 'vitest';
import { DeploymentError, ENV } from '#functions/shared/environment.ts';
import { PlanError } from '#operations/plan/plan-file.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { collected, type Deployed, passQuarantine, useDeployments } from './deployed.ts';
import { surveyHandler, sweepHandler } from './handlers.ts';

/** Locations that a function gets through its environment, beside those of its configuration. */

// The roles of a deployment with the configuration alone know nothing of the other location.
const deploy = useDeployments({ heldAgainstRoles: false });

// As if the other location were in another bucket: what is around the area is not looked at.
const COLLECTING = { area: [`s3://${BUCKET}/a`], scope: 'area', mode: 'collect', collect: { maxDeleteFraction: 0.9 } };

/** A job continues in the second location from a checkpoint of the first, so it alone names a file there. */
function playJobs(store: MovingStore): void {
  const former = new PlayedJob(store, `a/${JOB}/`, `s3a://${BUCKET}`);
  former.complete(7, [former.upload(1)], NOW - 2 * DAY);
  const borrowed = former.upload(2);
  const later = new PlayedJob(store, `b/${OTHER_JOB}/`, `s3a://${BUCKET}`);
  later.complete(8, [later.upload(1), borrowed], NOW - 2 * DAY);
  later.upload(3);
}

function withLocations({ environment }: Deployed, locations: string | undefined) {
  return { environment: { ...environment, [ENV.locations]: locations } };
}

describe('A location in the environment', () => {
  it('belongs to the area, and where it is missing one day nothing is deleted', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING, playJobs);
    const both = withLocations(deployed, JSON.stringify([`s3://${BUCKET}/b`]));
    const one = withLocations(deployed, undefined);
    await surveyHandler({}, deployed.runtime(both));
    passQuarantine(deployed);
    const before = deployed.s3.keys(BUCKET);

    // Act
    const { sweep, deletable } = await collected({}, deployed.runtime(both));
    const swept = sweepHandler(sweep, deployed.runtime(one));
    await expect(swept).rejects.toThrow(PlanError);
    await expect(swept).rejects.toThrow(/ is for the area s3:\/\/\S+\/a\/, s3:\/\/\S+\/b\/, not for s3:\/\/\S+\/a\/\./);
    await surveyHandler({}, deployed.runtime(one));
    passQuarantine(deployed);
    const shrunk = await collected({}, deployed.runtime(one));

    // Assess: the file that only the other location names is no garbage while both are surveyed.
    expect(deletable.objects).toBe(1);
    expect(shrunk).toMatchObject({ result: 'stopped', breakers: ['area-shrunk'], sweep: null });
    expect(deployed.counted.get('StoppedRuns')).toBe(2);
    expect(deployed.s3.keys(BUCKET)).toEqual(expect.arrayContaining([...before]));
  });

  it('that is also in the configuration, or is no list, ends every function with a sentence', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING, playJobs);
    const twice = withLocations(deployed, JSON.stringify([`s3://${BUCKET}/a/inner`]));
    const broken = withLocations(deployed, '["s3://');

    // Act and assess
    await expect(surveyHandler({}, deployed.runtime(twice))).rejects.toThrow(
      / is inside .* Give only the outer location\.$/,
    );
    await expect(surveyHandler({}, deployed.runtime(broken))).rejects.toThrow(DeploymentError);
    expect(deployed.s3.log.count()).toBe(0);
  });
});
