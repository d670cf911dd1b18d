import type { PageText } from './bundle-page.ts';

let bundled: Promise<PageText> | null = null;

/**
 * The text of the page, bundled from the sources of this checkout. A build replaces this module by the text itself, see
 * `embedPage`, so that it bundles nothing at run time.
 */
export async function pageText(): Promise<PageText> {
  bundled ??= import('./bundle-page.ts').then(({ bundlePage }) => bundlePage());
  return await bundled;
}
