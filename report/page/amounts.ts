import { GROUP_WORDS } from '#operations/report/group-words.ts';
import type { ReportDocument, ReportGroup, ReportGroups, ReportQuarantine } from '../model/document.ts';
import { dataTable, el } from './dom.ts';
import { count, number, percent, size } from './format.ts';

/** One bar with the bytes of an area or a job by group, with its legend. */

interface GroupWords {
  readonly group: ReportGroup;
  readonly name: string;
  readonly what: string;
}

export const GROUPS: readonly GroupWords[] = [
  { group: 'live', ...GROUP_WORDS.live },
  { group: 'deletable', name: 'reclaimable now', what: 'garbage whose quarantine has ended' },
  { group: 'quarantined', name: 'in quarantine', what: 'garbage that must wait before it is deleted' },
  { group: 'young', ...GROUP_WORDS.young },
  { group: 'inProgress', ...GROUP_WORDS.inProgress },
  { group: 'protected', ...GROUP_WORDS.protected },
  { group: 'unknown', ...GROUP_WORDS.unknown },
  { group: 'undecided', ...GROUP_WORDS.undecided },
];

const UNRECORDED = 'garbage that no run has recorded yet';

/** Whether a run has recorded garbage: before that, nothing is in quarantine. */
export function hasBegun({ firstEnds }: ReportQuarantine): boolean {
  return firstEnds !== null;
}

export function totalOf(groups: ReportGroups): number {
  return GROUPS.reduce((sum, { group }) => sum + groups[group].bytes, 0);
}

export function garbageOf(groups: ReportGroups): { readonly objects: number; readonly bytes: number } {
  return {
    objects: groups.deletable.objects + groups.quarantined.objects,
    bytes: groups.deletable.bytes + groups.quarantined.bytes,
  };
}

/** @param share of the width that the bar takes. */
export function bar(groups: ReportGroups, share = 1): HTMLElement {
  const total = totalOf(groups);
  const parts = GROUPS.filter(({ group }) => groups[group].bytes > 0).map(({ group }) => {
    const part = el('i', { class: group });
    part.style.flexGrow = String(groups[group].bytes / total);
    return part;
  });
  const frame = el('span', { class: 'bar', 'aria-hidden': 'true' }, parts);
  frame.style.width = `${Math.max(share * 100, total > 0 ? 0.5 : 0)}%`;
  return frame;
}

export function barLegend(groups: ReportGroups, quarantine: ReportQuarantine): HTMLElement {
  const total = totalOf(groups);
  const wordsOf = ({ group, name, what }: GroupWords): Pick<GroupWords, 'name' | 'what'> =>
    group === 'quarantined' && !hasBegun(quarantine) ? GROUP_WORDS.reclaimable : { name, what };
  return el(
    'ul',
    { class: 'amounts' },
    GROUPS.filter(({ group }) => groups[group].objects > 0 || group === 'live').map((words) => {
      const { group } = words;
      const { name, what } = wordsOf(words);
      return el(
        'li',
        {},
        el('i', { class: `swatch ${group}` }),
        el('b', {}, size(groups[group].bytes)),
        ` ${name}`,
        el(
          'small',
          {},
          `${percent(total === 0 ? 0 : groups[group].bytes / total)}, ${count(groups[group].objects, 'object')}: ${what}`,
        ),
      );
    }),
  );
}

/** The reasons why objects are kept or deleted. */
export function reasonsTable(
  caption: string,
  reasons: ReportDocument['reasons'],
  quarantine: ReportQuarantine,
): HTMLElement {
  return dataTable(
    caption,
    ['Reason', 'Result', { content: 'Objects', right: true }, { content: 'Size', right: true }],
    reasons.map(({ rule, text, verdict, objects, bytes }) => [
      rule === 'quarantine' && !hasBegun(quarantine) ? UNRECORDED : text,
      OUTCOMES[verdict],
      { content: number(objects), right: true },
      { content: size(bytes), right: true },
    ]),
  );
}

const OUTCOMES: Readonly<Record<ReportDocument['reasons'][number]['verdict'], string>> = {
  'keep-live': 'kept: live',
  'keep-young': 'kept until it is older',
  'keep-pinned': 'kept: pinned',
  'keep-in-progress': 'kept: a checkpoint in progress may use it',
  'keep-protected': 'kept: protected',
  'keep-unknown': 'kept: not a file of Flink',
  'keep-undecidable': 'kept: the area is undecidable',
  quarantined: 'deleted after its quarantine',
  delete: 'deleted by the next collect',
};
