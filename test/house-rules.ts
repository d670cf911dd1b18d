/**
 * The rules of the house that a compiler does not check, each as a function from files to what is wrong with them.
 * They read text, so they catch slips, not malice.
 */
import { posix } from 'node:path';
import { transformSync } from 'esbuild';

/** A file of the repository; its path is relative to the top, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What a file may do that others may not, and why. */
export type Allowance = ReadonlyMap<string, string>;

/** Where each top folder may import from besides itself: beginnings of paths. */
export type TopFolders = Readonly<Record<string, readonly string[]>>;

type Check = (files: readonly SourceFile[]) => readonly string[];

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/g;

/** What a file imports, types included, as it is written there. */
function importsOf(file: SourceFile): string[] {
  return [...file.text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Where an import of this project leads, from the top of the repository; null for a package or a Node module. */
function leadsTo(file: SourceFile, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file.path), specifier);
  return null;
}

/** The code without types and comments: "rm (the file)" in a comment is not a call. */
function codeOf(file: SourceFile): string {
  return transformSync(file.text, { loader: 'ts', legalComments: 'none', sourcefile: file.path }).code;
}

function findAll(files: readonly SourceFile[], text: (file: SourceFile) => string, patterns: readonly RegExp[]) {
  return files.flatMap((file) => {
    const searched = text(file);
    return patterns.flatMap((pattern) => [...searched.matchAll(pattern)].map((m) => `${file.path}: ${m[0].trim()}`));
  });
}

/** Files of `core/` that import anything outside `core/`. */
export const impureImports: Check = (files) =>
  files
    .filter((file) => file.path.startsWith('core/'))
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !leadsTo(file, specifier)?.startsWith('core/'))
        .map((specifier) => `${file.path}: imports ${specifier}`),
    );

/** What each file imports of the others, by path; in the order of the files. */
function importGraph(files: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Set(files.map(({ path }) => path));
  return new Map(
    files.map((file) => {
      const led = importsOf(file).map((specifier) => leadsTo(file, specifier));
      return [file.path, led.filter((path) => path !== null && paths.has(path)) as string[]];
    }),
  );
}

/** Circles of imports, types included, each as the shortest way around from the first of its files. */
export const importCircles: Check = (files) => {
  const graph = importGraph(files);
  const told = new Set<string>();
  return [...graph.keys()].toSorted().flatMap((path) => {
    const circle = told.has(path) ? null : wayAround(graph, path);
    for (const on of circle ?? []) told.add(on);
    return circle === null ? [] : [[...circle, path].join(' → ')];
  });
};

/** The shortest way by imports from a file back to itself, without its end; null where there is none. */
function wayAround(graph: ReadonlyMap<string, readonly string[]>, start: string): readonly string[] | null {
  const cameFrom = new Map<string, string>();
  for (const queue = [start]; queue.length > 0; ) {
    const path = queue.shift() ?? start;
    for (const next of graph.get(path) ?? []) {
      if (next === start) {
        const way = [path];
        for (let at = path; at !== start; way.unshift(at)) at = cameFrom.get(at) ?? start;
        return way;
      }
      if (!cameFrom.has(next)) {
        cameFrom.set(next, path);
        queue.push(next);
      }
    }
  }
  return null;
}

/** All files that some files lead to by imports, types included. */
export function reached(files: readonly SourceFile[], starts: (path: string) => boolean): readonly string[] {
  const graph = importGraph(files);
  const found = new Set([...graph.keys()].filter(starts));
  for (const path of found) for (const next of graph.get(path) ?? []) found.add(next);
  return [...found].toSorted();
}

/**
 * Imports between the folders of one top folder that do not lead down, types included.
 *
 * @param layers the names of its folders, the lowest first; those of one layer don't know of each other. Files that lie
 * in none are below all.
 */
export function upwardImports(
  files: readonly SourceFile[],
  top: string,
  layers: readonly (readonly string[])[],
): readonly string[] {
  const folderOf = (path: string): string => /^[^/]+\/(?:([^/]+)\/)?/.exec(path)?.[1] ?? '';
  const layerOf = (path: string): number => layers.findIndex((folders) => folders.includes(folderOf(path)));
  const inside = files.filter(({ path }) => path.startsWith(`${top}/`));
  const unplaced = inside.filter(({ path }) => folderOf(path) !== '' && layerOf(path) === -1);
  const climbing = [...importGraph(inside)].flatMap(([path, imported]) =>
    imported
      .filter((to) => folderOf(to) !== folderOf(path) && layerOf(to) >= layerOf(path))
      .map((to) => `${path}: imports ${to}`),
  );
  return [...unplaced.map(({ path }) => `${path}: in no layer`), ...climbing];
}

/** Imports that lead out of a folder to where its layer must not reach, and files of folders that have no layer. */
export function strayImports(files: readonly SourceFile[], layers: TopFolders): readonly string[] {
  return files
    .filter(({ path }) => path.includes('/'))
    .flatMap((file) => {
      const folder = topOf(file.path);
      const allowed = layers[folder];
      if (allowed === undefined) return [`${file.path}: ${folder}/ has no layer`];
      return importsOf(file)
        .flatMap((specifier) => leadsTo(file, specifier) ?? [])
        .filter((target) => topOf(target) !== folder && !allowed.some((place) => target.startsWith(place)))
        .map((target) => `${file.path}: imports ${target}`);
    });
}

function topOf(path: string): string {
  return path.slice(0, path.indexOf('/'));
}

