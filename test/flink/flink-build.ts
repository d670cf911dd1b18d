import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The Java half, compiled once for each line of Flink; the profiles of `pom.xml` bear these names. */

export const FLINK_LINES = ['flink-1.20', 'flink-2'] as const;
export type FlinkLine = (typeof FLINK_LINES)[number];

/** Releases that wrote what newer ones only read; the profiles of `old/pom.xml`. */
export const OLD_FLINK_LINES = ['flink-1.10', 'flink-1.15'] as const;
export type OldFlinkLine = (typeof OLD_FLINK_LINES)[number];

export interface FlinkBuild {
  readonly line: FlinkLine;
  readonly classpath: string;
  /** The same with Flink's own S3 file system in place of the Hadoop plug-in; null where that line has none. */
  readonly nativeS3Classpath: string | null;
  /** The jar with the savepoints and checkpoints of older releases by which Flink tests itself, where there is one. */
  readonly testResources: string | null;
}

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const BUILD_LIMIT = 15 * 60_000;

/** @throws Error with Maven's own words if the build fails. */
export async function buildFlink(line: FlinkLine): Promise<FlinkBuild> {
  const classes = join(HERE, 'target', line, 'classes');
  const file = join(HERE, 'target', line, 'classpath');
  if (!(await isFresh(file))) await compile(HERE, line, file);
  const jars = (await readFile(file, 'utf8')).split(':');
  // It is read, and not run: its classes would take part in every cluster.
  const isOfTests = (jar: string) => /\/flink-tests-[^/]*\.jar$/.test(jar);
  const isS3 = (kind: 'hadoop' | 'native') => (jar: string) => jar.includes(`/flink-s3-fs-${kind}-`);
  const libraries = jars.filter((jar) => !isOfTests(jar) && !isS3('hadoop')(jar) && !isS3('native')(jar));
  // Both register for the scheme s3, and only one of them is asked.
  const withS3 = (kind: 'hadoop' | 'native') => [classes, ...libraries, ...jars.filter(isS3(kind))].join(':');
  return {
    line,
    classpath: withS3('hadoop'),
    nativeS3Classpath: jars.some(isS3('native')) ? withS3('native') : null,
    testResources: jars.find(isOfTests) ?? null,
  };
}

/** Compiles what writes `_metadata` with an old release, once. @returns its classpath */
export async function buildOldFlink(line: OldFlinkLine): Promise<string> {
  const folder = join(HERE, 'target', 'old', line);
  await compile(join(HERE, 'old'), line, join(folder, 'classpath'));
  return `${join(folder, 'classes')}:${await readFile(join(folder, 'classpath'), 'utf8')}`;
}

/** @param classpathFile takes the paths of the libraries */
async function compile(folder: string, profile: string, classpathFile: string): Promise<void> {
  const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${classpathFile}`];
  try {
    await run('mvn', ['-q', '-B', `-P${profile}`, ...goals], { cwd: folder, timeout: BUILD_LIMIT });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(
      `The Java half for ${profile} can't be built with Maven:\n${stdout ?? ''}${stderr ?? String(error)}`,
    );
  }
}

/** Whether the build is newer than all it was made from, and its libraries are still there. */
async function isFresh(classpathFile: string): Promise<boolean> {
  if (!existsSync(classpathFile)) return false;
  const built = (await stat(classpathFile)).mtimeMs;
  const sources = await readdir(join(HERE, 'src'), { recursive: true, withFileTypes: true });
  const files = sources.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const source of [join(HERE, 'pom.xml'), ...files]) {
    if ((await stat(source)).mtimeMs > built) return false;
  }
  return (await readFile(classpathFile, 'utf8')).split(':').every((jar) => existsSync(jar.trim()));
}
