import { amountOf, sumTallies } from '#core/collect/totals.ts';
import { GROUPS } from '#operations/report/audit.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { MetricValue } from '#ports/metric-sink.ts';

/** The totals of each location of an area with several locations; for a single location the fleet totals are the same. */
export function locationTotals({ survey, totals }: Pick<RunReport, 'survey' | 'totals'>): readonly MetricValue[] {
  const { locations } = survey.area;
  return locations.length < 2
    ? []
    : locations.flatMap(({ name }, at) => {
        const own = sumTallies(
          [...totals.byOwner].filter(([owner]) => owner.location === at).map(([, tally]) => tally),
        );
        const of = { job: null, area: name, at: survey.start };
        return [
          { ...of, name: 'LiveBytes', value: amountOf(own, GROUPS.live).bytes },
          { ...of, name: 'ReclaimableBytes', value: amountOf(own, GROUPS.reclaimable).bytes },
          { ...of, name: 'TotalBytes', value: amountOf(own).bytes },
        ] as const;
      });
}
