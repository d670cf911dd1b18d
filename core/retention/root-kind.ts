import type { Root } from '../collect/roots.ts';

/**
 * What retention takes a root for. `stray` is one that lies where Flink puts neither checkpoints nor savepoints and
 * does not say that it is a savepoint: somebody has put it there.
 */
export type RootKind = 'checkpoint' | 'savepoint' | 'stray';

/** By what it says of itself, and where that is unknown (formats 2 and 3) by where it lies. */
export function rootKind({ class: { role }, summary }: Root): RootKind {
  switch (summary?.kind) {
    case 'savepoint-canonical':
    case 'savepoint-native':
      return 'savepoint';
    case 'checkpoint':
    case 'full-checkpoint':
    case 'unknown':
    case undefined:
      return role === 'checkpoint' || role === 'savepoint' ? role : 'stray';
  }
}
