import type { ReportDocument } from '../model/document.ts';
import { type Child, el } from './dom.ts';
import { count, moment, shorten, shown, size } from './format.ts';
import { whilePrinted } from './printing.ts';

/** The head of the whole area: where, when, and how much. */

/** Characters of a name in a title: with them it takes three lines of a telephone at most. */
const LONGEST_IN_TITLE = 48;
const OPEN_UP_TO = 3;

/** A name for titles. The whole of it is told elsewhere. */
export function titleOf(name: string): string {
  return shown(shorten(name, LONGEST_IN_TITLE));
}

export function areaName({ area: [first = '', ...others] }: ReportDocument): string {
  return others.length === 0 ? titleOf(first) : count(others.length + 1, 'location');
}

export function areaHead(report: ReportDocument): HTMLElement {
  const { area, at, total, roots, jobs } = report;
  return el(
    'header',
    { class: 'top' },
    el('h1', {}, 'Flink state in ', el('bdi', {}, areaName(report))),
    area.length === 1 ? wholeName(area[0] ?? '') : places(area),
    el(
      'p',
      { class: 'soft' },
      `As of ${moment(at)}: ${count(total.objects, 'object')}, ${size(total.bytes)}, ${count(jobs.length, 'job')}, ${count(roots, 'checkpoint or savepoint', 'checkpoints and savepoints')}.`,
    ),
  );
}

/** Nothing where the title has the whole name. */
export function wholeName(name: string): Child {
  return name.length <= LONGEST_IN_TITLE ? null : el('p', { class: 'whole-name' }, el('code', {}, shown(name)));
}

/** Long lists of them would push the answers off the screen. On paper nothing can be opened. */
function places(area: readonly string[]): HTMLElement {
  const isShort = area.length <= OPEN_UP_TO && area.every((place) => place.length <= LONGEST_IN_TITLE);
  const list = el(
    'ul',
    { class: 'places' },
    area.map((place) => el('li', {}, el('code', {}, shown(place)))),
  );
  const details = el('details', { open: isShort }, el('summary', {}, 'Locations'), list);
  whilePrinted(details, () => {
    const wasOpen = details.open;
    details.open = true;
    return () => {
      details.open = wasOpen;
    };
  });
  return details;
}
