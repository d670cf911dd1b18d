import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import type { FileReference, SnapshotKind } from '#core/flink/metadata/model.ts';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { parseFlinkPath, printFlinkPath, resolveReference } from '#core/flink/state-path.ts';

// The vectors are kept outside the repository: `_metadata` files with what Flink's own reader says of them.
const directory = process.env.STEWARD_VECTORS ?? fileURLToPath(new URL('../../../shared/vectors', import.meta.url));

interface ExpectedOperator {
  readonly id: string;
  readonly name: string | null;
  readonly uid: string | null;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly fullyFinished: boolean;
  readonly subtasks: readonly number[];
  readonly finishedSubtasks: readonly number[];
}

type Expected =
  | { readonly error: string }
  | {
      readonly error?: undefined;
      readonly formatVersion: number;
      readonly pointer: string;
      readonly fileLength: number;
      readonly trailingBytes: number;
      readonly properties: null | {
        readonly isSavepoint: boolean;
        readonly sharing: string;
        readonly savepointFormat?: string;
      };
      readonly handleKinds: Readonly<Record<string, number>>;
      readonly fileReferences: number;
      readonly inlineBytes: number;
      readonly operators: readonly ExpectedOperator[];
      readonly distinctPaths: readonly string[];
    };

if (existsSync(directory)) {
  const names = readdirSync(directory)
    .filter((file) => file.endsWith('.metadata'))
    .map((file) => file.slice(0, -'.metadata'.length));

  describe('The vectors of Flink itself', () => {
    it('are there', () => {
      expect(names.length).toBeGreaterThan(0);
    });

    it.each(names)('%s is read as Flink reads it', (name) => {
      // Prepare
      const bytes = readFileSync(join(directory, `${name}.metadata`));
      const text = readFileSync(join(directory, `${name}.expected.json`), 'utf8');
      const expected: Expected = JSON.parse(text);

      if (expected.error !== undefined || expected.trailingBytes > 0) {
        // Act and assess
        expect(() => parseMetadata(bytes)).toThrow(MetadataError);
        return;
      }

      // Act
      const { summary, operators, references } = parseMetadata(bytes);

      // Assess
      expect(summary).toEqual({
        formatVersion: expected.formatVersion,
        // From the text, because a Java long can be more than a number holds.
        checkpointId: BigInt(/"checkpointId": (\d+)/.exec(text)?.[1] ?? -1),
        kind: kindOf(expected.properties),
        operators: expected.operators.length,
        references: expected.fileReferences,
        inlineBytes: BigInt(expected.inlineBytes),
        usesChangelog: Object.keys(expected.handleKinds).some((kind) => kind.includes('Changelog')),
        fileBytes: expected.fileLength,
      });
      expect(byId(operators)).toEqual(byId(expected.operators.map(operatorOf)));
      expect(references.length).toBe(expected.fileReferences);
      const paths = new Set(references.map((reference) => resolve(reference, expected.pointer)));
      expect([...paths].sort()).toEqual([...expected.distinctPaths].sort());
    });
  });
} else {
  it(`No vectors at ${directory}: nothing is checked here`, () => {
    console.log(`The conformance suite was not run: there are no vectors at ${directory} (set STEWARD_VECTORS).`);
    expect(existsSync(directory)).toBe(false);
  });
}

function kindOf(properties: null | { isSavepoint: boolean; sharing: string; savepointFormat?: string }): SnapshotKind {
  if (properties === null) {
    return 'unknown';
  }
  if (properties.isSavepoint) {
    return properties.savepointFormat === 'NATIVE' ? 'savepoint-native' : 'savepoint-canonical';
  }
  return properties.sharing === 'FORWARD' ? 'full-checkpoint' : 'checkpoint';
}

function operatorOf(operator: ExpectedOperator) {
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

/** The vectors list operators by id, files in the order of Flink's hash map. */
function byId<T extends { readonly id: string }>(operators: readonly T[]): T[] {
  return [...operators].sort((left, right) => (left.id < right.id ? -1 : 1));
}

function resolve(reference: FileReference, pointer: string): string {
  const directory = parseFlinkPath(pointer.slice(0, -'/_metadata'.length));
  const path = directory === null ? null : resolveReference(reference, directory);
  return path === null ? `${reference.path} does not resolve` : printFlinkPath(path);
}
