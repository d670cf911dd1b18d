import { el } from '../dom.ts';

/** A chart that fills the available width, and is drawn when it first has a width. */
export interface Chart {
  readonly element: HTMLElement;
  redraw(): void;
}

const NARROWEST = 120;

/** @param says the name of the chart for screen readers; its numbers are in a table next to it. */
export function chart(says: () => string, draw: (width: number) => Element): Chart {
  const element = el('div', { class: 'chart', role: 'img', 'aria-label': says() });
  let width = 0;
  const redraw = (): void => {
    if (width < NARROWEST) return;
    const drawn = draw(width);
    // For screen readers the chart is one image: the names of its parts come from the library, and would be announced
    // again with every movement of the pointer.
    drawn.setAttribute('aria-hidden', 'true');
    element.setAttribute('aria-label', says());
    element.replaceChildren(drawn);
  };
  new ResizeObserver(() => {
    const now = Math.floor(element.clientWidth);
    if (now !== width) {
      width = now;
      redraw();
    }
  }).observe(element);
  return { element, redraw };
}

/** Below this a time axis would have ticks of milliseconds, and a single point no axis at all. */
const SHORTEST_AXIS = 10 * 60_000;

/** The domain of a time axis: from the first to the last time, or a little around them where that is too short to read. */
export function timeDomain(times: readonly number[]): readonly [Date, Date] {
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const room = Math.max(0, SHORTEST_AXIS - (last - first)) / 2;
  return [new Date(first - room), new Date(last + room)];
}

/** Options of all charts. The colours are variables of the style sheet, so a change of theme needs no redraw. */
export const LOOKS = {
  style: { background: 'none', color: 'var(--soft)', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' },
} as const;

export const COLOURS = {
  live: 'var(--live)',
  deletable: 'var(--deletable)',
  quarantined: 'var(--quarantined)',
  garbage: 'var(--quarantined)',
  other: 'var(--other)',
  bad: 'var(--bad)',
} as const;

export const GROUP_LABELS = {
  live: 'live',
  deletable: 'reclaimable now',
  quarantined: 'in quarantine',
  garbage: 'reclaimable',
  other: 'other',
} as const;

/** The legend of a chart. */
export function legend(groups: readonly (keyof typeof GROUP_LABELS)[]): HTMLElement {
  return el(
    'p',
    { class: 'legend' },
    groups.map((group) => el('span', {}, el('i', { class: `swatch ${group}` }), GROUP_LABELS[group])),
  );
}
