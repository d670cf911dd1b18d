import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** Bundles what the browser runs. Only builds and this checkout need it: what is shipped has the result in it. */

const ENTRY = fileURLToPath(new URL('page/main.ts', import.meta.url));
const STYLE = fileURLToPath(new URL('page/style.css', import.meta.url));
/** The oldest ones that know `light-dark()`. */
const BROWSERS = ['chrome123', 'firefox120', 'safari17.5'];

/** The code and the looks of the page, as they stand in every report. */
export interface PageText {
  /** JavaScript that holds no `</script`. */
  readonly script: string;
  readonly style: string;
}

export async function bundlePage(): Promise<PageText> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [
      { in: ENTRY, out: 'page' },
      { in: STYLE, out: 'page' },
    ],
    outdir: '/',
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: BROWSERS,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const textOf = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}

/** For a build that ships the page: puts the bundled text in the place of the module that would bundle it. */
export function embedPage(): Plugin {
  return {
    name: 'embed-report-page',
    setup({ onLoad }) {
      onLoad({ filter: /[/\\]report[/\\]page-text\.ts$/ }, async () => {
        const text = JSON.stringify(await bundlePage());
        return { contents: `export async function pageText() { return ${text}; }`, loader: 'js' };
      });
    },
  };
}
