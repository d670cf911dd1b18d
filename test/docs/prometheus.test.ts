import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { audit } from '#operations/report/audit.ts';
import { gaugesOf } from '#operations/report/openmetrics.ts';
import { namesInRules } from '#test/openmetrics/names-in-rules.ts';
import { judge } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { NOW, PlayedJob } from '#test/support/played-job.ts';

const page = readText('docs/prometheus.md');

function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** All gauges of an area with a job and prices, also those without values. */
async function gauges() {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(7, [job.upload(1)]);
  const { survey: surveyed } = await judge(store);
  const verdicts = judgeAll(surveyed);
  const billing = { prices: null, places: [{ isBucket: true, usage: null }] };
  return gaugesOf(audit({ survey: surveyed, verdicts, totals: tally(surveyed, verdicts), labels: [], billing }));
}

describe('docs/prometheus.md', () => {
  it('has each metric with its meaning, as they are written', async () => {
    const rows = (await gauges()).map(({ name, help }) => `| \`${name}\` | ${help} |`);

    expect(page).toContain(`| name | meaning |\n|---|---|\n${rows.join('\n')}\n`);
  });

  it.each(['docs/prometheus.md', 'examples/prometheus/flink-steward.rules.yml'])(
    'and %s name no others',
    async (path) => {
      const known = new Set((await gauges()).map(({ name }) => name));

      const named = namesInRules(readText(path));
      expect(named.length).toBeGreaterThan(5);
      expect(named.filter((name) => !known.has(name))).toEqual([]);
    },
  );
});
