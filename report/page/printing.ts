/**
 * Shows more on paper, which has no buttons.
 *
 * @param part of the page; when it has left the page, nothing is shown of it any more.
 * @param show returns what undoes it.
 */
export function whilePrinted(part: Element, show: () => () => void): void {
  const print = (): void => {
    if (part.isConnected) addEventListener('afterprint', show(), { once: true });
    else removeEventListener('beforeprint', print);
  };
  addEventListener('beforeprint', print);
}
