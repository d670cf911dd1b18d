import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { saysAbsent } from '#adapters/local/failures.ts';
import type { FileSystem } from '#adapters/local/file-system.ts';
import { joinPath } from '#adapters/local/root-folder.ts';
import type { WritingFileSystem } from '#adapters/local/temporary-file.ts';

/**
 * The names in a ledger's folder that are no paths of the ledger: the generations of a document, in a folder of their
 * own, and files on their way to a name. Also the only removals there are in a ledger.
 */

const DIGITS = 12;
const GENERATION = /^\d{12}$/;
const TEMPORARY = /^@[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** So many are kept at least, the newest one included. */
export const KEPT_GENERATIONS = 64;
/** The minimum age of generations and temporary files that are deleted, in nanoseconds. */
const KEPT_FOR = 3_600n * 1_000_000_000n;
/** More are looked at by one write only after these. */
const REMOVED_AT_ONCE = 16;

export function nameOfGeneration(number: number): Buffer {
  return Buffer.from(String(number).padStart(DIGITS, '0'));
}

/** @returns the number of the newest one; 0 where there is none. */
export function newestOf(names: readonly string[]): number {
  return names.reduce((newest, name) => (GENERATION.test(name) ? Math.max(newest, Number(name)) : newest), 0);
}

export function temporaryName(): Buffer {
  return Buffer.from(`@${randomUUID()}`);
}

export async function namesIn(fileSystem: FileSystem, folder: Buffer): Promise<readonly string[]> {
  const entries = await fileSystem.readdir(folder);
  return entries.map(({ name }) => name.toString('latin1'));
}

/**
 * Removes temporary files that a process left behind when it was killed, and generations that nobody reads any more.
 *
 * In this order, because of writers that stand still for hours (a machine asleep) between the look for the newest
 * generation and the link to the name after it: were that name free again, such a writer would believe that it wrote.
 * Its temporary file is older than the generation that took the name, so it is deleted first: nothing is left to link.
 *
 * @param names in the folder.
 * @param now by the clock of the file system, in nanoseconds.
 */
export async function tidy(
  fileSystem: WritingFileSystem,
  folder: Buffer,
  names: readonly string[],
  now: bigint,
): Promise<void> {
  const newest = newestOf(names);
  const superseded = names.filter((name) => GENERATION.test(name) && Number(name) <= newest - KEPT_GENERATIONS);
  const leftOver = names.filter((name) => TEMPORARY.test(name));
  try {
    for (const name of [...leftOver, ...superseded.sort().slice(0, REMOVED_AT_ONCE)]) {
      await removeIfOld(fileSystem, joinPath(folder, Buffer.from(name)), now);
    }
  } catch {
    // What is left hurts nobody; the next write comes by again.
  }
}

/** By the time of its last new name, not of its content: a writer may have stood still between the two. */
async function removeIfOld(fileSystem: WritingFileSystem, path: Buffer, now: bigint): Promise<void> {
  try {
    const stats = await fileSystem.lstat(path);
    if (stats.isFile() && now - stats.ctimeNs > KEPT_FOR) await fileSystem.unlink(path);
  } catch (error) {
    // Other writers tidy here too.
    if (!saysAbsent(error)) throw error;
  }
}