/** What starts a server or a process, or takes seconds to load. */
const HEAVY = /^(?:node:(?:child_process|cluster|dgram|https?|net|tls|worker_threads)|esbuild|aws-cdk|@aws-sdk\/)/;

/** Files that come to load something heavy when they run, each with the way to it. Types are not loaded. */
export function heavyLoads(files: readonly SourceFile[], starts: (path: string) => boolean): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const loaded = new Map<string, readonly string[]>();
  const loadsOf = (file: SourceFile): readonly string[] => {
    const known = loaded.get(file.path) ?? importsOf({ path: file.path, text: codeOf(file) });
    loaded.set(file.path, known);
    return known;
  };
  return files
    .filter(({ path }) => starts(path))
    .flatMap((file) => {
      const seen = new Set<string>();
      const search = (at: SourceFile, way: readonly string[]): readonly string[] =>
        loadsOf(at).flatMap((specifier) => {
          if (HEAVY.test(specifier)) return [[...way, specifier].join(' > ')];
          const next = byPath.get(leadsTo(at, specifier) ?? '');
          if (next === undefined || seen.has(next.path)) return [];
          seen.add(next.path);
          return search(next, [...way, next.path]);
        });
      return search(file, [file.path]);
    });
}

const IMPURE = [
  /\bDate\.now\b/g,
  /\bnew Date\b(?:\(\)|(?!\())/g,
  /(?<!new )\bDate\(/g,
  /\bperformance\.now\b/g,
  /\bMath\.random\b/g,
  /\bcrypto\.\w+/g,
  /\bprocess(?:\.[a-z]\w*|\[)/g,
  /\bset(?:Timeout|Interval|Immediate)\b/g,
  /\bfetch\(/g,
];

/** Places in `core/` that ask for the time, chance or the surroundings. */
export const impureCalls: Check = (files) =>
  findAll(
    files.filter((file) => file.path.startsWith('core/')),
    codeOf,
    IMPURE,
  );

const DELETION = [/\b(?:unlink|rmdir|rm)(?:Sync)?\b(?=\s*[(,}]| as )/g, /\bDeleteObjects?(?:Command)?\b/g];

/** Places that remove files or objects, outside the modules that may. */
export function deletions(files: readonly SourceFile[], mayDelete: Allowance): readonly string[] {
  return findAll(
    files.filter((file) => !mayDelete.has(file.path)),
    codeOf,
    DELETION,
  );
}

/** Modules that import a deleter, types included, and are not listed as its users. */
export function deleterImports(files: readonly SourceFile[], mayImport: Allowance): readonly string[] {
  return files
    .filter((file) => !mayImport.has(file.path))
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => /deleter(?:\.[cm]?[jt]s)?$/.test(specifier))
        .map((specifier) => `${file.path}: imports ${specifier}`),
    );
}

/** Modules that open what deletes in a location, and are not listed among those that execute. */
export function accessOpeners(files: readonly SourceFile[], mayOpen: Allowance): readonly string[] {
  return files
    .filter(({ path, text }) => !mayOpen.has(path) && /\bopenAccess\b/.test(text))
    .map(({ path }) => `${path}: opens access`);
}

const EXPORTED = /^export (?:async )?(?:abstract )?(?:function\*?|class) (\w+)/;

/** Exported functions and classes without a docstring right above them; of overloads the first one has it. */
export const undocumented: Check = (files) =>
  files.flatMap(({ path, text }) => {
    const lines = text.split('\n');
    const names = lines.map((line) => EXPORTED.exec(line)?.[1]);
    return names.flatMap((name, at) =>
      name === undefined || names.indexOf(name) < at || lines[at - 1]?.endsWith('*/') ? [] : [`${path}: ${name}`],
    );
  });

const ANY = [
  /:\s*any\s*(?=[;,)=\]}>|&{]|$)/gm,
  /\bas any\b(?!\s+\w)/g,
  /[<,|&]\s*any\s*(?=[>,;)|&=])/g,
  /\bany\[\]/g,
  /=>\s*any\s*(?=[;,)|&=])/g,
];

/** Uses of the type that switches the compiler off. */
export const anyTypes: Check = (files) => findAll(files, ({ text }) => text, ANY);

const PROMISES = [/\b(?:TODO|FIXME|XXX)\b/g, /\bfor now\b(?![(`])/gi];

/** Words that put off what is not done. */
export const unkeptPromises: Check = (files) => findAll(files, ({ text }) => text, PROMISES);

// After a letter or a dot it is a part of something longer: a URL, a relative path.
const MACHINE_PATHS = [
  /(?<![\w.*~-])\/(?:work|root|home\/\w+|Users\/\w+)\/[\w.-]*/g,
  /(?<![\w.*~-])\/tmp\/flink[\w.-]*/g,
];

/** Paths that exist on somebody's machine only. */
export const machinePaths: Check = (files) => findAll(files, ({ text }) => text, MACHINE_PATHS);

/** Entries of the lock file that tie it to one registry. */
export const registryHosts: Check = (files) =>
  findAll(
    files.filter((file) => posix.basename(file.path) === 'package-lock.json'),
    ({ text }) => text,
    [/"resolved":\s*"[^"]*"/g],
  ).concat(
    findAll(
      files.filter((file) => posix.basename(file.path) === '.npmrc'),
      ({ text }) => text,
      [/^.*registry\s*=.*$/gm],
    ),
  );
