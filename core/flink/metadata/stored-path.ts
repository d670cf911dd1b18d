import { type FlinkPath, parseFlinkPath, resolveReference } from '../state-path.ts';

/** Any directory: whether a relative path can be put after one does not depend on which. */
const SOME_DIRECTORY: FlinkPath = { scheme: 's3', authority: 'bucket', path: '/directory' };

/**
 * Whether Flink could build its `Path` of a stored one; where it can't, it can't read the file. Says without taking
 * them apart that the two forms are good that make up all but a few paths: a URL, and a bare file name.
 */
export function isStoredPath(path: string, relative: boolean): boolean {
  if (relative) {
    return /^[^:/\\]+$/.test(path) || resolveReference({ path, relative }, SOME_DIRECTORY) !== null;
  }
  return beginsAsUrl(path) || parseFlinkPath(path) !== null;
}

/** Whether a path is a stored one by how it begins, whatever follows. */
export function beginsAsUrl(path: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(path);
}
