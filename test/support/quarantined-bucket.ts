import pc from 'picocolors';
import { expect } from 'vitest';
import { run } from '#cli/program.ts';
import type { Ran } from '#test/cli/steward.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { ActingBucket, reach } from './acting-bucket.ts';
import { setMachineClock } from './machine-clock.ts';
import { NOW } from './played-job.ts';

const MINUTE = 60_000;

/** A bucket whose garbage has served its quarantine, and a clock that the store, the steward and the machine share. */
export class QuarantinedBucket {
  readonly bucket: ActingBucket;
  readonly #cwd: string;
  #now = NOW;

  private constructor(bucket: ActingBucket, cwd: string) {
    this.bucket = bucket;
    this.#cwd = cwd;
    bucket.s3.clock = () => this.#now;
  }

  /** @param cwd a folder with {@link SHORT_CONFIG} as `steward.json`. */
  static async make(s3: EmbeddedS3, cwd: string): Promise<QuarantinedBucket> {
    s3.clock = () => NOW;
    const world = new QuarantinedBucket(new ActingBucket(s3, NOW), cwd);
    expect((await world.collect()).status).toBe(0);
    return world;
  }

  /** A run a minute after the one before. */
  async collect(...more: readonly string[]): Promise<Ran> {
    this.#now += MINUTE;
    setMachineClock(this.#now);
    const ran = { out: '', err: '' };
    const status = await run(['collect', ...reach(this.bucket.s3.url), ...more], {
      cwd: this.#cwd,
      clock: () => this.#now,
      columns: 100,
      colors: pc.createColors(false),
      out: (text) => {
        ran.out += text;
      },
      err: (text) => {
        ran.err += text;
      },
    });
    return { status, ...ran };
  }

  /** Runs without faults. One clears the garbage away; what was retired needs three. */
  async converge(runs: 1 | 3): Promise<void> {
    this.bucket.s3.faults.clear();
    for (let number = 0; number < runs; number++) {
      const { status, err } = await this.collect('--execute');
      expect({ status, err }).toEqual({ status: 0, err: expect.stringMatching(/^Note: [^\n]*\n$/) });
    }
    expect(this.bucket.harm()).toEqual([]);
    expect(this.bucket.left()).toEqual(runs === 3 ? [] : [this.bucket.retiring.file]);
  }
}
