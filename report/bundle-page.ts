import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** Bundles the code of the page. Only builds and a checkout need it: a build contains the result. */

const TOP = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = fileURLToPath(new URL('page/main.ts', import.meta.url));
const STYLE = fileURLToPath(new URL('page/style.css', import.meta.url));
/** The oldest browsers that support `light-dark()`. */
const BROWSERS = ['chrome123', 'firefox120', 'safari17.5'];

/** The script and the style sheet of every report page. */
export interface PageText {
  /** JavaScript that does not contain `</script`. */
  readonly script: string;
  readonly style: string;
}

/** With the files that the script is made of, as paths from the top of the project. */
export interface BundledPage extends PageText {
  readonly inputs: readonly string[];
}

export async function bundlePage(): Promise<BundledPage> {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: TOP,
    metafile: true,
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
  return { script: textOf('.js'), style: textOf('.css'), inputs: Object.keys(metafile.inputs) };
}

/** For builds: replaces the module that bundles the page by the bundled text. */
export function embedPage(): Plugin {
  return {
    name: 'embed-report-page',
    setup({ onLoad }) {
      onLoad({ filter: /[/\\]report[/\\]page-text\.ts$/ }, async () => {
        const { script, style } = await bundlePage();
        const text = JSON.stringify({ script, style });
        return { contents: `export async function pageText() { return ${text}; }`, loader: 'js' };
      });
    },
  };
}
