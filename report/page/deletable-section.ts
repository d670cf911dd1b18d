import type { ReportDocument } from '../model/document.ts';
import { garbageOf, hasBegun, reasonsTable } from './amounts.ts';
import { type Child, dataTable, disclosure, el } from './dom.ts';
import { count, duration, moment, number, shown, size } from './format.ts';
import { jobLink } from './links.ts';

/** What the next collect deletes, and why. */

const SHOWN = 25;

export function goingSection(report: ReportDocument): Child {
  const { groups, jobs, breakers, quarantine } = report;
  const garbage = garbageOf(groups);
  const losing = jobs
    .filter((job) => garbageOf(job.groups).objects > 0)
    .sort((a, b) => garbageOf(b.groups).bytes - garbageOf(a.groups).bytes);
  return [
    el('p', {}, going(report)),
    breakers.map((sentence) => el('p', { class: 'bad' }, `! ${shown(sentence)}`)),
    garbage.objects === 0
      ? null
      : dataTable(
          'What is deleted, by job',
          [
            'Job',
            { content: 'Next collect', right: true },
            { content: hasBegun(quarantine) ? 'In quarantine' : 'Garbage', right: true },
            { content: 'Objects', right: true },
          ],
          losing
            .slice(0, SHOWN)
            .map((job) => [
              { content: jobLink(job) },
              { content: size(job.groups.deletable.bytes), right: true },
              { content: size(job.groups.quarantined.bytes), right: true },
              { content: number(garbageOf(job.groups).objects), right: true },
            ]),
        ),
    losing.length > SHOWN ? el('p', { class: 'soft' }, `And ${count(losing.length - SHOWN, 'job')} with less.`) : null,
    disclosure('Why objects are kept or deleted', () =>
      reasonsTable('Why objects are kept or deleted', report.reasons, quarantine),
    ),
  ];
}

function going({ groups, quarantine, undecidable, at }: ReportDocument): string {
  const { deletable, quarantined } = groups;
  if (undecidable.length > 0) {
    return 'The next collect deletes nothing while the area is undecidable.';
  }
  if (deletable.objects + quarantined.objects === 0) {
    return 'The next collect deletes nothing: there is no garbage.';
  }
  const now =
    deletable.objects === 0
      ? 'The next collect deletes nothing yet.'
      : `The next collect may delete ${count(deletable.objects, 'object')} (${size(deletable.bytes)}): no checkpoint or savepoint has referenced them for at least ${duration(quarantine.lasts)}.`;
  return [now, ...waits({ groups, quarantine, at })].join(' ');
}

function waits({
  groups: { quarantined },
  quarantine,
  at,
}: Pick<ReportDocument, 'groups' | 'quarantine' | 'at'>): readonly string[] {
  if (quarantined.objects === 0) {
    return [];
  }
  const lasts = `garbage is kept for at least ${duration(quarantine.lasts)} and two runs.`;
  const one = (is: string, are: string): string => count(quarantined.objects, `object ${is}`, `objects ${are}`);
  if (!hasBegun(quarantine)) {
    return [
      `${one('is', 'are')} garbage (${size(quarantined.bytes)}) that no run has recorded yet: the quarantine begins with the first run, and ${lasts}`,
    ];
  }
  return [
    `${one('is', 'are')} in quarantine (${size(quarantined.bytes)}): ${lasts}`,
    ...(quarantine.unremembered > 0
      ? [`${count(quarantine.unremembered, 'object is', 'objects are')} new in quarantine.`]
      : []),
    ...(quarantine.unremembered === 0 && quarantine.firstEnds !== null && quarantine.firstEnds > at
      ? [`The first quarantine ends on ${moment(quarantine.firstEnds)}.`]
      : []),
  ];
}
