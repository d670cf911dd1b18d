import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The Java half, compiled once for each line of Flink; the profiles of `pom.xml` bear these names. */

export const FLINK_LINES = ['flink-1.20', 'flink-2'] as const;
export type FlinkLine = (typeof FLINK_LINES)[number];

export interface FlinkBuild {
  readonly line: FlinkLine;
  readonly classpath: string;
}

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const BUILD_LIMIT = 15 * 60_000;

/** Why the suite can't run on this machine; null if it can. */
export async function whatIsMissing(): Promise<string | null> {
  const missing: string[] = [];
  const java = await version('java', '-version');
  if (java === null || java < 17) missing.push('a JDK of version 17 or newer (java, javac)');
  if ((await version('mvn', '-version')) === null) missing.push('Maven (mvn)');
  return missing.length === 0 ? null : missing.join(' and ');
}

async function version(command: string, flag: string): Promise<number | null> {
  try {
    const { stdout, stderr } = await run(command, [flag], { timeout: 60_000 });
    return Number(/(\d+)[.\d]*/.exec(stderr + stdout)?.[1] ?? 0);
  } catch {
    return null;
  }
}

/** @throws Error with Maven's own words if the build fails. */
export async function buildFlink(line: FlinkLine): Promise<FlinkBuild> {
  const classes = join(HERE, 'target', line, 'classes');
  const file = join(HERE, 'target', line, 'classpath');
  if (!(await isFresh(file))) {
    const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${file}`];
    try {
      await run('mvn', ['-q', '-B', `-P${line}`, ...goals], { cwd: HERE, timeout: BUILD_LIMIT });
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`The job for ${line} can't be built with Maven:\n${stdout ?? ''}${stderr ?? String(error)}`);
    }
  }
  return { line, classpath: `${classes}:${await readFile(file, 'utf8')}` };
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
