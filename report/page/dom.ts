/** Makes elements. Text is always inserted as text: nothing on this page is parsed as HTML. */

export type Child = Node | string | null | false | readonly Child[];
type Attributes = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>;

/** @param attributes a function is a listener; true is present, false and null are not. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(element, child);
    } else if (child !== null && child !== false) {
      element.append(child as Node | string);
    }
  }
}

export interface Cell {
  readonly content: Child;
  /** Of numbers, to be aligned. */
  readonly right?: boolean;
  readonly class?: string;
}

/** A table in a frame of its own that scrolls, so that the page itself never scrolls sideways. */
export function dataTable(
  caption: string,
  heads: readonly (string | Cell)[],
  rows: readonly (readonly (string | Cell)[])[],
): HTMLElement {
  const classOf = (cell: Cell): string | null => [cell.right ? 'right' : '', cell.class ?? ''].join(' ').trim() || null;
  const cellOf = (cell: string | Cell): Cell => (typeof cell === 'string' ? { content: cell } : cell);
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
    el(
      'table',
      {},
      el('caption', { class: 'hidden' }, caption),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          heads.map(cellOf).map((cell) => el('th', { scope: 'col', class: classOf(cell) }, cell.content)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((row) =>
          el(
            'tr',
            {},
            row
              .map(cellOf)
              .map((cell, at) =>
                at === 0
                  ? el('th', { scope: 'row', class: classOf(cell) }, cell.content)
                  : el('td', { class: classOf(cell) }, cell.content),
              ),
          ),
        ),
      ),
    ),
  );
}

/** A section that can be opened; its content is made when it is opened. */
export function disclosure(summary: string, make: () => Child, open = false): HTMLDetailsElement {
  const details = el('details', {}, el('summary', {}, summary));
  let made = false;
  const fill = (): void => {
    if (details.open && !made) {
      made = true;
      append(details, [make()]);
    }
  };
  details.addEventListener('toggle', fill);
  details.open = open;
  fill();
  return details;
}

/** A chart with its name, what it says in words, and its numbers behind it. */
export function figure(title: string, says: string, chart: Child, numbers: () => Child): HTMLElement {
  return el(
    'figure',
    {},
    el('figcaption', {}, el('h3', {}, title), says === '' ? null : el('p', { class: 'says' }, says)),
    chart,
    disclosure('The numbers', numbers),
  );
}
