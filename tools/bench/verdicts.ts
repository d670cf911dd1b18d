import { judgeAll } from '#core/collect/judge.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { tally } from '#core/collect/totals.ts';
import { survey } from '#operations/look/survey.ts';
import { GeneratedBucket } from './generated-bucket.ts';

/**
 * Verdicts for a million objects: time of making up the bucket alone, of the whole survey, of the judgement, and the
 * peak of memory. Runs as a process of its own, so that the peak is its own.
 */

const NOW = Date.UTC(2027, 2, 1);
const objects = Number(process.argv[2] ?? 1_000_000);
const jobs = Math.max(1, Math.round(objects / 5_000));
const bucket = new GeneratedBucket({ jobs, objectsPerJob: Math.round(objects / jobs), liveShare: 0.6, now: NOW });

const makingUp = await seconds(async () => {
  for await (const page of bucket.list({ prefix: '' })) {
    for (const { key } of page) {
      if (key.endsWith('/_metadata')) {
        await bucket.read(key);
      }
    }
  }
});
let evidence: Awaited<ReturnType<typeof survey>> | undefined;
const surveying = await seconds(async () => {
  evidence = await survey({
    locations: [{ area: { name: bucket.name, store: bucket.name, prefix: '', hidden: 0 }, store: bucket }],
    outside: [],
    aliases: [],
    settings: DEFAULT_COLLECT_SETTINGS,
    deadJobs: [],
    protects: () => false,
    clock: () => NOW,
    assumeQuarantined: true,
  });
});
if (evidence === undefined) {
  throw new Error('The survey gave nothing.');
}
const surveyed = evidence;
let totals = '';
const judging = await seconds(async () => {
  const { area } = tally(surveyed, judgeAll(surveyed));
  totals = `${area['keep-live'].objects} live, ${area.delete.objects} to delete`;
});
const references = surveyed.reachability.roots.reduce((sum, { summary }) => sum + (summary?.references ?? 0), 0);
console.log(
  JSON.stringify({
    objects: surveyed.objects.size,
    roots: surveyed.reachability.roots.length,
    references,
    secondsMakingUpTheBucket: round(makingUp),
    secondsSurvey: round(surveying),
    secondsJudging: round(judging),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    totals,
  }),
);

async function seconds(action: () => Promise<void>): Promise<number> {
  const begin = process.hrtime.bigint();
  await action();
  return Number(process.hrtime.bigint() - begin) / 1e9;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
