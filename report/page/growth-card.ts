import type { ReportDocument, ReportJob } from '../model/document.ts';
import { card } from './card.ts';
import { count, day, duration, percent, size } from './format.ts';
import { jobLink } from './links.ts';

/** Among the bounds of the ages. */
const LATELY = 7 * 24 * 3_600_000;
/** A job that grows or writes less than this share of its size is not worth a name. */
const LEAST_SHARE = 0.001;

export function grownBytes({ growth, total }: ReportJob): number | null {
  return growth === null ? null : total.bytes - growth.from;
}

/** Which job grows. */
export function growth({ jobs, ages, at }: ReportDocument): HTMLElement {
  const known = jobs.flatMap((job) => {
    const grew = grownBytes(job);
    return grew === null || job.growth === null ? [] : [{ job, grew, growth: job.growth }];
  });
  const growing = known.filter(({ grew, growth: { from } }) => grew > 0 && grew >= LEAST_SHARE * from);
  const [fastest] = growing.toSorted((a, b) => b.grew - a.grew);
  const [measured] = known;
  const question = 'Which job grows?';
  if (measured === undefined) {
    return writesMost(question, jobs, ages.bounds);
  }
  if (fastest === undefined) {
    const since = `since ${day(measured.growth.since)}`;
    return card(question, 'None', 'good', `No job has grown by ${percent(LEAST_SHARE)} or more ${since}.`);
  }
  const { job, grew, growth: held } = fastest;
  const share = held.from === 0 ? '' : ` (+${percent(grew / held.from)})`;
  const others = growing.length - 1;
  return card(question, jobLink(job), 'plain', [
    `+${size(grew)}${share} in ${duration(at - held.since)}, now ${size(job.total.bytes)}.`,
    others > 0 ? ` ${count(others, 'other job grows', 'other jobs grow')} more slowly.` : '',
  ]);
}

/** A single survey can't show growth, but it shows which files are new. */
function writesMost(question: string, jobs: readonly ReportJob[], bounds: readonly number[]): HTMLElement {
  const [first] = jobs.map((job) => ({ job, bytes: youngBytes(job, bounds) })).sort((a, b) => b.bytes - a.bytes);
  const lately =
    first === undefined
      ? null
      : first.bytes === 0 || first.bytes < LEAST_SHARE * first.job.total.bytes
        ? `No job has written ${percent(LEAST_SHARE)} or more of its bytes in ${duration(LATELY)}. `
        : [
            jobLink(first.job),
            ` wrote most recently: ${size(first.bytes)} of its ${size(first.job.total.bytes)} in ${duration(LATELY)}. `,
          ];
  return card(question, 'Not known yet', 'plain', [lately, 'Growth is shown after several surveys.']);
}

function youngBytes({ live, garbage, other }: ReportJob, bounds: readonly number[]): number {
  const bands = bounds.indexOf(LATELY) + 1;
  return [live, garbage, other].flatMap(({ bytes }) => bytes.slice(0, bands)).reduce((sum, bytes) => sum + bytes, 0);
}
