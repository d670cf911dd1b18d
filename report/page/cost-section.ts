import type { ReportCost, ReportDocument, ReportUnlisted } from '../model/document.ts';
import { type Cell, type Child, dataTable, el } from './dom.ts';
import { count, money, shown, size } from './format.ts';

/** What the area costs a month, line by line. */
export function costSection(costs: ReportCost, { groups, total }: ReportDocument): Child {
  const { currency, live, reclaimable, storageClasses, versions, uploads, whole } = costs;
  const line = (name: string, amount: number, bytes: number): (string | Cell)[] => [
    name,
    { content: money(amount, currency), right: true },
    { content: size(bytes), right: true },
  ];
  const unlisted = (found: ReportUnlisted | null, one: string): (string | Cell)[][] =>
    found === null || found.count === 0
      ? []
      : [line(`${found.atLeast ? 'At least ' : ''}${count(found.count, one)}`, found.perMonth, found.bytes)];
  const beside = [...unlisted(versions, 'noncurrent version'), ...unlisted(uploads, 'incomplete upload')];
  const others = storageClasses.filter(({ storageClass }) => storageClass !== 'STANDARD');
  return [
    dataTable(
      'Cost a month',
      ['What', { content: 'Cost', right: true }, { content: 'Size', right: true }],
      [
        line('Live', live, groups.live.bytes),
        line('Reclaimable', reclaimable, groups.deletable.bytes + groups.quarantined.bytes),
        line('All objects', costs.total, total.bytes),
        ...others.map(({ storageClass, perMonth, bytes }) => line(`of these in ${storageClass}`, perMonth, bytes)),
        ...beside,
        ...(beside.length === 0
          ? []
          : [line('All', whole, total.bytes + (versions?.bytes ?? 0) + (uploads?.bytes ?? 0))]),
      ],
    ),
    costs.notLookedAt.map((sentence) => el('p', {}, shown(sentence))),
    el('p', { class: 'soft' }, sourceOf(costs, others.length > 0)),
  ];
}

function sourceOf({ regions, pricesOf, regionAssumed, survey, currency }: ReportCost, hasOthers: boolean): string {
  const assumed = regionAssumed ? ' (the region is not known, so it is assumed)' : '';
  const others = hasOthers ? ', other classes by those of us-east-1 in proportion' : '';
  const whose =
    regions.length === 0
      ? `by the prices in ${pricesOf}`
      : `by AWS’s list prices for S3 Standard in ${regions.join(', ')} of ${pricesOf}${assumed}${others}`;
  return `Storage, ${whose}, without taxes and discounts. This survey itself cost ${money(survey, currency)}.`;
}
