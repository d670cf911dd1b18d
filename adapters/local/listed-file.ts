import { Buffer } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import type { ListedObject, SpecialEntry } from '#ports/object-store.ts';
import { errnoOf, shown } from './failures.ts';
import { decodeFileName } from './file-name.ts';
import type { FileSystem } from './file-system.ts';
import { joinPath } from './root-folder.ts';

/** What a root is called; anything else can't hide one by its own name. */
const ROOT_NAME = '_metadata';
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/**
 * Changes whenever the file may have changed: with its size, with a write (by the nanoseconds of its mtime), and with
 * another file put in its place, even one of the same size and time (by the inode).
 */
export function etagOf(stats: BigIntStats): string {
  return [stats.size, stats.mtimeNs, stats.ino].map((number) => number.toString(16)).join('-');
}

export function modifiedOf(stats: BigIntStats): number {
  return Number(stats.mtimeNs / NANOSECONDS_PER_MILLISECOND);
}

/** A file as a folder shows it. */
export interface FoundFile {
  /** Of the directory that is listed, with all links resolved. */
  readonly root: Buffer;
  readonly path: Buffer;
  readonly key: string;
  /** Of the entry itself, not of what a link leads to. */
  readonly stats: BigIntStats;
}

/** Anything but a folder, as a listing shows it. */
export async function listedFile(fileSystem: FileSystem, { root, path, key, stats }: FoundFile): Promise<ListedObject> {
  const object = { key, bytes: 0, modified: modifiedOf(stats), etag: etagOf(stats) };
  if (stats.isFile()) return { ...object, bytes: Number(stats.size) };
  const isNamedAsRoot = key.slice(key.lastIndexOf('/') + 1) === ROOT_NAME;
  const special = stats.isSymbolicLink()
    ? await describeLink(fileSystem, root, path, isNamedAsRoot)
    : { what: kindOf(stats), mayHideRoots: isNamedAsRoot };
  return { ...object, special };
}

/** What there is in place of an ordinary file, in words. */
export function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

async function describeLink(
  fileSystem: FileSystem,
  root: Buffer,
  path: Buffer,
  isNamedAsRoot: boolean,
): Promise<SpecialEntry> {
  const target = decodeFileName(await fileSystem.readlink(path));
  const what = `a symbolic link to ${shown(target)}`;
  try {
    const stats = await fileSystem.stat(path);
    if (!stats.isDirectory()) return { what, mayHideRoots: isNamedAsRoot };
    const real = await fileSystem.realpath(path);
    return { what, mayHideRoots: !isInside(root, real) };
  } catch (error) {
    // A target that is not there may be a folder full of roots on a volume that is not mounted here; one that can't
    // be looked at may be anything. Only a link that can lead nowhere at all is harmless.
    const leadsNowhere = ['ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '');
    return { what, mayHideRoots: isNamedAsRoot || !leadsNowhere };
  }
}

function isInside(root: Buffer, path: Buffer): boolean {
  const below = joinPath(root, Buffer.alloc(0));
  return path.equals(root) || path.subarray(0, below.length).equals(below);
}
