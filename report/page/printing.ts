/**
 * Shows all of a part on paper, which has no buttons.
 *
 * @param part of the page; once it has left the page, `show` is not called any more.
 * @param show returns a function that undoes it.
 */
export function whilePrinted(part: Element, show: () => () => void): void {
  const print = (): void => {
    if (part.isConnected) addEventListener('afterprint', show(), { once: true });
    else removeEventListener('beforeprint', print);
  };
  addEventListener('beforeprint', print);
}
