import { directoryPath } from '#core/collect/root-reading.ts';
import type { Root } from '#core/collect/roots.ts';
import type { FileReference, StatePlace } from '#core/flink/metadata/model.ts';
import { NamedFiles } from '#core/states/named-files.ts';
import { OperatorBytesCounter } from '#core/states/operator-bytes.ts';
import { nameOf } from '#operations/look/root-view.ts';
import { type AgainInput, readRootAgain } from './read-root-again.ts';
import { type RootStateView, viewOperators } from './root-state-view.ts';

/** A counter of the state of a root, and the root against which it counts what is new. */
export interface Counting {
  readonly counter: OperatorBytesCounter;
  /** The last folder of that root's directory; null where none is known, and Flink's own count stands. */
  readonly since: string | null;
}

/**
 * Begins to count the state of a root, what is new in it since the root before if that can still be read.
 *
 * @param roots of its job, newest first.
 * @throws StoreError
 */
export async function beginCounting(input: AgainInput, root: Root, roots: readonly Root[]): Promise<Counting> {
  const before = checkpointBefore(root, roots);
  if (before === null) return { counter: new OperatorBytesCounter(), since: null };
  const named = new NamedFiles(directoryPath(input.area, before));
  if (!(await readRootAgain(input, before, named))) return { counter: new OperatorBytesCounter(), since: null };
  const directory = directoryPath(input.area, root);
  const earlier = { has: (reference: FileReference) => named.has(reference, directory) };
  return { counter: new OperatorBytesCounter(earlier), since: nameOf(before.directory) };
}

/** The state of a root by operator; null where that root is gone. @throws StoreError */
export async function countOperators(
  input: AgainInput,
  root: Root,
  roots: readonly Root[],
): Promise<RootStateView | null> {
  const { counter, since } = await beginCounting(input, root, roots);
  const visitor = {
    reference: (reference: FileReference, place: StatePlace): void => counter.reference(reference, place),
    state: (place: StatePlace, bytes: number, newBytes: number): void => counter.state(place, bytes, newBytes),
  };
  return (await readRootAgain(input, root, visitor)) ? viewOperators(counter.operators(), since) : null;
}

/** Savepoints share no files with what comes after them. */
function checkpointBefore(root: Root, roots: readonly Root[]): Root | null {
  const isEarlier = (one: Root): boolean =>
    one.state === 'read' && one.class.role === 'checkpoint' && one.completed < root.completed;
  return root.class.role === 'checkpoint' ? (roots.find(isEarlier) ?? null) : null;
}
