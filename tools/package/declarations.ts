import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Writes the types of the construct: what TypeScript declares for each module, those that the entry leads to, with
 * relative imports in place of the project's own `#…`, which only the project resolves.
 */

const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** `from '…'`, `import('…')` and `import '…'`. */
const SPECIFIER = /(\bfrom |\bimport\(|\bimport )(['"])([^'"]+)\2/g;

/** @param entry the module as a path from the top of the project. It becomes `index.d.cts` in the folder. */
export async function writeDeclarations(entry: string, folder: string): Promise<void> {
  const emitted = await mkdtemp(join(tmpdir(), 'flink-steward-types-'));
  try {
    emit(emitted);
    for (const [module, text] of await reachedModules(entry, emitted)) {
      const file = join(folder, declarationFile(module, entry));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  } finally {
    await rm(emitted, { recursive: true, force: true });
  }
}

function emit(folder: string): void {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const args = [join(dirname(compiler), 'bin/tsc'), '-p', 'tsconfig.cdk.json', '--outDir', folder];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: TOP, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`TypeScript could not declare the types of the construct, so there is no package. ${stdout}`);
  }
}

/** @returns the text of each, by the path of its module. */
async function reachedModules(entry: string, emitted: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const open = [entry];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    if (found.has(module)) continue;
    const from = module;
    const text = await readFile(join(emitted, module.replace(/\.ts$/, '.d.ts')), 'utf8');
    const rewritten = text.replaceAll(SPECIFIER, (whole, before: string, quote: string, specifier: string) => {
      const imported = ownModule(specifier, from);
      if (imported === null) return whole;
      open.push(imported);
      return `${before}${quote}${relativeImport(from, imported, entry)}${quote}`;
    });
    found.set(module, rewritten);
  }
  return found;
}

/** The path of a module of the project; null for one of a package. */
function ownModule(specifier: string, from: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : null;
}

function relativeImport(from: string, to: string, entry: string): string {
  const path = posix.relative(posix.dirname(declarationFile(from, entry)), declarationFile(to, entry));
  const runtime = path.replace(/\.d\.cts$/, '.cjs');
  return runtime.startsWith('.') ? runtime : `./${runtime}`;
}

/** `.d.cts`, since the construct is CommonJS. */
function declarationFile(module: string, entry: string): string {
  return module === entry ? 'index.d.cts' : posix.join('types', module.replace(/\.ts$/, '.d.cts'));
}
