/**
 * How a package holds the bundles: what several functions need lies there once. `npm run build` gives every function a
 * folder with all of its files instead.
 */

/** The file that says which files belong to which function. */
export const SHARED_BUNDLES = 'bundles.json';

/** For each function its files, as they are called in the folder of the function and in that of the package. */
export type SharedBundles = Readonly<Record<string, Readonly<Record<string, string>>>>;
