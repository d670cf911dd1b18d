import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type BuildOptions, type BuildResult, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';

/**
 * esbuild splits shared code by every combination of entry points and later imports that reach it: dozens of small files,
 * each of which Node takes longer to open than to run. Here those files become one that the same functions load at their
 * start and that the same functions hold. So every function still holds what it needs and nothing else, and what several
 * need is still one file.
 */

/** What esbuild has split, with inline source maps or none. */
export type Split = BuildResult<{ write: false; metafile: true }>;

export interface MergedFiles {
  /** With their source maps, if there are any. */
  readonly files: readonly OutputFile[];
  /** The name of the file in which one that esbuild had split is now. */
  readonly nameOf: (file: string) => string;
}

type Output = Metafile['outputs'][string];

/** The files that one imports at once, directly or through others, and it itself; or at once and later. */
export function reachedFrom(
  entry: string,
  outputs: ReadonlyMap<string, Output>,
  { later }: { readonly later: boolean },
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const open = [entry]; open.length > 0; ) {
    const file = open.pop() ?? entry;
    if (found.has(file)) continue;
    found.add(file);
    const imports = (outputs.get(file)?.imports ?? []).filter(({ external }) => external !== true);
    const followed = imports.filter(({ kind }) => later || kind !== 'dynamic-import');
    open.push(...followed.map(({ path }) => basename(path)));
  }
  return found;
}

/** The files of a build by their names. */
export function outputsOf({ metafile }: Split): ReadonlyMap<string, Output> {
  const code = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.mjs'));
  return new Map(code.map(([path, output]) => [basename(path), output]));
}

/** @param entries names of the files that are loaded first. @param options how they were split */
export async function mergeFiles(
  split: Split,
  entries: readonly string[],
  { absWorkingDir, outdir, target, minify, sourcemap }: BuildOptions,
): Promise<MergedFiles> {
  const outputs = outputsOf(split);
  const groups = groupsOf(outputs, entries);
  const code = new Map(split.outputFiles.map(({ path, text }) => [basename(path), text]));
  const { outputFiles } = await build({
    entryPoints: [...new Set(groups.values())].map((group) => ({ in: group, out: group.replace(/\.mjs$/, '') })),
    plugins: [merging(groups, outputs, code)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    sourcemap: sourcemap === 'inline',
    sourcesContent: false,
    write: false,
    logLevel: 'warning',
    ...{ absWorkingDir, outdir, target, minify },
  } as BuildOptions & { write: false });
  return { files: outputFiles, nameOf: (file) => groups.get(file) ?? file };
}

/** For each file the name of the one that it becomes a part of: its own where it stays by itself. */
function groupsOf(outputs: ReadonlyMap<string, Output>, entries: readonly string[]): ReadonlyMap<string, string> {
  const started = entries.map((entry) => reachedFrom(entry, outputs, { later: false }));
  const held = entries.map((entry) => reachedFrom(entry, outputs, { later: true }));
  const later = new Set(
    [...outputs.values()].flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => basename(path)),
    ),
  );
  const by = new Map<string, string[]>();
  for (const file of outputs.keys()) {
    const isStarted = started.some((files) => files.has(file));
    const users = [started, held].map((sets) => sets.map((files) => (files.has(file) ? 1 : 0)).join(''));
    // What others may import later, under its own name, and what Lambda loads stay by themselves.
    const stays = !isStarted || later.has(file) || entries.includes(file);
    const key = stays ? file : users.join(' ');
    by.set(key, [...(by.get(key) ?? []), file]);
  }
  return new Map([...by.values()].flatMap((files) => files.map((file) => [file, groupName(files)] as const)));
}

/** The names of chunks end in a hash of their contents, so one made of their names does, too. */
function groupName(files: readonly string[]): string {
  const [only = ''] = files;
  if (files.length === 1) return only;
  const hash = createHash('sha256').update(files.toSorted().join());
  return `chunk-${hash.digest('hex').slice(0, 8).toUpperCase()}.mjs`;
}

/** A merged file exports what its parts did, each name with the number of its part after it. */
function merging(
  groups: ReadonlyMap<string, string>,
  outputs: ReadonlyMap<string, Output>,
  code: ReadonlyMap<string, string>,
): Plugin {
  const names = [...outputs.keys()];
  const renamed = (file: string): string =>
    (outputs.get(file)?.exports ?? []).map((name) => `${name} as ${name}_${names.indexOf(file)}`).join();
  const asIs = (file: string): boolean => groups.get(file) === file;
  return {
    name: 'merge-files',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path, kind, importer, namespace }) => {
        if (kind === 'entry-point') return { path, namespace: 'group' };
        const file = basename(path);
        const group = groups.get(file);
        if (group === undefined || namespace === 'door') return { path, external: true };
        if (namespace === 'group' || groups.get(importer) === group) return { path: file, namespace: 'part' };
        return asIs(file) ? { path: `./${file}`, external: true } : { path: file, namespace: 'door' };
      });
      onLoad({ filter: /./, namespace: 'group' }, ({ path: group }) => ({
        contents: names
          .filter((file) => groups.get(file) === group)
          .map((file) => (asIs(file) ? `export * from './${file}';` : `export { ${renamed(file)} } from './${file}';`))
          .join('\n'),
      }));
      onLoad({ filter: /./, namespace: 'part' }, ({ path }) => ({ contents: code.get(path) ?? '' }));
      onLoad({ filter: /./, namespace: 'door' }, ({ path }) => {
        const back = (outputs.get(path)?.exports ?? []).map((name) => `${name}_${names.indexOf(path)} as ${name}`);
        return { contents: `export { ${back.join()} } from './${groups.get(path)}';` };
      });
    },
  };
}
