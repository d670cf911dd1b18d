import type { PageText } from './bundle-page.ts';

let bundled: Promise<PageText> | null = null;

/**
 * From the sources of this checkout. A build replaces this whole module with the text itself, see `embedPage`: what is
 * shipped bundles nothing.
 */
export async function pageText(): Promise<PageText> {
  bundled ??= import('./bundle-page.ts').then(({ bundlePage }) => bundlePage());
  return await bundled;
}
