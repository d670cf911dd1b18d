import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why nothing of Flink can be built and run on this machine; null if it can. */
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
