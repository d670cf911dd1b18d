import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Rules that are no row of a table, and how the unsafe build alone gets a switch for each: a condition is put into its
 * code.
 */
export const SWITCHES = {
  /** Whether a second path of a directory makes an area undecidable. */
  'second paths': {
    file: 'core/collect/decidability.ts',
    at: 'export function hiddenRoots(entries: readonly HiddenEntry[]): readonly Undecidable[] {\n  return entries.map(',
    flag: 'unsafeSecondPaths',
    off: 'export function hiddenRoots(entries: readonly HiddenEntry[]): readonly Undecidable[] {\n  return entries.filter(({ secondPath }) => !globalThis.unsafeSecondPaths || secondPath === undefined).map(',
  },
  /** Whether another ledger's marker refuses a run. */
  'foreign markers': {
    file: 'operations/run/foreign-markers.ts',
    at: 'export function refuseOthers(found: readonly FoundMarker[], ledger: Ledger, ours: MarkerSpot | null = null): void {\n',
    flag: 'unsafeForeignMarkers',
    off: 'export function refuseOthers(found: readonly FoundMarker[], ledger: Ledger, ours: MarkerSpot | null = null): void {\n  if (globalThis.unsafeForeignMarkers) return;\n',
  },
} as const;

/** @param top the folder of the project */
export function withSwitches(top: string): Plugin {
  return {
    name: 'unsafe switches',
    setup(build) {
      for (const { file, at, off } of Object.values(SWITCHES)) {
        const filter = new RegExp(`${file.replaceAll('/', '[\\\\/]').replaceAll('.', '\\.')}$`);
        build.onLoad({ filter }, async () => {
          const text = await readFile(join(top, file), 'utf8');
          if (!text.includes(at)) throw new Error(`${file} has no "${at}", so this rule can't be switched off.`);
          return { contents: text.replace(at, off), loader: 'ts' };
        });
      }
    },
  };
}
