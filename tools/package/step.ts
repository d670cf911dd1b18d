/**
 * One thing that `npm run package` writes.
 *
 * @param folder is there. @returns the names of the files that it has written into it.
 */
export type Step = (folder: string) => Promise<readonly string[]>;
