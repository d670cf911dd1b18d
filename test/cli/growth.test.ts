import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Io } from '#cli/io.ts';
import { type JobOverTime, printGrowth } from '#cli/print/growth.ts';
import type { Outlook } from '#core/signals/outlook.ts';

const HOUR = 3_600_000;
const UNKNOWN: Outlook = {
  checkpointBytes: null,
  growthRatio: null,
  cadence: null,
  lateness: null,
  growthBytesPerDay: null,
  budget: null,
  daysToBudget: null,
  cause: null,
};

function plainIo(columns: number): Io {
  return { cwd: '/', clock: () => 0, columns, colors: pc.createColors(false), out: () => {}, err: () => {} };
}

function job(name: string, outlook: Partial<Outlook>): JobOverTime {
  return { name, outlook: { ...UNKNOWN, ...outlook } };
}

describe('How jobs go over time', () => {
  it('is shown of those of which something is known, the fastest growth first', () => {
    const text = printGrowth(
      [
        job('unknown', { checkpointBytes: 5 }),
        job('steady', { checkpointBytes: 5_000_000, cadence: HOUR, lateness: 0.25, growthBytesPerDay: 0 }),
        job('shrinking', { growthBytesPerDay: -2_000_000, budget: { bytes: 1e12, assumed: true } }),
        job('leaking', {
          checkpointBytes: 7e9,
          cadence: 60_000,
          lateness: 7.25,
          growthBytesPerDay: 1e9,
          budget: { bytes: 2e12, assumed: false },
          daysToBudget: 12.3,
          cause: 'state',
        }),
        job('over', {
          cadence: 6 * HOUR,
          growthBytesPerDay: 4,
          budget: { bytes: 1e9, assumed: false },
          daysToBudget: 0,
        }),
      ],
      plainIo(80),
    );

    expect(text).toMatchInlineSnapshot(`
      "
      Over time:
      job            newest  checkpoints           growth  budget
                 checkpoint                         a day
      leaking        7.0 GB  every 60 s,          +1.0 GB  2.0 TB, in 13 d
                             last one 36 min ago
      over                -  every 6 h               +4 B  1.0 GB, exceeded
      steady         5.0 MB  every 60 min,            0 B  -
                             last one 15 min ago
      shrinking           -  -                    -2.0 MB  1.0 TB assumed
      - leaking: The state itself grows: look for keys that are never cleared, such as
        a missing state TTL or an open window.
      "
    `);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('is nothing where nothing is known', () => {
    expect(printGrowth([job('unknown', { checkpointBytes: 5 })], plainIo(80))).toBe('');
    expect(printGrowth([], plainIo(80))).toBe('');
  });

  it('names a few of many jobs, and says how many more there are', () => {
    const jobs = Array.from({ length: 23 }, (_, at) => job(`job-${at}`, { cadence: HOUR }));
    const text = printGrowth(jobs, plainIo(80));
    expect(text).toContain('… and 3 more jobs (see --json)');
    expect(text).not.toContain('job-20');
  });
});
