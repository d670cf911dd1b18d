import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type BuildOptions, type BuildResult, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';

/**
 * esbuild splits shared code by every combination of entry points and later imports that reach it: dozens of small files,
 * each of which Node takes longer to open than to run. Here those files become one that the same functions load at their
 * start and hold for later. So every function still holds what it needs and little else, and what several need is still one
 * file of a package.
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
    open.push(...importedBy(outputs.get(file), later ? ['import-statement', 'dynamic-import'] : ['import-statement']));
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
  const users = usersOf(outputs, entries);
  const later = new Set([...outputs.values()].flatMap((output) => importedBy(output, ['dynamic-import'])));
  const groups = new Map<string, string[]>();
  for (const [file, used] of users) {
    // What others may import later, under its own name, and what Lambda loads stay by themselves.
    const stays = !used.includes(AT_START) || later.has(file) || entries.includes(file);
    groups.set(stays ? file : used, [...(groups.get(stays ? file : used) ?? []), file]);
  }
  joinSmall(groups, users, outputs);
  return new Map([...groups.values()].flatMap((files) => files.map((file) => [file, groupName(files)] as const)));
}

/** A file of fewer bytes is opened in more time than it is read. */
const SMALL = 16_000;
const AT_START = '2';
const HELD = '1';

/** How each entry uses a file, a character for each: at its start, held for later, or not at all. */
function usersOf(outputs: ReadonlyMap<string, Output>, entries: readonly string[]): ReadonlyMap<string, string> {
  const started = entries.map((entry) => reachedFrom(entry, outputs, { later: false }));
  const held = entries.map((entry) => reachedFrom(entry, outputs, { later: true }));
  const use = (file: string, at: number): string =>
    started[at]?.has(file) ? AT_START : held[at]?.has(file) ? HELD : '0';
  return new Map([...outputs.keys()].map((file) => [file, entries.map((_, at) => use(file, at)).join('')]));
}

/**
 * Small files join one that more functions load, which then hold some kilobytes that they never use. It must be one whose
 * users have all that the small file imports; so no two files come to import each other either.
 */
function joinSmall(
  groups: Map<string, string[]>,
  users: ReadonlyMap<string, string>,
  outputs: ReadonlyMap<string, Output>,
): void {
  const bytes = (files: readonly string[]): number =>
    files.reduce((sum, file) => sum + (outputs.get(file)?.bytes ?? 0), 0);
  const isMerged = (key: string): boolean => !outputs.has(key);
  for (const key of [...groups.keys()].filter(isMerged)) {
    const files = groups.get(key) ?? [];
    if (bytes(files) >= SMALL) continue;
    const imported = files.flatMap((file) => importedBy(outputs.get(file), ['import-statement', 'dynamic-import']));
    const joinable = [...groups.keys()].filter(
      (other) =>
        isMerged(other) &&
        other !== key &&
        isWithin(key, other) &&
        imported.every((file) => isWithin(other, users.get(file) ?? '')),
    );
    const [joined] = joinable.toSorted((a, b) => sumOf(a) - sumOf(b));
    if (joined === undefined) continue;
    groups.set(joined, [...(groups.get(joined) ?? []), ...files]);
    groups.delete(key);
  }
}

/** Whether each entry that uses the one uses the other, at its start where it needs the one there. */
function isWithin(used: string, other: string): boolean {
  return [...used].every((use, at) => use <= (other[at] ?? ''));
}

function sumOf(used: string): number {
  return [...used].reduce((sum, use) => sum + Number(use), 0);
}

function importedBy(output: Output | undefined, kinds: readonly string[]): readonly string[] {
  const imports = (output?.imports ?? []).filter(({ kind, external }) => external !== true && kinds.includes(kind));
  return imports.map(({ path }) => basename(path));
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
