/** `_metadata` files with what Flink's own reader says of them: see test/fixtures/vectors/README.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SnapshotKind } from '#core/flink/metadata/model.ts';

export const VECTORS = fileURLToPath(new URL('../fixtures/vectors', import.meta.url));

export interface ReadOperator {
  readonly id: string;
  readonly name: string | null;
  readonly uid: string | null;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly fullyFinished: boolean;
  /** Indexes of those with state. */
  readonly subtasks: readonly number[];
  readonly finishedSubtasks: readonly number[];
  /** The size of its state by Flink's own count, and how much of it this checkpoint wrote. */
  readonly stateBytes: number;
  readonly newBytes: number;
}

export interface WhatFlinkRead {
  readonly formatVersion: number;
  /** A Java long: in JSON as text, or as a number with more digits than a number of ours has. */
  readonly checkpointId: string | number;
  readonly fileLength: number;
  /** Bytes that Flink has left unread. */
  readonly trailingBytes: number;
  readonly properties: null | {
    readonly isSavepoint: boolean;
    readonly sharing: string;
    readonly savepointFormat?: string;
  };
  /** How many handles there are of each class. */
  readonly handleKinds: Readonly<Record<string, number>>;
  readonly fileReferences: number;
  readonly inlineBytes: number;
  /** In the order of Flink's hash map. */
  readonly operators: readonly ReadOperator[];
  /** Resolved. */
  readonly distinctPaths: readonly string[];
}

/** What stands in the `.expected.json` of a vector. */
export type Expected =
  | { readonly error: string }
  | (WhatFlinkRead & { readonly error?: undefined; readonly pointer: string });

export interface Vector {
  readonly name: string;
  readonly bytes: Buffer;
  /** As it is written. */
  readonly text: string;
  readonly expected: Expected;
}

/** @param folder none is read below it */
export function vectorsIn(folder: string): readonly Vector[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.metadata'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.metadata'.length);
      const text = readFileSync(join(folder, `${name}.expected.json`), 'utf8');
      return { name, text, bytes: readFileSync(join(folder, file)), expected: JSON.parse(text) as Expected };
    });
}

export function kindOf(properties: WhatFlinkRead['properties']): SnapshotKind {
  if (properties === null) {
    return 'unknown';
  }
  if (properties.isSavepoint) {
    return properties.savepointFormat === 'NATIVE' ? 'savepoint-native' : 'savepoint-canonical';
  }
  return properties.sharing === 'FORWARD' ? 'full-checkpoint' : 'checkpoint';
}

/** As our reader summarises it. */
export function operatorOf(operator: ReadOperator) {
  return {
    id: operator.id,
    name: operator.name,
    uid: operator.uid,
    parallelism: operator.parallelism,
    maxParallelism: operator.maxParallelism,
    subtasks: operator.subtasks.length,
    finishedSubtasks: operator.finishedSubtasks.length,
    finished: operator.fullyFinished,
  };
}
