import type { LintedBucket } from '#core/lint/lint-file.ts';
import { isExpected } from '#steward/expected-errors.ts';
import { forecastRules } from '#steward/lifecycle-rules.ts';
import type { AreaOptions } from '../area-options.ts';
import type { Io } from '../io.ts';
import { judgeArea } from '../judge-area.ts';
import { jobNamesById } from '../print/job-names.ts';
import type { Live } from './lint-report.ts';

const NONE: Live = { live: null, liveProblem: null };

/** What rules of a file would do to what is in their buckets now, where `--live` asks for it. */
export class LiveForecast {
  readonly jobNames = new Map<string, string>();

  constructor(
    private readonly options: AreaOptions & { readonly live?: true },
    private readonly io: Io,
  ) {}

  /** A bucket that can't be read is told, and the others are looked at all the same. */
  async of({ bucket, places }: LintedBucket): Promise<Live> {
    if (this.options.live !== true || places.known === 'elsewhere' || bucket.isForeign) return NONE;
    const { name, worst, document } = bucket;
    if (typeof name !== 'string') {
      return {
        live: null,
        liveProblem: 'The file does not tell the name of the bucket, so nothing in it was looked at.',
      };
    }
    const urls = places.prefixes.map((prefix) => `s3://${name}/${prefix}`);
    try {
      const judged = await judgeArea(urls, this.options, this.io);
      const lifecycle = { ...worst, document };
      const { report, jobs } = await forecastRules(judged.steward, judged, lifecycle, this.io.signal);
      for (const [id, label] of jobNamesById(jobs)) this.jobNames.set(id, label);
      const [doubt] = report.undecidable;
      return { live: report.buckets[0] ?? null, liveProblem: doubt?.sentence ?? null };
    } catch (error) {
      if (!isExpected(error)) throw error;
      return { live: null, liveProblem: error.message };
    }
  }
}
