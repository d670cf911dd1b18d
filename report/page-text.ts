/** The code and the looks of the page, as they stand in every report. */
export interface PageText {
  /** JavaScript that holds no `</script`. */
  readonly script: string;
  readonly style: string;
}

let bundled: Promise<PageText> | null = null;

/**
 * From the sources of this checkout. A build replaces this whole module with the text itself, see `embedPage`: what is
 * shipped bundles nothing.
 */
export async function pageText(): Promise<PageText> {
  bundled ??= import('./bundle-page.ts').then(({ bundlePage }) => bundlePage());
  return await bundled;
}
