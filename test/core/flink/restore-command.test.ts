import { describe, expect, it } from 'vitest';
import { restoreCommand } from '#core/flink/restore-command.ts';

const SNAPSHOT = 's3a://bucket/cp/chk-9';

describe('the command that restores a snapshot', () => {
  it.each([
    [2, `flink run -s ${SNAPSHOT} job.jar`],
    [3, `flink run -s ${SNAPSHOT} job.jar`],
    [4, `flink run -s ${SNAPSHOT} -restoreMode no_claim job.jar`],
    [5, `flink run -s ${SNAPSHOT} -claimMode no_claim job.jar`],
    [6, `flink run -s ${SNAPSHOT} -claimMode no_claim job.jar`],
  ])('of format %i is in the words of its Flink', (formatVersion, command) => {
    expect(restoreCommand(SNAPSHOT, formatVersion)).toBe(command);
  });

  it('names no owner where the format is unknown', () => {
    expect(restoreCommand(SNAPSHOT, 0)).toBe(`flink run -s ${SNAPSHOT} job.jar`);
  });

  it('quotes what a shell would not take as it is', () => {
    expect(restoreCommand("s3://bucket/it's here/$x", 6)).toBe(
      `flink run -s 's3://bucket/it'\\''s here/$x' -claimMode no_claim job.jar`,
    );
  });
});
